"""Drafts about a company whose report names no place, beside a place that another report is of."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from qa.drafts import check_report
from qa.drafts.draft import draft_of
from qa.drafts.judging import DraftItem
from qa.drafts.ranking import Register, register_of
from qa.ledger import Ledger
from qa.ledger.build import figures_of
from qa.text.units import sentences_of
from tests.reports import report_of

COMPANY = "组织劳动竞赛19项，兑现奖金274万元。职工活动预算510万元，决算536万元。"
DISTRICT = "全区组织劳动竞赛60项，维权支出580万元。职工书屋41家。"


@pytest.fixture(scope="module")
def own() -> Register:
    company = replace(
        report_of(COMPANY, "甲.md", "", (2024, 2024)), organisation="岭海重型机械集团有限公司工会"
    )
    reports = (company, report_of(DISTRICT, "乙.md", "浙江省宁波市海曙区", (2024, 2024)))
    figures = (figure for report in reports for figure in figures_of(report, sentences_of(report)))
    return register_of(reports, Ledger(reports, figures))


def judged(register: Register, said: str) -> Mapping[str, DraftItem]:
    head = "岭海重型机械集团工会和海曙区总工会2024年情况\n\n"
    return {item.text: item for item in check_report(draft_of(head + said), register).items}


@pytest.mark.parametrize("name", ["岭海重型机械集团有限公司工会", "岭海重型机械工会", "岭海重机工会"])
def test_the_name_of_a_company_is_what_the_sentences_are_about(own: Register, name: str) -> None:
    told = judged(own, f"{name}组织劳动竞赛19项。职工活动决算536万元。海曙区职工书屋41家。")
    assert [(told[text].verdict, told[text].report) for text in ("19项", "536万元", "41家")] == [
        ("agrees", "甲.md"), ("agrees", "甲.md"), ("agrees", "乙.md"),
    ]  # fmt: skip


def test_what_the_other_report_says_is_not_said_of_the_company(own: Register) -> None:
    assert judged(own, "岭海重型机械工会组织劳动竞赛60项。")["60项"].verdict == "other_place"
    assert judged(own, "海曙区组织劳动竞赛60项。")["60项"].verdict == "agrees"


def test_by_how_much_something_is_more_is_worked_out_and_not_wrong(own: Register) -> None:
    told = judged(own, "岭海重型机械工会职工活动决算536万元，比预算多26万元。")
    assert (told["536万元"].verdict, told["26万元"].verdict) == ("agrees", "not_in_reports")


ROWS = "支出项目：职工活动；预算：510万元；决算：536万元\n\n支出项目：竞赛奖励；预算：320万元；决算：335万元"


@pytest.mark.parametrize(
    ("said", "text", "right"),
    [
        ("竞赛奖励决算335万元。", "335万元", None),
        ("竞赛奖励决算320万元。", "320万元", "335万元"),
        ("竞赛奖励预算335万元。", "335万元", "320万元"),
        ("职工活动支出决算536万元。", "536万元", None),
    ],
)
def test_the_labels_of_a_row_are_those_of_each_of_its_cells(said: str, text: str, right: str | None) -> None:
    report = report_of(ROWS, "甲.md", "浙江省宁波市", (2024, 2024))
    rows = tuple(replace(each, kind="table row") for each in report.paragraphs)
    report = replace(report, paragraphs=rows)
    register = register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))
    found = check_report(draft_of(f"宁波市总工会2024年情况\n\n{said}"), register).items[-1]
    assert (found.text, found.verdict, found.right) == (text, "differs" if right else "agrees", right)

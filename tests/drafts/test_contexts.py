"""Which place and years the sentences of a draft are about, if they compare or refer to those told before."""

import time
from collections.abc import Mapping

import pytest

from qa.drafts import check_report
from qa.drafts.draft import contexts, draft_of, figures_in_context
from qa.drafts.ranking import Register, register_of
from qa.ledger import Ledger
from qa.ledger.build import figures_of
from qa.text.units import sentences_of
from tests.reports import report_of

NINGBO = "全市建成职工书屋320家、爱心驿站150座，工会会员210万人。"
SHAOXING = "全市建成职工书屋210家、爱心驿站95座，工会会员130万人。"


@pytest.fixture(scope="module")
def of_two_places() -> Register:
    reports = (
        report_of(NINGBO, "甲.md", "浙江省宁波市", (2013, 2018)),
        report_of(SHAOXING, "乙.md", "浙江省绍兴市", (2018, 2023)),
        report_of("全市办夜校7所。", "丙.md", "浙江省舟山市", (2018, 2023)),
    )
    figures = (figure for report in reports for figure in figures_of(report, sentences_of(report)))
    return register_of(reports, Ledger(reports, figures))


def verdicts(register: Register, said: str, head: str) -> Mapping[str, str]:
    return {item.text: item.verdict for item in check_report(draft_of(f"{head}\n\n{said}"), register).items}


@pytest.mark.parametrize(
    "against",
    [
        "比绍兴多110家左右",
        "高于绍兴110家",
        "与绍兴相比多了110家",
        "比绍兴、舟山多",
        "比舟山和绍兴多",
        "比嘉兴、湖州以及绍兴多",  # of which there is no report
    ],
)
def test_a_place_that_something_is_compared_with_is_not_told_of_behind_it(
    of_two_places: Register, against: str
) -> None:
    said = f"全市建成职工书屋320家，{against}，工会会员210万人。爱心驿站有150座。"
    told = verdicts(of_two_places, said, "宁波市工会简报")
    assert [told[text] for text in ("320家", "210万人", "150座")] == ["agrees"] * 3


def test_a_place_that_is_told_of_stays_that_of_the_sentences_behind_it(of_two_places: Register) -> None:
    said = "绍兴有职工书屋210家。爱心驿站有150座。"
    assert verdicts(of_two_places, said, "宁波市工会简报")["150座"] == "other_place"


def test_the_last_term_that_something_is_compared_with_is_not_told_of_behind_it() -> None:
    reports = (
        report_of("开展普法宣讲480场。举办招聘会75次。", "甲.md", "浙江省宁波市", (2018, 2023)),
        report_of("开展普法宣讲160场。", "乙.md", "浙江省宁波市", (2013, 2018)),
    )
    figures = (figure for report in reports for figure in figures_of(report, sentences_of(report)))
    register = register_of(reports, Ledger(reports, figures))
    said = "志愿者上岗9600人次，是上届的三倍。举办招聘会75次。"
    assert verdicts(register, said, "宁波市总工会2018—2023年简报")["75次"] == "agrees"


def test_the_time_for_a_draft_of_many_years_grows_with_its_length_alone() -> None:
    def seconds(lines: int) -> float:
        text = "\n".join(f"{2003 + n % 17}年，甲{n}县新建职工书屋{n + 3}家。" for n in range(lines))
        draft = draft_of(text)
        started = time.process_time()
        assert sum(1 for _ in figures_in_context(draft, contexts(draft, {}))) == 3 * lines
        return time.process_time() - started

    seconds(50)
    assert seconds(800) < 8 * seconds(200)


def test_a_figure_of_the_term_before_among_those_of_the_next_one_is_of_another_time(
    register: Register,
) -> None:
    text = "温州市总工会工作汇报\n\n建成户外劳动者服务站点400多个，培育疗休养基地259家，提供法律援助3943件，“浙江工匠”143名。"
    told = {item.text: (item.verdict, item.right) for item in check_report(draft_of(text), register).items}
    assert told["3943件"] == ("other_term", "1.45万件")
    assert told["400多个"] == told["259家"] == told["143名"] == ("agrees", None)

"""A report that is not of a division's union is asked for by the name of its organisation, shortened or whole."""

from dataclasses import replace

import pytest

from qa.question import Catalogue, catalogue_of, understand
from qa.question.places import named_as
from qa.text.organisations import is_of_division, report_label
from qa.types import Place
from tests.reports import report_of

CITY = replace(
    report_of("# 苏州市总工会年报\n\n建成书屋12家。", "市.md", "苏州市", (2023, 2023)),
    organisation="苏州市总工会",
)
ZONE = replace(
    report_of("# 开发区工会年报\n\n建成书屋3家。", "区.md", "苏州市", (2023, 2023)),
    organisation="苏州太湖经济技术开发区总工会",
)
FIRM = replace(
    report_of("# 江岸精密机械集团工会年报\n\n评选“江岸工匠”5名。", "厂.md", "泉州市", (2023, 2023)),
    organisation="江岸精密机械集团有限公司工会",
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return catalogue_of((CITY, ZONE, FIRM))


@pytest.mark.parametrize(
    ("question", "report"),
    [
        ("江岸精密机械集团评选了多少名工匠？", "厂.md"),
        ("江岸机械集团评选了多少名工匠？", "厂.md"),
        ("江岸精机评选了多少名工匠？", "厂.md"),
        ("苏州太湖经开区建成多少家书屋？", "区.md"),
    ],
)
def test_a_shortened_name_leads_to_its_report(question: str, report: str, catalogue: Catalogue) -> None:
    names = {t.report_id: t.name for t in catalogue.terms}
    (scope,) = understand(question, (), catalogue).scopes
    assert [names[i] for i in scope.report_ids] == [report]


@pytest.mark.parametrize(
    ("organisation", "question", "nickname"),
    [
        ("岭南航空股份有限公司工会", "岭航2023年有多少会员？", "岭航"),
        ("岭南航空股份有限公司工会", "岭南地区有多少会员？", None),
        ("北岭钢铁集团工会", "北钢的技师有多少？", "北钢"),  # the dictionary knows it as an abbreviation
        ("北岭重工集团工会", "北岭2024年的安全生产怎么样？", "北岭"),
        ("北岭重工集团工会", "北岭治理得怎么样？", None),  # the hills
        ("北岭重工集团工会", "北岭和滨海谁的职工书屋多？", None),
        ("环境卫生集团工会", "环卫驿站建了多少家？", None),  # a trade
        ("贵阳市第九人民医院工会", "九医院的护士走的人多不多？", "九医院"),
        ("贵阳市第九人民医院工会", "九院呢？", "九院"),
        ("贵阳市第九人民医院工会", "医院有多少护士？", None),
        ("贵阳市第九人民医院工会", "人民医院有多少护士？", None),  # of which there are others
        ("贵阳市第九人民医院工会", "苏州人民医院有多少护士？", None),  # another one
        ("贵阳市第九人民医院工会", "第九次代表大会以来呢？", None),
    ],
)
def test_what_an_organisation_is_called_for_short(
    organisation: str, question: str, nickname: str | None
) -> None:
    span = named_as(organisation, question)
    assert (question[slice(*span)] if span else None) == nickname


def test_a_word_that_only_begins_alike_is_no_organisation(catalogue: Catalogue) -> None:
    (scope,) = understand("“江岸工匠”评选了多少名？", (), catalogue).scopes
    assert len(scope.report_ids) == 3


def test_two_organisations_are_compared(catalogue: Catalogue) -> None:
    query = understand("太湖经开区和江岸集团各建成多少家书屋？", (), catalogue)
    assert [s.label for s in query.scopes] == ["苏州太湖经济技术开发区（2023）", "江岸精密机械集团（2023）"]


def test_which_unions_are_those_of_divisions() -> None:
    assert is_of_division("苏州市总工会", "苏州市") and is_of_division("江苏省苏州市总工会", "苏州市")
    assert not is_of_division("苏州太湖经济技术开发区总工会", "苏州市") and not is_of_division("某厂工会", "")
    assert report_label(CITY) == "苏州（2023）"


TRADE = replace(
    report_of("# 江苏省能源化学工会年报\n\n建成书屋9家。", "业.md", "江苏省", (2023, 2023)),
    organisation="江苏省能源化学工会",
)


@pytest.mark.parametrize(
    ("question", "refused"),
    [
        ("江苏能化工会建成多少家书屋？", False),
        ("能源化学工会建成多少家书屋？", False),
        ("江苏那个产业工会建成多少家书屋？", False),
        ("江苏全省建成多少家书屋？", True),
    ],
)
def test_the_union_of_a_trade_is_not_that_of_its_province(question: str, refused: bool) -> None:
    query = understand(question, (), catalogue_of((TRADE, FIRM)))
    assert (query.refusal == "unknown_place") == refused
    if not refused:
        assert [s.label for s in query.scopes] == ["江苏省能源化学工会（2023）"]


def test_what_is_said_around_a_name_is_no_topic() -> None:
    query = understand("请问江岸集团怎样关心职工，谢谢", (), catalogue_of((TRADE, FIRM)))
    assert query.topic == "怎样关心职工"


def test_a_congress_by_its_short_name_chooses_the_term() -> None:
    old = report_of("# 苏州市工会第八次代表大会以来\n\n建成书屋5家。", "旧.md", "苏州市", (2013, 2018))
    new = report_of("# 苏州市工会第九次代表大会以来\n\n建成书屋9家。", "新.md", "苏州市", (2018, 2023))
    query = understand("苏州第九次工代会以来建成多少家书屋？", (), catalogue_of((old, new)))
    assert query.scopes[0].period == new.period


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    [
        ("苏州建成多少家书屋？", "江岸集团呢？", "江岸集团建成多少家书屋?"),
        ("江岸集团建成多少家书屋？", "那苏州呢？", "苏州建成多少家书屋?"),
        ("苏州建成多少家书屋？", "江岸集团评选了多少名工匠？", "江岸集团评选了多少名工匠?"),
    ],
)
def test_a_follow_up_goes_from_a_place_to_an_organisation_and_back(
    before: str, question: str, standalone: str, catalogue: Catalogue
) -> None:
    query = understand(question, (before,), catalogue)
    assert query.standalone == standalone and len(query.scopes) == 1


def test_a_company_is_a_group_of_its_own_wherever_it_is(catalogue: Catalogue) -> None:
    assert sorted([t.name for t in group] for group in catalogue.by_place) == [
        ["区.md"],
        ["厂.md"],
        ["市.md"],
    ]


def test_each_organisation_is_asked_which_has_most() -> None:
    nowhere = replace(FIRM, place=Place(""))
    query = understand("几家工会里哪家建成的书屋最多？", (), catalogue_of((CITY, nowhere)))
    assert [scope.label for scope in query.scopes] == ["江岸精密机械集团（2023）", "苏州（2023）"]

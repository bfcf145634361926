"""Years, terms and congresses lead to the right reports of a place."""

import pytest

from qa.question import Catalogue, catalogue_of, understand
from qa.question.catalogue import Term
from qa.question.periods import When, choose_terms, find_when
from qa.types import Period, Place
from tests.reports import report_of

FIRST, SECOND = ("苏州一.md",), ("苏州二.md",)
BOTH = FIRST + SECOND


def searched(question: str, catalogue: Catalogue) -> list[tuple[str, ...]]:
    names = {t.report_id: t.name for t in catalogue.terms}
    return [tuple(names[i] for i in s.report_ids) for s in understand(question, (), catalogue).scopes]


@pytest.mark.parametrize(
    ("when", "reports"),
    [
        ("2013年至2018年", FIRST),
        ("2013—2018年", FIRST),
        ("2013-2018", FIRST),
        ("从2018年到2023年", SECOND),
        ("2018－2023年", SECOND),
        ("2016年", FIRST),
        ("2013年", FIRST),
        ("2021年", SECOND),
        ("2023年底", SECOND),
        ("２０２１年", SECOND),
        ("2014年至2016年", FIRST),
    ],
)
def test_years_choose_the_term_that_they_lie_in(
    when: str, reports: tuple[str, ...], catalogue: Catalogue
) -> None:
    assert searched(f"苏州{when}建成多少家书屋？", catalogue) == [reports]


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("苏州上一届建成多少家书屋？", "苏州2013到2018年建成多少家书屋?"),
        ("苏州上一届那五年建成多少家书屋？", "苏州2013到2018年建成多少家书屋?"),
        # a follow-up that took over the years of this one
        ("苏州上一届2021年建成多少家书屋？", "苏州上一届2021年建成多少家书屋?"),  # a year of its own
        ("苏州上一届（2018—2023）建成多少家书屋？", "苏州2013到2018年(2018—2023)建成多少家书屋?"),
        (
            "苏州工会十六大之前那五年建成多少家书屋？",
            "苏州工会2018到2023年建成多少家书屋?",
        ),  # the next one
        ("苏州工会十九大之前那五年建成多少家书屋？", "苏州工会十九大之前那五年建成多少家书屋?"),  # some other
        ("苏州提前五年完成了吗？", "苏州提前五年完成了吗?"),
        ("苏州上届末有多少会员？", "苏州上届末有多少会员?"),  # a day
        ("苏州的书屋数是上一届的几倍？", "苏州的书屋数是上一届的几倍?"),  # of both terms
    ],
)
def test_the_last_term_is_asked_for_by_its_years(
    question: str, standalone: str, catalogue: Catalogue
) -> None:
    assert understand(question, (), catalogue).standalone == standalone


def test_a_place_with_one_term_has_no_last_one() -> None:
    only = report_of("# 昆山市工会年报\n\n建成书屋12家。", "昆山.md", "昆山市", (2018, 2023))
    asked = "昆山上一届建成多少家书屋?"
    assert understand(asked, (), catalogue_of((only,))).standalone == asked


def test_the_year_in_which_two_terms_meet_is_looked_for_in_both(catalogue: Catalogue) -> None:
    assert searched("苏州2018年建成多少家书屋？", catalogue) == [BOTH]


@pytest.mark.parametrize(
    ("when", "reports"),
    [
        ("上一届", FIRST),
        ("上届", FIRST),
        ("换届前", FIRST),
        ("前一个五年", FIRST),
        ("这一届", SECOND),
        ("本届", SECOND),
        ("目前", SECOND),
        ("近五年", SECOND),
        ("第十五次代表大会以来", SECOND),
        ("十五大以来", SECOND),
        ("第十五次代表大会召开前", FIRST),
        ("第十五次代表大会之前的五年", FIRST),
    ],
)
def test_words_for_terms(when: str, reports: tuple[str, ...], catalogue: Catalogue) -> None:
    assert searched(f"苏州{when}建成多少家书屋？", catalogue) == [reports]


@pytest.mark.parametrize(
    "question",
    [
        "苏州两届各建成多少家书屋？",
        "苏州两个五年各建成多少家书屋？",
        "苏州上一届和这一届各建成多少家书屋？",
        "苏州2013年到2018年、2018年到2023年各建成多少家书屋？",
        "苏州2018到2023年建成的书屋比上一届多多少？",
        "苏州2013年到2023年建成多少家书屋？",
        "苏州2015年和2020年各建成多少家书屋？",
        "苏州十五大之前的五年和十五大之后的五年各建成多少家书屋？",
        "苏州十五大前建成多少家书屋，十五大以后又建成多少家？",
    ],
)
def test_two_terms_are_two_scopes_oldest_first(question: str, catalogue: Catalogue) -> None:
    query = understand(question, (), catalogue)
    assert searched(question, catalogue) == [FIRST, SECOND]
    assert [s.label for s in query.scopes] == ["苏州（2013–2018）", "苏州（2018–2023）"]
    assert query.kind in ("comparison", "computation")  # the years of both terms may be added up


@pytest.mark.parametrize("since", ["2018年以来", "从2018年算起，", "2018年以后"])
def test_since_a_year_is_the_term_that_begins_with_it(since: str, catalogue: Catalogue) -> None:
    (scope,) = understand(f"苏州{since}建成多少家书屋？", (), catalogue).scopes
    assert scope.label == "苏州（2018–2023）" and scope.topic == "建成多少家书屋?"


@pytest.mark.parametrize("term", ["十五大之前那五年，", "第十五次代表大会召开前的五年", "十五大以后"])
def test_the_congress_that_names_a_term_is_nothing_that_is_asked_for(term: str, catalogue: Catalogue) -> None:
    (scope,) = understand(f"苏州{term}建成多少家书屋？", (), catalogue).scopes
    assert scope.topic == "建成多少家书屋?"
    summed = understand(f"苏州工会{term}替职工打官司，牵涉到的钱加起来是多少？", (), catalogue)
    assert not any("十五" in part.topic for part in summed.parts), summed.parts


@pytest.mark.parametrize(
    ("term", "years"),
    [
        ("十五大之前那五年，", "2013到2018年"),
        ("2013年起到十五大召开前，", "2013到2018年"),
        ("2013年以后到十五大前", "2013到2018年"),
        ("开第十五次代表大会前夕", "2013到2018年"),
        ("第十五次代表大会以来", "2018到2023年"),
        ("党的十五大以后", ""),
        ("十六大以后", ""),
        ("第一二次代表大会以后", ""),
    ],
)
def test_a_term_named_by_its_congress_is_read_by_its_years(
    term: str, years: str, catalogue: Catalogue
) -> None:
    asked = understand(f"苏州{term}建成多少家书屋？", (), catalogue).standalone
    assert asked.startswith(f"苏州{years or term}"), asked


@pytest.mark.parametrize(
    ("when", "reports"),
    [
        ("2018年以前那五年", FIRST),
        ("2018年之前的五年", FIRST),
        ("2018年以后的五年", SECOND),
        ("2017年换届以后的五年", SECOND),
        ("2015年前后", FIRST),
        ("2015年到2021年", BOTH),
    ],
)
def test_years_beside_a_year_are_a_range(when: str, reports: tuple[str, ...], catalogue: Catalogue) -> None:
    question = f"苏州{when}建成多少家书屋？"
    assert tuple(name for own in searched(question, catalogue) for name in own) == reports
    assert {s.topic for s in understand(question, (), catalogue).scopes} == {"建成多少家书屋?"}


def test_a_congress_itself_may_be_asked_for(catalogue: Catalogue) -> None:
    assert "第十五次代表大会" in understand("苏州工会第十五次代表大会什么时候开的？", (), catalogue).topic


def test_without_time_words_every_term_is_searched(catalogue: Catalogue) -> None:
    assert searched("苏州建成多少家书屋？", catalogue) == [BOTH]


@pytest.mark.parametrize(
    ("question", "outside"),
    [
        ("苏州2008年建成多少家书屋？", "2008年"),
        ("苏州2025年建成多少家书屋？", "2025年"),
        ("泉州2015年建成多少家书屋？", "2015年"),
        ("滨江区2022年有多少志愿者？", "2022年"),
        ("2001年建成多少家书屋？", "2001年"),
    ],
)
def test_years_outside_of_all_reports(question: str, outside: str, catalogue: Catalogue) -> None:
    query = understand(question, (), catalogue)
    assert (query.refusal, query.outside) == ("outside_period", outside)


def test_years_of_which_a_report_plans_some_are_not_outside_of_it() -> None:
    yearly = Term("1", "1.md", "", Place(""), Period(2025, 2025), frozenset(), frozenset({2025, 2026}))
    assert choose_terms(When((Period(2026, 2030),)), (yearly,)) == ((yearly,), False)
    assert choose_terms(When((Period(2027, 2030),)), (yearly,)) == ((yearly,), True)


def test_years_without_a_place_choose_among_all_reports(catalogue: Catalogue) -> None:
    assert searched("2015年建成多少家书屋？", catalogue) == [FIRST]
    assert searched("2023年建成多少家书屋？", catalogue) == [("江苏.md", "泉州.md", "滨江.md", *SECOND)]


def test_a_term_of_which_one_place_has_no_report(catalogue: Catalogue) -> None:
    assert searched("苏州和泉州2020年各建成多少家书屋？", catalogue) == [SECOND, ("泉州.md",)]
    assert understand("苏州和泉州2015年各建成多少家书屋？", (), catalogue).refusal is None


@pytest.mark.parametrize("words", ["党的二十大", "党的十九大", "十大行动", "“三十大比武”"])
def test_what_is_no_congress_of_the_union(words: str) -> None:
    assert find_when(f"{words}以来建成多少家书屋").congress == ""


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("第九次代表大会", "九"),
        ("第十六次工会代表大会", "十六"),
        ("工会十四大", "十四"),
        ("二十一大", "二十一"),
    ],
)
def test_the_number_of_a_congress(words: str, number: str) -> None:
    assert find_when(f"{words}以来建成多少家书屋").congress == number


@pytest.mark.parametrize(
    ("question", "periods", "rest"),
    [
        ("2018年至2023年建了几家", (Period(2018, 2023),), "建了几家"),
        ("2023至2018年建了几家", (Period(2018, 2023),), "建了几家"),
        ("2016年和2020年各几家", (Period(2016, 2016), Period(2020, 2020)), "和各几家"),
        ("发放20230元", (), "发放20230元"),
        ("第2018号文件", (Period(2018, 2018),), "第号文件"),
        ("", (), ""),
    ],
)
def test_years_are_read_and_taken_out(question: str, periods: tuple[Period, ...], rest: str) -> None:
    when = find_when(question)
    assert (when.periods, when.text) == (periods, rest)


def test_time_words_are_no_words_of_the_topic(catalogue: Catalogue) -> None:
    for when in ("2016年", "这五年来", "上一届", "截至目前"):
        assert understand(f"苏州{when}建成多少家书屋？", (), catalogue).topic == "建成多少家书屋?", when


@pytest.mark.parametrize(
    "question",
    [
        "苏州的书屋，后面那届五年比前面那届多了多少？",
        "苏州的书屋，后一届大约是前一届的几倍？",
        "苏州十五大之前的五年与之后的五年各建了几家书屋？",
    ],
)
def test_terms_named_twice_are_both(question: str, catalogue: Catalogue) -> None:
    assert searched(question, catalogue) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "question",
    ["苏州换届以前的那五年建了几家书屋？", "苏州今后五年和过去五年的书屋？", "苏州的第五届和第六届运动会"],
)
def test_one_term_is_not_two(question: str) -> None:
    assert find_when(question).relation != "both"


def test_years_of_two_digits(catalogue: Catalogue) -> None:
    assert searched("苏州13到18年建成多少家书屋？", catalogue) == [FIRST]
    assert searched("苏州21年建成多少家书屋？近20年呢？", catalogue) == [SECOND]

"""Filters of the caller narrow what is searched, whatever the question says."""

from dataclasses import replace

import pytest

from qa.question import Catalogue, catalogue_of, understand
from qa.types import Place, Query
from tests.reports import report_of


def names(query: Query, catalogue: Catalogue) -> set[str]:
    held = {t.report_id: t.name for t in catalogue.terms}
    return {held[i] for s in query.scopes for i in s.report_ids}


@pytest.mark.parametrize(
    "question", ["建成多少家书屋？", "苏州建成多少家书屋？", "泉州和苏州谁的书屋多？", "你好"]
)
@pytest.mark.parametrize(
    ("filters", "allowed"),
    [
        ({"place": "苏州市"}, {"苏州一.md", "苏州二.md"}),
        ({"place": "苏州"}, {"苏州一.md", "苏州二.md"}),
        ({"place": "江苏省"}, {"江苏.md", "苏州一.md", "苏州二.md"}),
        ({"period": (2013, 2018)}, {"苏州一.md"}),
        ({"period": (2021, 2021)}, {"江苏.md", "泉州.md", "苏州二.md"}),
        ({"report": "滨江.md"}, {"滨江.md"}),
        ({"place": "苏州市", "period": (2018, 2023)}, {"苏州二.md"}),
    ],
)
def test_nothing_outside_of_a_filter_is_searched(
    question: str, filters: dict[str, object], allowed: set[str], catalogue: Catalogue
) -> None:
    query = understand(question, (), catalogue, **filters)  # type: ignore[arg-type]
    held = {t.report_id: t.name for t in catalogue.terms}
    assert names(query, catalogue) <= allowed == {held[report] for report in query.within}
    own = filters == {"place": "江苏省"}  # those of its cities are searched behind its own
    assert query.refusal or names(query, catalogue) == allowed or own or "苏州" in question


def test_a_question_without_a_place_is_about_the_chosen_one(catalogue: Catalogue) -> None:
    asked = understand("建成多少家书屋", (), catalogue, place="江苏省")
    assert asked.standalone == "江苏建成多少家书屋" and names(asked, catalogue) == {"江苏.md"}
    for question in ("苏州建成多少家书屋", "谢谢", "各地建成多少家书屋"):
        assert understand(question, (), catalogue, place="江苏省").standalone == question


def test_filters_that_fit_no_report_leave_nothing_to_search(catalogue: Catalogue) -> None:
    query = understand("建成多少家书屋？", (), catalogue, place="泉州市", period=(2010, 2013))
    assert names(query, catalogue) == set()


def test_a_report_named_by_its_title_is_searched_alone(catalogue: Catalogue) -> None:
    query = understand("《泉州市工会五年工作》里骑手叫什么？", (), catalogue)
    assert names(query, catalogue) == {"泉州.md"} and "五年工作" not in query.topic


def test_a_title_that_no_report_bears_is_a_word_of_the_topic(catalogue: Catalogue) -> None:
    query = understand("《工会志愿服务办法》是哪年印发的？", (), catalogue)
    assert len(names(query, catalogue)) == 5 and "工会志愿服务办法" in query.topic


def test_a_report_without_place_and_years_is_searched_when_none_is_named() -> None:
    catalogue = catalogue_of([report_of("# 某厂工会小结\n\n办了夜校3期。", "小结.md")])
    query = understand("办了几期夜校？", (), catalogue)
    assert names(query, catalogue) == {"小结.md"} and query.refusal is None
    assert understand("苏州办了几期夜校？", (), catalogue).refusal == "unknown_place"


def test_an_empty_library_has_nothing_to_search() -> None:
    query = understand("办了几期夜校？", (), catalogue_of(()))
    assert [s.report_ids for s in query.scopes] == [()]


def test_a_filter_set_later_says_where_not_the_place_asked_before(catalogue: Catalogue) -> None:
    history = ("宁波建成多少家书屋？",)
    assert understand("那夜校有几期？", history, catalogue).refusal == "unknown_place"
    filtered = understand("那夜校有几期？", history, catalogue, place="泉州市")
    assert filtered.refusal is None and names(filtered, catalogue) == {"泉州.md"}
    within = understand("那夜校有几期？", ("苏州建成多少家书屋？",), catalogue, place="江苏省")
    assert names(within, catalogue) == {"苏州一.md", "苏州二.md"}


def test_a_place_that_only_a_report_knows_is_a_place() -> None:
    report = report_of("# 青石市总工会2021—2025年工作报告\n\n青石市总工会建成石上书房137个。", "青石.md")
    catalogue = catalogue_of([replace(report, place=Place("青石市", (), "city"))])
    for question in ("青石市建成书房多少个？", "青石建成书房多少个？"):
        query = understand(question, ("宁波有多少家书屋？",), catalogue)
        assert query.refusal is None and [s.place and s.place.name for s in query.scopes] == ["青石市"]


def test_a_whole_question_under_a_filter_takes_nothing_but_its_place_over(catalogue: Catalogue) -> None:
    earlier = ("苏州和泉州谁举办的竞赛多？", "无锡有多少家职工书屋？")
    query = understand("建立“园区枫桥”机制的工业园区有多少个？", earlier, catalogue, place="苏州市")
    assert query.standalone.removeprefix("苏州") == "建立“园区枫桥”机制的工业园区有多少个?"

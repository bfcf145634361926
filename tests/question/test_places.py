"""A question is searched in the reports of its places: their own, those inside, those that mention it."""

import pytest

from qa.question import Catalogue, catalogue_of, understand
from qa.question.places import find_where, is_quoted
from tests.reports import report_of

SUZHOU = ("苏州一.md", "苏州二.md")
ALL = ("江苏.md", "泉州.md", "滨江.md", *SUZHOU)


def searched(question: str, catalogue: Catalogue) -> list[tuple[str, ...]]:
    names = {t.report_id: t.name for t in catalogue.terms}
    return [tuple(names[i] for i in s.report_ids) for s in understand(question, (), catalogue).scopes]


@pytest.mark.parametrize(
    ("question", "reports"),
    [
        ("泉州建成多少家书屋？", ("泉州.md",)),
        ("泉州市总工会建成多少家书屋？", ("泉州.md",)),
        ("苏州建成多少家书屋？", SUZHOU),
        ("江苏省的苏州市建成多少家书屋？", SUZHOU),
        ("江苏办了多少场赛？", ("江苏.md",)),
        ("建成多少家书屋？", ALL),
    ],
)
def test_a_place_with_reports_of_its_own(
    question: str, reports: tuple[str, ...], catalogue: Catalogue
) -> None:
    assert searched(question, catalogue) == [reports]


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("四个地方的书屋各有多少家？", "书屋多少家"),
        ("各地建成多少家书屋？", "建成多少家书屋"),
        ("写一段，各地的驿站建设情况", "驿站建设情况"),
    ],
)
def test_words_that_stand_for_all_places_ask_of_each(question: str, topic: str, catalogue: Catalogue) -> None:
    query = understand(question, (), catalogue)
    assert sorted(searched(question, catalogue)) == sorted((name,) for name in ALL)
    assert query.unnamed
    assert {scope.topic.strip("?？") for scope in query.scopes} == {topic}


@pytest.mark.parametrize(
    "question", ["各级工会建成多少家书屋？", "泉州各县建成多少家书屋？", "各类竞赛办了多少场？"]
)
def test_words_that_only_look_so_do_not(question: str, catalogue: Catalogue) -> None:
    assert len(searched(question, catalogue)) == 1


@pytest.mark.parametrize(
    ("question", "report"),
    [("福建建成多少家书屋？", "泉州.md"), ("杭州有多少名志愿者？", "滨江.md")],
)
def test_a_place_above_leads_to_the_reports_inside(question: str, report: str, catalogue: Catalogue) -> None:
    query = understand(question, (), catalogue)
    assert searched(question, catalogue) == [(report,)]
    assert query.refusal is None and query.scopes[0].mention == ""


@pytest.mark.parametrize(
    "question",
    ["福建省总工会建成多少家书屋？", "福建全省建成多少家书屋？"],
)
def test_a_province_as_a_whole_is_not_its_city_nor_another_province(
    question: str, catalogue: Catalogue
) -> None:
    query = understand(question, (), catalogue)
    assert (query.refusal, query.outside.removesuffix("省")) == ("unknown_place", "福建")


@pytest.mark.parametrize(
    ("question", "report", "mention"),
    [
        ("姑苏区建成多少家书屋？", "苏州一.md", "姑苏"),
        ("晋江的骑手叫什么名字？", "泉州.md", "晋江"),
        ("江苏盐城的司机有了什么？", "江苏.md", "盐城"),
        ("昆山新建工会多少家？", "苏州二.md", "昆山"),
    ],
)
def test_a_place_that_is_only_mentioned(
    question: str, report: str, mention: str, catalogue: Catalogue
) -> None:
    (scope,) = understand(question, (), catalogue).scopes
    assert searched(question, catalogue) == [(report,)]
    assert scope.mention == mention and mention in scope.topic


def test_a_district_beside_its_city_is_a_word_of_the_topic(catalogue: Catalogue) -> None:
    (scope,) = understand("苏州的姑苏区建成多少家书屋？", (), catalogue).scopes
    assert scope.place is not None and scope.place.name in ("苏州市", "姑苏区")
    assert "姑苏" in scope.topic


def test_a_place_elsewhere_that_only_reports_of_another_mention_belongs_to_what_is_asked() -> None:
    text = "# 泉州市工会五年工作\n\n泉州到赣州的铁路花了90亿元，帮扶甘肃、青海的两个县。"
    catalogue = catalogue_of((report_of(text, "泉州.md", "泉州市", (2018, 2023)),))
    (scope,) = understand("泉州到赣州的铁路花了多少钱？", (), catalogue).scopes
    assert scope.place is not None and scope.place.name == "泉州市" and "赣州" in scope.topic
    (scope,) = understand("泉州帮扶的是甘肃、青海哪两个县？", (), catalogue).scopes
    assert scope.place is not None and scope.place.name == "泉州市" and "甘肃" in scope.topic
    assert len(understand("泉州和赣州谁的书屋多？", (), catalogue).scopes) == 2
    assert len(understand("泉州、甘肃、青海谁的书屋多？", (), catalogue).scopes) == 3


@pytest.mark.parametrize("question", ["南昌建成多少家书屋？", "黑龙江省建成多少家书屋？", "拉萨的书屋"])
def test_an_unknown_place_is_said_to_be_unknown(question: str, catalogue: Catalogue) -> None:
    query = understand(question, (), catalogue)
    assert query.refusal == "unknown_place" and query.outside in question
    assert searched(question, catalogue) == [ALL]  # what comes nearest is looked for everywhere


@pytest.mark.parametrize(
    "question", ["杭州亚运期间滨江区组织了多少志愿者？", "滨江区为杭州亚运组织了多少志愿者？"]
)
def test_the_scene_of_an_event_is_not_what_is_asked_for(question: str, catalogue: Catalogue) -> None:
    (scope,) = understand(question, (), catalogue).scopes
    assert scope.place is not None and scope.place.name == "滨江区"
    assert "亚运" in scope.topic


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("盐城宝妈一枚，孩子想送托班。江苏省办赛多少场？", ["江苏省"]),
        ("江苏省办赛多少场？我在盐城跑货车", ["江苏省"]),
        ("江苏省办赛多少场？盐城呢？", ["盐城市"]),  # the part of it that is asked for
        ("盐城的货车司机有什么，江苏省是怎么说的？", ["盐城市"]),
        ("我在苏州跑货车，江苏省办赛多少场？", ["苏州市", "江苏省"]),  # which has reports of its own
        ("宁波的我有了，江苏省办赛多少场？", ["江苏省", "宁波市"]),  # elsewhere: unknown
    ],
)
def test_a_place_told_of_where_nothing_is_asked_does_not_narrow_the_one_around_it(
    question: str, places: list[str], catalogue: Catalogue
) -> None:
    found = find_where(question, catalogue)
    assert [*(n.place.name for n in found.named), *(f"{name}市" for name in found.unknown)] == places


def test_two_places_are_two_scopes_in_the_order_of_the_question(catalogue: Catalogue) -> None:
    assert searched("泉州和苏州各建成多少家书屋？", catalogue) == [("泉州.md",), SUZHOU]
    assert searched("苏州、泉州谁的书屋更多？", catalogue) == [SUZHOU, ("泉州.md",)]


@pytest.mark.parametrize(
    ("question", "report"),
    [("全省办赛多少场？", "江苏.md"), ("省总工会办赛多少场？", "江苏.md"), ("全区有多少志愿者？", "滨江.md")],
)
def test_a_level_word_stands_for_the_only_place_of_its_level(
    question: str, report: str, catalogue: Catalogue
) -> None:
    assert searched(question, catalogue) == [(report,)]


def test_a_level_word_that_fits_two_places_chooses_none(catalogue: Catalogue) -> None:
    assert searched("全市建成多少家书屋？", catalogue) == [ALL]


def test_a_level_word_beside_a_place_is_a_second_place(catalogue: Catalogue) -> None:
    assert searched("省里和苏州各办赛多少场？", catalogue) == [("江苏.md",), SUZHOU]
    assert searched("苏州与全省各办赛多少场？", catalogue) == [SUZHOU, ("江苏.md",)]


@pytest.mark.parametrize(
    "question", ["想写个对比：疗休养人数，江苏全省/苏州/泉州", "疗休养人数：江苏、苏州、泉州"]
)
def test_signs_between_places_are_no_words_of_the_topic(question: str, catalogue: Catalogue) -> None:
    query = understand(question, (), catalogue)
    assert query.topic == "疗休养人数" and len(query.scopes) == 3


def test_the_whole_province_of_a_place_is_no_other_province(catalogue: Catalogue) -> None:
    assert searched("泉州和全省各办赛多少场？", catalogue) == [("泉州.md",)]


@pytest.mark.parametrize(
    "question",
    [
        "新建工会多少家？",
        "市工会会同总工会办了几场招聘会？",
        "参加互助职工多少人？",
        "公安工会多少家？",
        "技能大赛比武都搞了多少场？",
        "翻修了几个旧小区？",
    ],
)
def test_words_that_hold_the_name_of_a_place_are_none(question: str, catalogue: Catalogue) -> None:
    query = understand(question, (), catalogue)
    assert query.refusal is None and searched(question, catalogue) == [ALL]


def test_the_place_is_no_word_of_the_topic(catalogue: Catalogue) -> None:
    assert understand("请问泉州市建成多少家书屋？", (), catalogue).topic == "建成多少家书屋?"


@pytest.mark.parametrize(
    "text",
    [
        "“‘最美’泉州人”",
        "“江苏‘十佳’泉州”",
        "《“最美”泉州》",
        "“《最美》泉州”",
        "「『最美』泉州人」",
        "‘泉州工匠’",
    ],
)
def test_a_mark_inside_a_quoted_name_does_not_end_it(text: str) -> None:
    start = text.index("泉州")
    assert is_quoted(text, start, start + 2)
    assert not is_quoted(f"{text}泉州", len(text), len(text) + 2)


def test_a_place_inside_a_quoted_name_stays_in_the_topic(catalogue: Catalogue) -> None:
    query = understand("泉州的“泉州工匠”评了多少名？", (), catalogue)
    assert "“泉州工匠”" in query.scopes[0].topic


@pytest.mark.parametrize("question", ["苏州和南昌各建成多少家书屋？", "南昌、苏州谁的书屋多？"])
def test_an_unknown_place_beside_a_known_one_is_a_scope_with_nothing_to_search(
    question: str, catalogue: Catalogue
) -> None:
    query = understand(question, (), catalogue)
    assert query.refusal is None and query.kind == "comparison"
    assert sorted(searched(question, catalogue)) == [(), SUZHOU]
    assert {s.label for s in query.scopes} == {"苏州", "南昌"} and "南昌" not in query.topic


def test_the_divisions_above_are_no_words_of_the_topic(catalogue: Catalogue) -> None:
    assert "浙江" not in understand("浙江的滨江区有多少志愿者？", (), catalogue).topic

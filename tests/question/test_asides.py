"""Where a person is or comes from is no place that is asked for."""

from dataclasses import replace

import pytest

from qa.question import Catalogue, catalogue_of, meanings
from qa.question.asides import without_asides, without_background, without_idle_clauses
from qa.text.divisions import find
from tests.reports import report_of


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("我在杭州开旅行社，想问问泉州工会组织了多少人疗养？", "泉州市"),
        ("我住在宁波这边，想打听一下苏州现在有多少会员？", "苏州市"),
    ],
)
def test_the_place_amid_an_aside_goes(question: str, place: str) -> None:
    assert [found.name for *_, found in find(without_background(question))] == [place]


def test_a_clause_that_asks_nothing_goes_with_its_time_if_another_is_asked_about() -> None:
    asked = "苏州职工的人均收入到2025年是多少元？"
    assert without_idle_clauses(f"{asked}我记得2020年才两万七") == asked
    alone = "苏州职工的人均收入是多少元？我记得2020年才两万七"
    assert without_idle_clauses(alone) == alone


def test_what_is_counted_is_no_aside() -> None:
    assert without_asides("南岭县手工制茶比赛有多少人上场？评出了几个技术能手").endswith("几个技术能手")


@pytest.mark.parametrize(
    "question",
    [
        "我在苏州开小厂，想问全市给企业省了多少钱？",
        "请问苏州、泉州各有多少会员？",
        "听说苏州办了法律援助，泉州呢，办了多少件？",
    ],
)
def test_the_only_place_and_places_side_by_side_stay(question: str) -> None:
    assert without_background(question) == question


@pytest.mark.parametrize(
    "question",
    [
        "想了解苏州，也想了解泉州，妈妈小屋有多少个？",
        "领导要苏州的，也要泉州的，妈妈小屋有多少个？",
        "我是苏州的，想知道我们的妈妈小屋和泉州的比谁多？",
        pytest.param(
            "我在苏州打工，老家在泉州，两地的书屋有多少？",
            marks=pytest.mark.xfail(reason="the question reader takes where somebody works for an aside"),
        ),
        "听说苏州不错，请问比泉州多几家职工书屋？",
    ],
)
def test_places_that_are_asked_for_or_compared_stay(question: str) -> None:
    assert without_background(question) == question


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("杭州宝妈一枚，想把娃送托班。苏州现在有几个托位呀？", "苏州现在有几个托位呀？"),
        ("写山区的报道，要核个数：苏州搬迁了多少户、多少人？", "苏州搬迁了多少户、多少人？"),
        ("苏州棉花总产多少？我是纱厂采购", "苏州棉花总产多少？"),
        ("我们苏州老房子没电梯，2025年计划加装多少部？", "我们苏州老房子没电梯，2025年计划加装多少部？"),
        ("今年苏州建了几家书屋，去年呢？", "今年苏州建了几家书屋，去年呢？"),
    ],
)
def test_clauses_that_ask_nothing_go_unless_they_alone_name_the_place(question: str, rest: str) -> None:
    assert without_idle_clauses(question) == rest


def test_a_whole_question_is_followed_by_itself_without_what_asks_nothing() -> None:
    catalogue = Catalogue(())
    told = list(meanings("写山区的报道，要核个数：苏州搬迁了多少户？", (), catalogue))
    assert [(one.standalone, one.shortened) for one in told] == [
        ("写山区的报道,要核个数:苏州搬迁了多少户?", False),
        ("苏州搬迁了多少户?", True),
    ]
    assert len(list(meanings("苏州搬迁了多少户？", (), catalogue))) == 1


def test_a_shortened_question_asks_of_no_other_report() -> None:
    reports = (
        report_of("# 辽河重型机械集团有限公司工会2023年工作报告\n\n会员500人。", "甲.md", "", (2023, 2023)),
        report_of("# 苏州市总工会2023年工作报告\n\n建成书屋132家。", "乙.md", "苏州市", (2023, 2023)),
    )
    own = replace(reports[0], organisation="辽河重型机械集团有限公司工会")
    asked = meanings("我是辽河重机的职工，想问建了多少家职工书屋？", (), catalogue_of((own, reports[1])))
    assert [one.shortened for one in asked] == [False]

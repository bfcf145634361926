"""Scopes are searched on their own, filters inside the search; order is total and stable."""

from __future__ import annotations

import pytest

from qa.index import Index
from qa.question import catalogue_of, understand
from qa.retrieval import found_and_ranked, interleave, search, search_scope
from qa.types import Hit, Part, Query, Report, Scope
from tests.reports import memory_index, report_of

NANTONG = report_of(
    """# 南通市总工会工作报告

## 一、权益保障

受理法律援助案件2160件，帮农民工追回工资3870万元。调解劳动争议520起。

## 二、生活服务

全市建成爱心驿站612个，骑手歇脚有了去处。

在如皋，工会把驿站开进物流园。

园区的司机从此喝上热水。

午休的床铺也添了十张。

夜里还亮着一盏灯。

这盏灯亮了三年。

## 三、文化

办起职工夜校46所，课程由职工来点。
""",
    "南通.md",
    "南通市",
    (2018, 2023),
)
HUZHOU = report_of(
    """# 湖州市总工会工作报告

## 一、维权

办理法律援助1340件，案件满意率为97%。

## 二、驿站

为户外劳动者建起驿站388个。

## 三、夜校

夜校开到厂区，五年结业1.2万人。
""",
    "湖州.md",
    "湖州市",
    (2019, 2023),
)


@pytest.fixture(scope="module")
def index() -> Index:
    return memory_index([NANTONG, HUZHOU])


def scope(topic: str, *reports: Report, mention: str = "") -> Scope:
    return Scope("", None, None, tuple(r.id for r in reports), topic, mention)


def texts(hits: tuple[Hit, ...]) -> list[str]:
    return [h.paragraph.text for h in hits]


@pytest.mark.parametrize(
    ("topic", "begins"),
    [
        ("法律援助办了多少件", "受理法律援助案件"),
        ("夜校有几所", "办起职工夜校"),
        ("外卖骑手休息的地方有多少个", "全市建成爱心驿站"),
        ("替农民工讨薪多少钱", "受理法律援助案件"),
    ],
)
def test_the_best_passage_answers(topic: str, begins: str, index: Index) -> None:
    assert texts(search_scope(index, scope(topic, NANTONG), 3))[0].startswith(begins)


def test_a_sentence_of_a_report_finds_its_own_paragraph(index: Index) -> None:
    for report in (NANTONG, HUZHOU):
        for paragraph in report.paragraphs:
            best = search_scope(index, scope(paragraph.text, NANTONG, HUZHOU), 1)[0]
            assert best.paragraph == paragraph and best.report == report


@pytest.mark.parametrize("report", [NANTONG, HUZHOU])
def test_only_the_reports_of_the_scope_are_searched(report: Report, index: Index) -> None:
    hits = search_scope(index, scope("法律援助、驿站和夜校", report), 50)
    assert hits and {h.report.id for h in hits} == {report.id}


def test_a_filter_is_pushed_into_the_search() -> None:
    """Better matches outside of the scope, more than are ever fused, do not crowd out what is inside."""
    crowd = "\n\n".join(f"第{n}镇办起职工夜校{n}所。" for n in range(2, 402))
    loud = report_of(f"# 别处的报告\n\n{crowd}\n", "别处.md", "泰州市", (2018, 2023))
    crowded = memory_index([loud, HUZHOU])
    (hit,) = search_scope(crowded, scope("职工夜校办起几所", HUZHOU), 1)
    assert hit.paragraph.text.startswith("夜校开到厂区")


@pytest.mark.parametrize("k", [1, 2, 3, 1000])
def test_k_passages_at_most_and_no_more_than_there_are(k: int, index: Index) -> None:
    hits = search_scope(index, scope("夜校", HUZHOU), k)
    assert len(hits) == min(k, len(HUZHOU.paragraphs))
    assert len({h.paragraph.number for h in hits}) == len(hits)


def test_no_passages_where_none_are_wanted(index: Index) -> None:
    assert search_scope(index, scope("夜校", HUZHOU), 0) == ()


def test_fewer_passages_are_the_first_of_more(index: Index) -> None:
    asked = scope("驿站建了多少个", NANTONG, HUZHOU)
    everything = search_scope(index, asked, 20)
    for k in range(len(everything)):
        assert search_scope(index, asked, k) == everything[:k]


@pytest.mark.parametrize(
    "empty",
    [
        scope("夜校"),
        scope("", NANTONG),
        scope("  \n", NANTONG),
        scope("夜校", NANTONG, mention="喀什"),
        Scope("", None, None, ("not a report",), "夜校"),
    ],
)
def test_an_empty_scope_finds_nothing(empty: Scope, index: Index) -> None:
    assert search_scope(index, empty, 5) == ()


def test_an_empty_index_finds_nothing() -> None:
    assert search_scope(memory_index([]), scope("夜校", NANTONG), 5) == ()


def test_words_that_no_report_holds_still_find_something_by_meaning(index: Index) -> None:
    assert search_scope(index, scope("qwerty", NANTONG), 3)


def test_scores_fall_and_hits_are_whole(index: Index) -> None:
    hits = search_scope(index, scope("法律援助案件和驿站", NANTONG, HUZHOU), 20)
    fused = [h.scores.fused for h in hits]
    assert fused == sorted(fused, reverse=True)
    for hit in hits:
        assert hit.paragraph in hit.report.paragraphs
        assert len(hit.sentences) >= len(hit.matched) == len(hit.sentence_scores) > 0
        assert list(hit.sentence_scores) == sorted(hit.sentence_scores, reverse=True)
        assert -1.001 <= hit.scores.dense <= 1.001 and hit.scores.sparse >= 0
        for sentence in hit.sentences:
            assert hit.paragraph.text[sentence.start : sentence.end] == sentence.text


def test_the_best_sentence_of_a_passage_comes_first(index: Index) -> None:
    best = search_scope(index, scope("劳动争议调解了多少起", NANTONG), 1)[0]
    assert best.sentences[0].text == "调解劳动争议520起。"


def test_ties_go_by_document_order() -> None:
    same = "\n\n".join(["办起夜校46所。"] * 6)
    twins = [report_of(f"# 夜校\n\n{same}\n", name) for name in ("甲.md", "乙.md")]
    hits = search_scope(memory_index(twins), scope("办起几所夜校", *twins), 12)
    assert [(h.report.source.name, h.paragraph.number) for h in hits] == [
        (name, number) for name in ("甲.md", "乙.md") for number in range(6)
    ]


def test_the_same_search_gives_the_same_hits(index: Index) -> None:
    asked = scope("驿站和夜校", NANTONG, HUZHOU)
    again = memory_index([NANTONG, HUZHOU])
    assert search_scope(index, asked, 10) == search_scope(index, asked, 10) == search_scope(again, asked, 10)


def test_the_order_in_which_a_scope_names_its_reports_is_nothing_to_the_search(index: Index) -> None:
    assert search_scope(index, scope("驿站", NANTONG, HUZHOU), 10) == search_scope(
        index, scope("驿站", HUZHOU, NANTONG), 10
    )


def test_a_place_that_is_only_mentioned_is_told_of_where_it_is_named_and_right_after(index: Index) -> None:
    told = texts(search_scope(index, scope("如皋的驿站", NANTONG, HUZHOU, mention="如皋"), 20))
    assert told[0].startswith("在如皋")
    assert set(told) == {
        "在如皋，工会把驿站开进物流园。",
        "园区的司机从此喝上热水。",
        "午休的床铺也添了十张。",
        "夜里还亮着一盏灯。",
    }


def test_a_story_ends_with_its_heading() -> None:
    report = report_of("# 年报\n\n## 一、走访\n\n走进如皋的工厂。\n\n## 二、财务\n\n经费收入36万元。\n")
    assert texts(search_scope(memory_index([report]), scope("如皋的工厂", report, mention="如皋"), 9)) == [
        "走进如皋的工厂。"
    ]


def test_every_scope_of_a_query_is_searched_in_its_order(index: Index) -> None:
    scopes = (scope("夜校", HUZHOU), scope("夜校", NANTONG), scope("夜校"))
    query = Query("问", "问", "夜校", "夜校", "comparison", (), scopes)
    first, second, third = search(index, query, 2)
    assert {h.report.id for h in first} == {HUZHOU.id} and {h.report.id for h in second} == {NANTONG.id}
    assert len(first) == len(second) == 2 and third == ()


def test_each_thing_that_is_asked_of_a_scope_is_searched_for_too(index: Index) -> None:
    topics = ("法律援助办了多少件", "夜校有几所")
    parts = tuple(Part(topic, None, "figure", topic=topic) for topic in topics)
    query = Query("问", "问", "驿站", "驿站", "figure", parts, (scope("驿站", NANTONG),))
    (hits,) = search(index, query, 4)
    assert [text[:4] for text in texts(hits)][::3] == ["全市建成", "办起职工"] and len(hits) == 4
    assert [text[:4] for text in texts(hits)][2] == "受理法律"


def test_interleave_takes_turns_and_every_passage_once(index: Index) -> None:
    one = search_scope(index, scope("夜校", HUZHOU), 3)
    two = search_scope(index, scope("夜校", NANTONG), 3)
    assert interleave((one, two), 4) == (one[0], two[0], one[1], two[1])
    assert interleave((one, one), 9) == one
    assert interleave((one, ()), 2) == one[:2]
    assert interleave((), 5) == interleave(((), ()), 5) == ()
    assert interleave((one, two), 0) == ()


def test_searching_leaves_the_index_as_it_was(index: Index) -> None:
    vectors, sentences = index.dense.vectors.copy(), index.sentences
    search_scope(index, scope("驿站", NANTONG), 5)
    assert (index.dense.vectors == vectors).all() and index.sentences is sentences


def test_a_place_that_is_inferred_ranks_and_hides_nothing() -> None:
    from tests.reports import Desk, report_of

    own = report_of(
        "# 太仓市总工会工作报告\n\n办理法律援助案件97件。\n\n慰问职工三百人。\n",
        "太仓.md",
        "太仓市",
        (2019, 2023),
    )
    other = report_of("# 见闻\n\n太仓图书馆夜里十点关门，读者很多。\n", "见闻.md")
    desk = Desk.over(own, other)
    query = desk.understand("太仓图书馆夜里几点关门？")
    found, passages = found_and_ranked(desk.index, query, 5)
    assert found == search(desk.index, query, 5)
    assert all(hit.report.id == own.id for hits in found for hit in hits)
    assert passages[0].report.id == other.id


def test_a_filter_that_a_person_sets_hides() -> None:
    from tests.reports import sample

    reports = sample().index.reports
    query = understand("漳州的法律援助办了多少件？", (), catalogue_of(reports), place="温州市")
    shown = search_scope(sample().index, Scope("", None, None, query.within, query.standalone), 20)
    assert shown
    assert {hit.report.place.name for hit in shown} == {"温州市"}

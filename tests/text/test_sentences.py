"""Sentences end where Chinese sentences end, never inside a figure, a title or a bracket."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.text.figures import figures
from qa.text.sentences import holding, split_clauses, split_sentences


def sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in split_sentences(text)]


def clauses(text: str) -> list[str]:
    return [text[a:b] for a, b in split_clauses(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("参保36.58万人。增长92.3%！还要努力？", ["参保36.58万人。", "增长92.3%！", "还要努力？"]),
        ("他说：“工会真好。”大家鼓掌。", ["他说：“工会真好。”", "大家鼓掌。"]),
        ("门口写着“职工之家！”）后面是书屋。", ["门口写着“职工之家！”）", "后面是书屋。"]),
        (
            "印发《做好夏季慰问。试行办法》一份。次年修订。",
            ["印发《做好夏季慰问。试行办法》一份。", "次年修订。"],
        ),
        ("表彰先进（含市级。省级！）共9名。", ["表彰先进（含市级。省级！）共9名。"]),
        ("名单(甲;乙)已公布；下月颁奖。", ["名单(甲;乙)已公布；", "下月颁奖。"]),
        ("讲了又讲……终于听懂", ["讲了又讲……", "终于听懂"]),
        ("一、抓学习\n二、抓服务\n", ["一、抓学习", "二、抓服务"]),
        ("（一）抓学习。（二）抓服务。", ["（一）抓学习。", "（二）抓服务。"]),
        ("第十五次代表大会于8:30开幕，到会1,234人。", ["第十五次代表大会于8:30开幕，到会1,234人。"]),
        ("没有句号的一行", ["没有句号的一行"]),
        (" \n　", []),
        ("”。。！", []),
        ("", []),
    ],
)
def test_sentences(text: str, wanted: list[str]) -> None:
    assert sentences(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("共1,234人，其中女工2,001人；", ["共1,234人，", "其中女工2,001人；"]),
        ("重点：帮扶,维权。", ["重点：", "帮扶,", "维权。"]),
        ("出台《关于维权，帮扶的意见》，已执行", ["出台《关于维权，帮扶的意见》，", "已执行"]),
        ("惠及职工（含骑手，司机）8万人", ["惠及职工（含骑手，司机）8万人"]),
        ("早上8:30到，12,345元到账", ["早上8:30到，", "12,345元到账"]),
    ],
)
def test_clauses(text: str, wanted: list[str]) -> None:
    assert clauses(text) == wanted


def test_an_offset_between_two_clauses_is_held_by_the_one_before() -> None:
    text = "建成3家。 ……其中省级2家。"
    first, second = split_clauses(text)
    assert [holding((first, second), at) for at in range(len(text))] == [
        second if at >= second[0] else first for at in range(len(text))
    ]
    assert holding((second,), 0) == second and holding((), 3) == (3, 3)


def test_an_unclosed_bracket_shelters_nothing() -> None:
    assert sentences("见《办法。第二句。") == ["见《办法。", "第二句。"]
    assert sentences("见（附件。第二句。") == ["见（附件。", "第二句。"]


PIECES = st.lists(
    st.sampled_from(
        [
            "参保36.58万人次",
            "1,234人",
            "92.3%",
            "三项",
            "《工会法》",
            "（次）",
            "“好”",
            "8:30",
            "abc",
            "……",
            "。”",
            *"。！；，\n ”）《",
        ]
    ),
    max_size=14,
).map("".join)


@given(st.one_of(PIECES, st.text(max_size=80)))
@settings(max_examples=300)
def test_pieces_are_in_order_disjoint_and_lose_no_word(text: str) -> None:
    for split in (split_sentences, split_clauses):
        spans = split(text)
        assert all(0 <= a < b <= len(text) for a, b in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        assert all(text[a:b] == text[a:b].strip() for a, b in spans)
        inside = {i for a, b in spans for i in range(a, b)}
        assert {i for i, c in enumerate(text) if c.isalnum()} <= inside


@given(PIECES)
@settings(max_examples=200)
def test_no_figure_is_cut(text: str) -> None:
    spans = split_clauses(text)
    for figure in figures(text):
        if "\n" not in figure.text:
            assert any(a <= figure.start and figure.end <= b for a, b in spans), (text, figure)


def test_a_text_without_an_end_is_cut_between_words() -> None:
    """A file of millions of characters on one line must not become one sentence, which takes gigabytes to embed."""
    clauses = "各级工会走访企业，" * 400
    assert all(text.endswith("，") for text in pieces(clauses))
    words = "alpha beta " * 400
    assert all(text.split()[0] in ("alpha", "beta") for text in pieces(words))
    for text in (clauses, words, "啊" * 2_500, "1" * 1_001):
        assert "".join(pieces(text)).replace(" ", "") == text.replace(" ", "")
        assert max(map(len, pieces(text))) <= 1000
    assert len(pieces("字" * 1000)) == 1


def pieces(text: str) -> list[str]:
    return [text[a:b] for a, b in split_sentences(text)]


def test_a_slogan_is_no_two_clauses() -> None:
    for text in ("以“学好本领，干好本行”为题，举办比武。", '按照"一年起步,两年成形"的思路,抓好落实'):
        assert len(split_clauses(text)) == 2, text
    assert len(split_clauses("他说：“先学会。再教人，不着急。”大家笑了。")) > 3  # speech is cut

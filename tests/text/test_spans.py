"""Whatever white space and asterisks a source is damaged with, a piece leads back to its characters."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from qa.text.spans import kept, locate, without_blanks
from qa.types import Paragraph
from tests.reports import report_of, source_at

DAMAGE = st.text(" \n\t*　\u00a0", max_size=3)
SENTENCE = st.text("新建职工书屋86家，惠及4.5万人次。（全市）“红色”", min_size=1, max_size=40)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, Paragraph]:
    """A source whose paragraph is broken by white space, with foreign text before, between and behind."""
    source, spans, text = draw(st.text("标题 *\n", max_size=6)), [], ""
    for _ in range(draw(st.integers(1, 4))):
        start = len(source)
        for character in draw(SENTENCE):
            source += draw(DAMAGE) + character
            text += character + draw(st.sampled_from(["", "", "", " ", "*"]))
        spans.append((start, len(source)))
        source += draw(st.sampled_from(["", "\n\n", "图：别处的说明\n", "42"]))
    return source, Paragraph("r", 0, (), text, "prose", tuple(spans))


@given(damaged(), st.data())
@settings(max_examples=150)
def test_characters_at_the_spans_equal_the_piece(case: tuple[str, Paragraph], data: st.DataObject) -> None:
    source, paragraph = case
    start = data.draw(st.integers(0, len(paragraph.text)))
    end = data.draw(st.integers(start, len(paragraph.text)))
    spans = locate(paragraph, source, start, end)
    assert without_blanks("".join(source[a:b] for a, b in spans)) == without_blanks(paragraph.text[start:end])
    assert all(a < b for a, b in spans)
    assert all(kept(source[a]) and kept(source[b - 1]) for a, b in spans)
    allowed = {i for a, b in paragraph.spans for i in range(a, b)}
    assert {i for a, b in spans for i in range(a, b)} <= allowed
    assert all(one[1] <= two[0] for one, two in pairwise(spans))


def test_a_sentence_across_two_columns_has_two_spans() -> None:
    source = "全市建成书屋\n【图】读书会\n86家，*惠及*职工。"
    paragraph = Paragraph("r", 0, (), "全市建成书屋86家，惠及职工。", "prose", ((0, 6), (14, len(source))))
    spans = locate(paragraph, source, 4, 10)
    assert [source[a:b] for a, b in spans] == ["书屋", "86家，"]


def test_an_empty_piece_is_nowhere() -> None:
    paragraph = Paragraph("r", 0, (), "慰问职工", "prose", ((0, 4),))
    assert locate(paragraph, "慰问职工", 2, 2) == ()


def test_the_helper_of_these_tests_keeps_its_promise() -> None:
    report = report_of(
        "# 年报\n\n## 一、帮扶\n\n  慰问职工86人，\n  发放慰问金3万元。\n\n第二段。\n", place="苏州市"
    )
    first, second = report.paragraphs
    assert first.text == "慰问职工86人，发放慰问金3万元。" and first.heading == ("一、帮扶",)
    assert source_at(report, first.spans) == first.text and len(first.spans) == 2
    assert source_at(report, second.spans) == "第二段。"
    assert report.place.parents == ("江苏省",)

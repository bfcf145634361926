"""The arrays of an index say what its records say."""

from __future__ import annotations

from tests.reports import memory_index, report_of

FIRST = report_of(
    "# 甲\n\n## 一、夜校\n\n办起夜校46所。结业1.2万人。\n\n课表贴在门口。\n\n## 二、驿站\n\n建成12个。\n",
    "甲.md",
)
SECOND = report_of("# 乙\n\n## 一、夜校\n\n走访300户。慰问26人。\n", "乙.md")


def test_every_row_leads_to_its_paragraph_and_back() -> None:
    index = memory_index([FIRST, SECOND])
    layout = index.layout
    for row, sentence in enumerate(index.sentences):
        paragraph = layout.paragraphs[layout.paragraph_of[row]]
        assert (paragraph.report_id, paragraph.number) == (sentence.report_id, sentence.paragraph)
        assert layout.number_of[sentence.report_id, sentence.paragraph] == layout.paragraph_of[row]
    assert layout.rows.tolist() == [0, 2, 3, 4, 6]


def test_paragraphs_stand_in_the_text_behind_their_headings() -> None:
    layout = memory_index([FIRST, SECOND]).layout
    for at, paragraph in enumerate(layout.paragraphs):
        piece = layout.text[layout.starts[at] : layout.starts[at + 1]]
        assert piece.startswith(paragraph.heading[0]) and paragraph.text in piece
    assert layout.starts[-1] == len(layout.text)
    assert layout.paragraphs_of == {FIRST.id: range(3), SECOND.id: range(3, 4)}


def test_equal_headings_of_two_reports_are_distinguished() -> None:
    first, second, other, elsewhere = memory_index([FIRST, SECOND]).layout.heading_of.tolist()
    assert first == second
    assert len({first, other, elsewhere}) == 3


def test_an_empty_index_has_an_empty_layout() -> None:
    layout = memory_index([]).layout
    assert layout.paragraphs == () and layout.text == "" and layout.starts.tolist() == [0]

"""Any text goes through the whole path: what comes out can be led back to the characters that went in."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from qa.errors import QAError
from qa.index import Index
from qa.index.segment import reports_from_lines, sentence_lines, sentences_from_lines, to_lines
from qa.question import catalogue_of, understand
from qa.reading import read_report
from qa.retrieval import search
from qa.text.spans import without_blanks
from tests.hardening.conftest import Tried
from tests.hardening.indexes import ENCODER
from tests.hardening.sizes import sizes
from tests.reports import memory_index

SENTENCE = "五年来，全市办理法律援助案件1234件。"
pieces = st.one_of(
    st.text(
        st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60
    ),  # anything that a file can hold
    st.text(
        "第一二章节（）、。，：；“”\n\r\t 0123456789%.#|*-—～万亿元个件年月\u3000\u200b\ufeff", max_size=60
    ),
    st.sampled_from(
        [SENTENCE, "\n\n", "\r\n", "# 一、", "| 1 | 2 |", "<b>", "\x00", "\u202e", "👩‍👩‍👧", "e\u0301", "㎡"]
    ),
)
texts = st.lists(pieces, min_size=1, max_size=12).map("".join)
questions = st.one_of(texts, st.just("办理法律援助案件多少件？"))


def through(text: str, question: str, folder: Path) -> Index | None:
    """The index of a file with this text; None where the reader says why it reads nothing."""
    path = folder / "报告.txt"
    path.write_bytes(text.encode())
    try:
        report = read_report(path, {})
    except QAError:
        return None
    index = memory_index([report], ENCODER)
    assert reports_from_lines(to_lines([report])) == (report,)
    assert sentences_from_lines(sentence_lines(index.sentences), [report]) == index.sentences
    assert_led_back(index)
    query = understand(question, (), catalogue_of(index.reports))
    for hits in search(index, query, 5):
        assert all(hit.report == report for hit in hits)
    return index


def assert_led_back(index: Index) -> None:
    """Every paragraph is what stands at its spans, but for white space and marks; every sentence a piece of one."""
    for report in index.reports:
        for paragraph in report.paragraphs:
            assert all(0 <= a < b <= len(report.source.text) for a, b in paragraph.spans)
            source = "".join(report.source.text[a:b] for a, b in paragraph.spans)
            assert without_blanks(source) == without_blanks(paragraph.text)
    for sentence, at in zip(index.sentences, index.layout.paragraph_of.tolist(), strict=True):
        paragraph = index.layout.paragraphs[at]
        assert paragraph.text[sentence.start : sentence.end] == sentence.text


@sizes(150, 5_000)
def test_any_text_maps_back(tried: Tried, n: int) -> None:
    read = 0

    @settings(
        max_examples=n,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(texts, questions)
    def check(text: str, question: str) -> None:
        nonlocal read
        with TemporaryDirectory() as folder:
            read += through(text, question, Path(folder)) is not None

    check()
    tried(texts=n, read=read)

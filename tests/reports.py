"""Reports in memory for tests: a few lines of Markdown become records with exact spans; no file, no mock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from embeddings import Encoder, open_encoder
from embeddings.dense import DenseIndex
from embeddings.sparse import Postings, SparseIndex, counted
from embeddings.words import words
from qa.answering.answer import answer
from qa.answering.refusal import refuse
from qa.checking import check
from qa.index import Index
from qa.index.retrievers import LocalDense, Words, layout_of
from qa.index.work import combined_words, draft_of, pieces_of
from qa.library import SAMPLE_REPORTS
from qa.question import Catalogue, catalogue_of, understand
from qa.reading import read_report
from qa.retrieval import found_and_ranked, interleave, search, with_nearest
from qa.text.divisions import get
from qa.text.spans import without_blanks
from qa.text.units import sentences_of
from qa.types import Answer, Paragraph, Period, Place, Query, Report, Source, Span

__all__ = ["Desk", "assert_sound", "memory_index", "report_of", "sample", "source_at"]


@dataclass(frozen=True)
class Desk:
    """Some reports, indexed, and the stages in a row."""

    index: Index
    catalogue: Catalogue

    @classmethod
    def over(cls, *reports: Report) -> Desk:
        return cls(memory_index(reports), catalogue_of(reports))

    def understand(self, question: str, *history: str) -> Query:
        return understand(question, history, self.catalogue)

    def ask(self, question: str, *history: str) -> Answer:
        return check(self.write(question, *history), self.index.by_id, " ".join((*history, question)))

    def ask_in_full(self, question: str, *history: str) -> Answer:
        """The answer as it is given, where it is sure enough."""
        query = self.understand(question, *history)
        found = search(self.index, query, 20)
        told = answer(self.index, query, found, interleave(found, 20))
        return check(told, self.index.by_id, " ".join((*history, question)))

    def write(self, question: str, *history: str) -> Answer:
        """The likeliest answer, however sure it is, before it is checked."""
        query = self.understand(question, *history)
        found = search(self.index, query, 20)
        return answer(self.index, query, found, interleave(found, 20), least=0.0)

    def nearest(self, question: str) -> str:
        """The passages that are shown beside the answer where it is none."""
        query = self.understand(question)
        _, passages = found_and_ranked(self.index, query, 20)
        refused = with_nearest(refuse(query, "no_support", passages, self.index.reports))
        return "\n".join(shown.text for shown in refused.nearest)


def memory_index(reports: Iterable[Report], encoder: Encoder | None = None) -> Index:
    """Reports, in this order, as an index of which nothing is written; by default with the shipped encoder."""
    encoder = encoder or open_encoder(None)
    kept = tuple(reports)
    sentences = tuple(s for report in kept for s in sentences_of(report))
    vectors = encoder.encode_passages([s.search_text for s in sentences])
    lists = combined_words(kept, sentences, counted(map(words, pieces_of(sentences))))
    layout = layout_of(kept, sentences)
    paragraphs = sum(len(report.paragraphs) for report in kept)
    return Index(
        name="",
        folder=Path(),
        manifest=replace(draft_of(None, encoder), paragraphs=paragraphs, sentences=len(sentences)),
        reports=kept,
        sentences=sentences,
        layout=layout,
        dense=LocalDense(DenseIndex.build(vectors), vectors, layout.paragraph_of),
        words=Words(*(SparseIndex([Postings.of(each)]) for each in lists)),
        encoder=encoder,
    )


def report_of(text: str, name: str = "报告.md", place: str = "", years: Sequence[int] = ()) -> Report:
    """A report out of ``# title``, ``## heading`` and paragraphs that blank lines part.

    A paragraph may be broken into lines; its text has none of the breaks, its spans lead over them.

    Args:
        place: a division by its full name, or ``""``.
        years: the first and the last year, or none.
    """
    identity = sha256((name + text).encode()).hexdigest()[:16]
    title, headings = "", dict[int, str]()
    paragraphs: list[Paragraph] = []
    lines: list[Span] = []

    def close() -> None:
        if lines:
            said = "".join(text[a:b] for a, b in lines)
            path = tuple(headings[level] for level in sorted(headings))
            paragraphs.append(Paragraph(identity, len(paragraphs), path, said, "prose", tuple(lines)))
            lines.clear()

    at = 0
    for line in text.splitlines(keepends=True):
        start, at = at, at + len(line)
        said = line.strip()
        if not said or said.startswith("#"):
            close()
        if said.startswith("# "):
            title = said[2:]
        elif said.startswith("#"):
            level = len(said) - len(said.lstrip("#"))
            headings = {n: h for n, h in headings.items() if n < level} | {level: said.lstrip("# ")}
        elif said:
            first = start + line.index(said)
            lines.append((first, first + len(said)))
    close()
    return Report(
        id=identity,
        source=Source(name, "md", "utf-8", text, sha256(text.encode()).hexdigest()),
        title=title,
        subtitle="",
        organisation=f"{place}总工会",
        place=(get(place) or Place(place)) if place else Place(""),
        period=Period(years[0], years[-1]) if years else None,
        inferences=(),
        paragraphs=tuple(paragraphs),
    )


@lru_cache(maxsize=1)
def sample() -> Desk:
    """The bundled sample reports, indexed once for all tests."""
    return Desk.over(*(read_report(path) for path in sorted(SAMPLE_REPORTS.glob("*.md"))))


def source_at(report: Report, spans: Sequence[Span]) -> str:
    """The characters of the source at some spans, white space and ``*`` aside."""
    return without_blanks("".join(report.source.text[a:b] for a, b in spans))


def assert_sound(told: Answer, desk: Desk) -> None:
    """What holds for every answer: marks and citations pair up, quotes are copied, no figure is unsupported."""
    assert told.text.strip()
    marks = {int(m) for m in re.findall(r"\[(\d+)\]", told.text)}
    assert marks == {c.marker for c in told.citations} == set(range(1, len(told.citations) + 1))
    for citation in told.citations:
        report = desk.index.report(citation.report_id)
        assert source_at(report, citation.spans) == without_blanks(citation.quote), citation
        assert 8 <= len(without_blanks(citation.quote)) <= 300
        assert citation.report == report.source.name
        assert citation.place == report.place.name
        assert citation.period == report.period
    assert [f for f in told.figures if f.state == "unsupported"] == [] or told.abstained
    for figure in told.figures:
        assert figure.marker is None or figure.marker in marks
    passages = [(h.report.id, h.paragraph.number) for h in told.passages]
    assert len(passages) == len(set(passages))

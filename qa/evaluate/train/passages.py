"""Write rows for the reader: ``python -m qa.evaluate.train.passages [--proposed] [--taught] [--set QUESTIONS INDEX …] --output FILE``.

Each question for one place is put to the passages that the search finds for it, in the words in which it
is read there. A passage that holds the evidence and enough of the answer answers; one that holds neither does not; any
other is left out. So the passage reader learns to tell apart just those passages between which it has to choose.

``--proposed``: rows for the answer reader instead, the sentence of each answer that is proposed, with that marked.

``--taught``: the 18,080 questions on 134 reports that were invented to be learned from, in 163 sets by 174 writers; 1,440 ask
for two or three things at once, 3,760 (Z, F) in words far from the report's, 3,120 (N, P) in pairs of which one only seems to be
answered, 600 (R) as follow-ups are completed, 960 (S) for reasons, ways, names and lists, 1,900 (G) beside what is easily
mistaken for the answer, 560 (H) for the headline figures of government reports: last year's, this year's targets, five years'.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from embeddings.reader.train import passages as recipe
from embeddings.train.data import read_lines
from embeddings.words import in_words_of
from qa.answering.beside import without_stated_figures
from qa.answering.sureness.proposals import proposals
from qa.answering.sureness.span_answers import (
    READ,
    SpanAnswer,
    marked_row,
    read_passages,
    readable,
)
from qa.answering.wording import wording_of
from qa.evaluate.gold import Gold, read_gold
from qa.evaluate.train import parser_of
from qa.evaluate.train.sureness import is_right
from qa.index import Index, open_index, rebuild
from qa.question import catalogue_of, understand
from qa.question.asides import without_asides
from qa.retrieval import PASSAGES, found_and_ranked
from qa.text.figures import figures, is_year
from qa.text.sentences import split_clauses
from qa.text.units import context_of
from qa.types import Query, Span

TAUGHT = Path(recipe.__file__).with_name("taught")
RIVALS = 2  # other figures of a sentence that are marked as wrong
Row = dict[str, object]


def main() -> None:
    """Write the rows of all sets, one JSON object per line."""
    parser = parser_of(__doc__)
    names, about = ("QUESTIONS", "INDEX"), "a set and an index of its reports"
    parser.add_argument("--set", nargs=2, action="append", default=[], metavar=names, help=about)
    about = "sentences with a marked answer, not passages"
    parser.add_argument("--proposed", action="store_true", help=about)
    parser.add_argument("--taught", action="store_true", help="the questions of the recipe itself, too")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    with options.output.open("w", encoding="utf-8") as file, TemporaryDirectory() as scratch:
        for questions, folder in [*options.set, *(taught(Path(scratch)) if options.taught else ())]:
            index = open_index(Path(folder))
            catalogue = catalogue_of(index.reports)
            counts = [0, 0]
            for gold in read_gold(Path(questions)):
                query = understand(gold.question, gold.history, catalogue)
                for row in (proposed_rows if options.proposed else rows_of)(index, gold, query):
                    counts[bool(row["answered"])] += 1
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
            print(f"{Path(questions).name}: {counts[1]} rows answer, {counts[0]} do not", flush=True)


def taught(scratch: Path) -> Iterator[tuple[Path, Path]]:
    """Write the sets of the recipe one by one, and yield the questions and an index of the reports of each."""
    sets: dict[str, list[Row]] = {}
    for row in read_lines(TAUGHT / "questions.jsonl.xz"):
        sets.setdefault(row["set"], []).append(row)
    for report in read_lines(TAUGHT / "reports.jsonl.xz"):
        for name in report["sets"]:
            (scratch / name).mkdir(exist_ok=True)
            (scratch / name / report["name"]).write_text(report["text"], "utf-8")
    for name, rows in sets.items():
        questions, index = scratch / f"{name}.jsonl", scratch / f"{name} index"
        questions.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
        rebuild([scratch / name], index)
        yield questions, index


def rows_of(index: Index, gold: Gold, query: Query) -> Iterator[Row]:
    """Yield the rows of a question; none of a follow-up, a summary or a question for several places."""
    if _is_left_out(gold, query):
        return
    asked, own = without_asides(query.standalone), query.scopes[0].report_ids
    _, passages = found_and_ranked(index, query, PASSAGES)
    for rank, hit in enumerate(readable(query, passages)[:READ]):
        answered, spans, clause = _labels(gold, hit.paragraph.text)
        # as they are read: the first ones without place and year, too
        wordings = (asked, query.topic) if rank < READ // 2 and hit.report.id in own else (asked,)
        for words in dict.fromkeys(wordings) if answered is not None else ():
            yield {
                "question": in_words_of(f"{context_of(hit)} {hit.paragraph.text}", words),
                "context": context_of(hit),
                "passage": hit.paragraph.text,
                "answered": answered,
                "spans": spans,
                "clause": clause,
            }


def proposed_rows(index: Index, gold: Gold, query: Query) -> Iterator[Row]:
    """Yield a row for each answer that is proposed: its sentence answers if it is right and what is marked in it is asked for.

    Other figures of the sentence of a right one, marked in its place, do not answer.
    """
    if _is_left_out(gold, query):
        return
    plain, answered = without_stated_figures(query), dict[tuple[str, str, str], bool]()
    _, passages = found_and_ranked(index, query, PASSAGES)
    for one in proposals(plain, read_passages(plain, passages), passages, wording_of(index)):
        row, right = marked_row(one.found), is_right(gold, one.answer) and _asked_for(gold, one.found.text)
        answered[row] = answered.get(row, False) or right
        for other in _rivals(gold, one.found) if right else ():
            answered.setdefault(marked_row(other), False)
    for (question, context, sentence), right in answered.items():
        yield {
            "question": question,
            "context": context,
            "passage": sentence,
            "answered": right,
            "spans": (),
            "clause": None,
        }


def _asked_for(gold: Gold, text: str) -> bool:
    return any(words in text or text in words for group in gold.groups for words in group)


def _rivals(gold: Gold, found: SpanAnswer) -> Iterator[SpanAnswer]:
    """Yield up to two other figures of the sentence of what was found that are not asked for."""
    first, last = found.sentence
    others = (f for f in figures(found.read.hit.paragraph.text) if first <= f.start < last and not is_year(f))
    apart = (f for f in others if f not in found.figures and not _asked_for(gold, f.text))
    for figure in islice(apart, RIVALS):
        span = (figure.start, figure.end)
        yield replace(found, spans=(span,), best=span)


def _is_left_out(gold: Gold, query: Query) -> bool:
    return bool(gold.history or len(query.scopes) > 1 or query.sums_up or query.refusal)


def _labels(gold: Gold, text: str) -> tuple[bool | None, tuple[Span, ...], Span | None]:
    """Return whether a passage answers, where, and by which clause; None if that is not known."""
    if not gold.answerable:
        return False, (), None
    at = next((at for one in gold.evidence if (at := text.find(one)) >= 0), None)
    if at is None:
        holds = any(other in text for group in gold.groups for other in group)
        return None if holds else False, (), None
    spans = [_place(group, text, at) for group in gold.groups]
    found = tuple(sorted({span for span in spans if span}))
    if not found or len(found) < gold.enough:
        return None, (), None
    clauses = [(a, b) for a, b in split_clauses(text) if a <= found[0][0] < b]
    return True, found, clauses[0] if clauses and len(found) == 1 else None


def _place(group: tuple[str, ...], text: str, near: int) -> Span | None:
    """Return where one of several wordings stands nearest to an offset, the longest first; a figure with its unit."""
    for words in sorted(group, key=len, reverse=True):
        found = [at for at in range(len(text)) if text.startswith(words, at)] if words else []
        if found:
            at = min(found, key=lambda start: abs(start - near))
            whole = (f for f in figures(text) if f.start <= at < f.end)
            return next(((f.start, max(f.end, at + len(words))) for f in whole), (at, at + len(words)))
    return None


if __name__ == "__main__":
    main()

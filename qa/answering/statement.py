"""Say a piece of evidence in a short, readable clause, and cite the sentence it stands in."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.candidates import Evidence
from qa.answering.wording import Wording, pairs_shared
from qa.question.kinds import CHANGE
from qa.text.figures import figures, is_year
from qa.text.organisations import report_label
from qa.text.spans import bare, locate
from qa.text.told import when_of
from qa.types import Citation, Spans

WHOLE = 90  # characters up to which a sentence is said whole
CROWDED = 2  # figures from which on a sentence is cut to what was asked for
QUOTE = (8, 300)  # characters of a quote, white space aside
_OPENING = re.compile(
    r"^(?:同时|此外|另外|其中|并且?|而且|还|目前|据悉|截至目前|近年来|五年来|近五年来|这五年来|近?[这五]年来?)[，,]\s*"
)
_ITEM_NUMBER = re.compile(r"^\s*\d{1,2}[.．、)]\s+")  # of a list, of which one item is said
_LISTED = re.compile(r"[、；;]")
_CLASS = re.compile(r"(?:类别|类型|分类|大类|板块)：")
_HEAD = re.compile(r"^(?:项目|指标|名称|内容|年度|年份|地区|县区|区县|县市区|县（市、区）)(?:名称)?：")
_YEAR_HEAD = re.compile(r"(?:19|20)\d\d年?(?:度|底|末)?：")
_NEXT_ROLE = re.compile(r"\s+(?=(?:本[报刊])?(?:特约)?(?:记者|通讯员|撰文|摄影|供图|供稿))")
_BESIDE = re.compile(
    r"(?<=[一-龥])(?<!记者)(?<!讯员)(?<!撰文)(?<!摄影)\s+(?=[一-龥]{2,4}(?:\s|$))"
)  # two names
_ONLY_WHEN = re.compile(r"(?:未来|今后|近|过去)[一-龥\d]{0,6}[，,]?$|[一-龥\d]{2,8}(?:以来|期间|之际)[，,]?$")
_END = re.compile(r"[、，,。；;：:、！!？?\s]+$")


@dataclass(frozen=True, slots=True)
class Statement:
    """What an answer says of one sentence.

    Args:
        text: clauses of the sentence, made readable; no end mark.
        evidence: the sentence that is cited.
        clauses: offsets into the sentence that ``text`` was taken from.
    """

    text: str
    evidence: Evidence
    clauses: tuple[int, int]


def snippet(
    evidence: Evidence, core: tuple[int, int], topic: str, wording: Wording, room: int = 72, extra: int = 2
) -> Statement:
    """The clauses around ``core`` that say what was asked, no more.

    Args:
        evidence: the sentence.
        core: offsets into the sentence that must be said.
        topic: the question's words; a neighbour clause is taken where it holds more of them.
        room: characters at most, where the core leaves them.
        extra: figures beyond those of the core that may come along.
    """
    text = evidence.text
    if evidence.hit.paragraph.kind == "table row":
        return _cells(evidence, core, topic)
    clauses = _items(text, evidence.clauses, core, extra)
    first = next((i for i, (a, b) in enumerate(clauses) if core[0] < b), 0)
    last = next((i for i, (a, b) in enumerate(clauses) if core[1] <= b), len(clauses) - 1)
    held = wording.coverage(topic, text[clauses[first][0] : clauses[last][1]])
    own = text[clauses[first][0] : clauses[last][1]]
    spare = extra + 1 - sum(not is_year(f) for f in figures(own))
    while first > 0:
        start = clauses[first - 1][0]
        added = text[start : clauses[first][0]]
        numbers = sum(not is_year(f) for f in figures(added))
        gain = wording.coverage(topic, text[start : clauses[last][1]]) - held
        short = len(bare(text[clauses[first][0] : clauses[last][1]])) < 10
        if (
            clauses[last][1] - start > room
            or numbers > spare
            or (gain < 0.06 and not (short and not numbers))
        ):
            break
        first, held, spare = first - 1, held + gain, spare - numbers
    while last + 1 < len(clauses):
        end = clauses[last + 1][1]
        if _ONLY_WHEN.match(text[clauses[first][0] : clauses[last][1]]):
            last += 1  # a time alone says nothing
            continue
        added = text[clauses[last][1] : end]
        numbers = sum(not is_year(f) for f in figures(added))
        gain = wording.coverage(topic, text[clauses[first][0] : end]) - held
        if end - clauses[first][0] > room or numbers > spare or gain < 0.12:
            break
        last, held, spare = last + 1, held + gain, spare - numbers
    span = (clauses[first][0], clauses[last][1])
    return Statement(readable(text[span[0] : span[1]]), evidence, span)


def _cells(evidence: Evidence, core: tuple[int, int], topic: str) -> Statement:
    """The cells of a table row that name it, and the cell that is asked for; those of all years for a change."""
    text, own = evidence.text, evidence.clauses
    asked = next((c for c in own if c[0] <= core[0] < c[1]), own[-1])
    valued = [c for c in own if any(not is_year(f) for f in figures(text[slice(*c)]))]
    names = [c for c in own if c < min(valued[:1] or [asked])] or [own[0]]
    names = [c for c in names if not (len(names) > 1 and _CLASS.match(text, c[0]))]
    years = [c for c in valued if _YEAR_HEAD.match(text, c[0])]
    shown = years if len(years) > 1 and asked in years and CHANGE.search(topic) else [asked]
    said = [
        _HEAD.sub("", text[a:b]) if (a, b) in names else text[a:b] for a, b in dict.fromkeys((*names, *shown))
    ]
    return Statement(readable("".join(said)), evidence, (0, shown[-1][1]))


def _items(text: str, clauses: Spans, core: tuple[int, int], extra: int) -> Spans:
    """The clauses, the one of the core cut to its item where it lists more figures than may come along."""
    cut: list[tuple[int, int]] = []
    for start, end in clauses:
        own = [f for f in figures(text[start:end]) if not is_year(f)]
        if not (start < core[1] and core[0] < end) or len(own) <= extra + 1:
            cut.append((start, end))
            continue
        stops = [start, *(start + m.end() for m in _LISTED.finditer(text[start:end])), end]
        cut += [(a, b) for a, b in itertools.pairwise(stops) if a < core[1] and core[0] < b]
    return tuple(cut)


def whole(evidence: Evidence) -> Statement:
    """The whole sentence; of a byline, each name apart from the next."""
    text = evidence.text
    if evidence.hit.paragraph.kind == "byline":
        text = _BESIDE.sub("、", _NEXT_ROLE.sub("，", text.lstrip("■●◆ ")))
    return Statement(readable(text), evidence, (0, evidence.end - evidence.start))


def around(evidence: Evidence, said: str) -> Statement:
    """The whole sentence; of one that is longer than a quote may be, the clauses that say most of ``said``."""
    text, clauses = evidence.text, evidence.clauses
    if len(bare(text)) <= QUOTE[1]:
        return whole(evidence)
    spans = [(a, b) for a, _ in clauses for _, b in clauses if a < b and len(bare(text[a:b])) <= QUOTE[1]]
    best = max(
        spans, key=lambda span: (pairs_shared(said, text[slice(*span)]), span[1] - span[0]), default=None
    )
    return Statement(readable(text[slice(*best)]), evidence, best) if best else whole(evidence)


def readable(text: str) -> str:
    """White space and asterisks gone, commas in full width, no opening connective, no end mark, quotes paired."""
    clean = re.sub(r"(?<=[A-Za-z0-9])\s+(?=[A-Za-z0-9])", "\x00", _ITEM_NUMBER.sub("", text.replace("*", "")))
    clean = re.sub(r"\s+", "", clean).replace("\x00", " ")
    clean = re.sub(r"(?<!\d),|,(?!\d)", "，", clean)
    clean = re.sub(r"[。；;！!？?](?=.)", "，", _END.sub("", clean))
    clean = _OPENING.sub("", clean)
    for opening, closing in ("“”", "‘’", "《》", "（）", "()"):
        if clean.count(opening) != clean.count(closing):
            clean = _pair(clean, opening, closing)
    return clean


def _pair(text: str, opening: str, closing: str) -> str:
    """``text`` without the marks of this pair that stand alone."""
    kept, depth = list(text), []
    for at, character in enumerate(text):
        if character == opening:
            depth.append(at)
        elif character == closing:
            if depth:
                depth.pop()
            else:
                kept[at] = ""
    for at in depth:
        kept[at] = ""
    return "".join(kept)


def place_label(evidence: Evidence) -> str:
    """温州（2018–2023）, 河南（2026，计划）: what a line of an answer is headed with."""
    report, (years, plan) = evidence.hit.report, when_of(evidence.hit, evidence.start, evidence.end)
    return report_label(report, f"{years}，计划" if plan else years)


def cite(statements: Sequence[Statement]) -> tuple[tuple[int, ...], tuple[Citation, ...]]:
    """Markers of the statements, 1-based in order of first use, and their citations; one a sentence."""
    markers: dict[tuple[str, int, int, int], int] = {}
    numbers, citations = [], []
    for statement in statements:
        hit = statement.evidence.hit
        start, end = _quote_bounds(statement)
        key = (hit.report.id, hit.paragraph.number, start, end)
        if key not in markers:
            markers[key] = len(markers) + 1
            citations.append(_citation(markers[key], statement.evidence, start, end))
        numbers.append(markers[key])
    return tuple(numbers), tuple(citations)


def _quote_bounds(statement: Statement) -> tuple[int, int]:
    """Offsets into the paragraph: the sentence, widened where too short, cut to its clauses where too long."""
    evidence = statement.evidence
    text = evidence.hit.paragraph.text
    start, end = evidence.start, evidence.end
    if len(bare(text[start:end])) > QUOTE[1]:
        start, end = evidence.start + statement.clauses[0], evidence.start + statement.clauses[1]
    while len(bare(text[start:end])) < QUOTE[0] and (start > 0 or end < len(text)):
        start, end = max(0, start - 8), min(len(text), end + 8)
    while len(bare(text[start:end])) > QUOTE[1]:
        end -= 1
    return start, end


def _citation(marker: int, evidence: Evidence, start: int, end: int) -> Citation:
    report, paragraph = evidence.hit.report, evidence.hit.paragraph
    years, plan = when_of(evidence.hit, evidence.start, evidence.end)
    quote, spans = paragraph.text[start:end], locate(paragraph, report.source.text, start, end)
    quote, spans = _widened(quote, spans, report.source.text)
    return Citation(
        marker=marker,
        report=report.source.name,
        report_id=report.id,
        paragraph=paragraph.number,
        title=report.title,
        place=report.place.name,
        period=str(report.period) if report.period else None,
        heading=" / ".join(paragraph.heading),
        quote=quote,
        spans=spans,
        years=years,
        plan=plan,
    )


def _widened(quote: str, spans: Spans, source: str) -> tuple[str, Spans]:
    """A quote too short to stand alone (a byline) with the characters that are printed before it."""
    if not spans or len(bare(quote)) >= QUOTE[0]:
        return quote, spans
    start = spans[0][0]
    lacking = QUOTE[0] - len(bare(quote))
    while start > 0 and lacking > 0:
        start -= 1
        lacking -= len(bare(source[start]))
    before = bare(source[start : spans[0][0]])
    return f"{before} {quote}", ((start, spans[0][1]), *spans[1:])

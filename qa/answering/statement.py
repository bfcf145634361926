"""Sentences that may hold the answer, and what an answer states of them: short, readable, with their citations."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from qa.answering.wording import Wording, pairs_shared
from qa.ledger.indicators import context_needed
from qa.question.kinds import CHANGE
from qa.text.figure_context import counted_alike, nouns_of
from qa.text.figures import amounts_in
from qa.text.normal import without_unpaired
from qa.text.sentences import cells, split_clauses
from qa.text.spans import locate, without_blanks
from qa.text.states import label_at, when_of
from qa.text.units import says_delivery
from qa.types import MARK, Citation, Figure, Hit, Report, Span, Spans

WHOLE = 90  # characters up to which a sentence is stated whole
ROOM = 72  # characters of a statement, if its core leaves room
EXTRA = 2  # figures beyond what was asked for that a statement may contain
QUOTE = (8, 300)  # characters of a quote without white space
Hits: TypeAlias = Sequence[Hit]  # the best first
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)")
_OPENING = re.compile(
    r"^(?:同时|[此另]外|其中|并且?|而且|还|(?:截至)?目前|据悉|(?:[这近]?五|[这近])年来?)[，,]\s*"
)
_ITEM_NUMBER = re.compile(r"^\s*\d{1,2}[.．、)]\s*(?=\D)")  # of a list of which one item is stated
_CLASS = re.compile(r"(?:类[别型]|[分大]类|板块)：")
_HEAD = re.compile(r"^(?:项目|指标|名称|内容|年[度份]|地区|县区|区县|县市区|县（市、区）)(?:名称)?：")
_YEAR_HEAD = re.compile(r"(?:19|20)\d\d年?[度底末]?：")
_NEXT_ROLE = re.compile(r"\s+(?=(?:本[报刊])?(?:特约)?(?:记者|通讯员|撰文|摄影|供图|供稿))")
_TWO_NAMES = re.compile(r"(?<=[一-龥])(?<!记者)(?<!讯员)(?<!撰文)(?<!摄影)\s+(?=[一-龥]{2,4}(?:\s|$))")
_ONLY_WHEN = re.compile(r"(?:未来|今后|近|过去)[一-龥\d]{0,6}[，,]?$|[一-龥\d]{2,8}(?:以来|期间|之际)[，,]?$")
_CORRECTS = re.compile(
    r"更正|勘误|笔误|(?:数据|数字|统计|上述|记载)[^。，,]{0,4}有误|误[写记报登][为成]|以[此本][^。]{0,4}为准"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may hold the answer."""

    hit: Hit
    start: int  # offset into the paragraph's text
    end: int
    rank: int = 0  # of its passage, 0 is best

    @property
    def text(self) -> str:
        return self.hit.paragraph.text[self.start : self.end]

    @property
    def position(self) -> tuple[str, int, int]:
        """The id of its report, the number of its paragraph and its start, which identify it."""
        return (*self.hit.position, self.start)

    @property
    def clauses(self) -> Spans:
        """Offsets of its clauses, or of the cells of a table row."""
        split = cells if self.hit.paragraph.kind == "table row" else split_clauses
        return split(self.text) or ((0, len(self.text)),)


@dataclass(frozen=True, slots=True)
class Statement:
    """What an answer states from one sentence."""

    text: str  # clauses of the sentence, made readable; no end mark
    evidence: Evidence
    clauses: Span  # offsets into the sentence that ``text`` was taken from
    cell: Span | None = None  # of a table row the one cell that is stated, offsets into the row

    @property
    def at(self) -> Span:
        """Offsets into the paragraph of what its time is told by: its cell, else its whole sentence."""
        start, end = self.cell or (0, len(self.evidence.text))
        return self.evidence.start + start, self.evidence.start + end


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement that answers a question for one thing."""

    statement: Statement
    short: str  # the shortest direct answer
    figure: Figure | None  # offsets into the sentence; None if words answer

    @property
    def report(self) -> Report:
        return self.statement.evidence.hit.report

    @property
    def end_year(self) -> int:
        """The last year of its report, 0 if its period is unknown."""
        return self.report.period.end if self.report.period else 0


def snippet(evidence: Evidence, core: Span, topic: str, wording: Wording) -> Statement:
    """State the clauses around ``core``, offsets into the sentence, that hold what was asked.

    A neighbour clause is added if it holds more words of ``topic``, or tells more of the same thing: 新建3家，累计21家.
    """
    text = evidence.text
    if evidence.hit.paragraph.kind == "table row":
        return _cells(evidence, core, topic)
    clauses = _items(text, evidence.clauses, core)
    first = next((i for i, (a, b) in enumerate(clauses) if core[0] < b), 0)
    last = next((i for i, (a, b) in enumerate(clauses) if core[1] <= b), len(clauses) - 1)
    start, end = clauses[first][0], clauses[last][1]
    covered, spare = wording.coverage(topic, text[start:end]), EXTRA + 1 - len(amounts_in(text[start:end]))
    needed = [context_needed(text, f) for f in amounts_in(text) if start <= f.start < end]
    for before in reversed([a for a, _ in clauses[:first]]):
        numbers = len(amounts_in(text[before:start]))
        gain = wording.coverage(topic, text[before:end]) - covered
        completes = not all(one in without_blanks(text[start:end]) for one in needed)
        if end - before > ROOM or numbers > spare or (gain < 0.06 and not completes):
            break
        start, covered, spare = before, covered + gain, spare - numbers
    for _, after in clauses[last + 1 :]:
        if not _ONLY_WHEN.match(text[start:end]):  # a time alone states nothing
            numbers = len(amounts_in(text[end:after]))
            gain = wording.coverage(topic, text[start:after]) - covered
            alike = counted_alike(f.unit for f in amounts_in(text) if start <= f.start < after)
            same = alike and any(context_needed(text, f) for f in amounts_in(text) if end <= f.start < after)
            if after - start > ROOM or numbers > spare or (gain < 0.12 and not same):
                break
            covered, spare = covered + gain, spare - numbers
        end = after
    start = _with_the_whole(text, clauses, start)
    return Statement(readable(text[start:end]), evidence, (start, end))


def _with_the_whole(text: str, clauses: Spans, start: int) -> int:
    """Return where a part that is told of begins with what it is a part of: 会员90人，其中女工30人.

    What has more figures than may be stated beside the answer (会员90人、干部5人、……) stays away.
    """
    before = next((a for a, b in reversed(clauses) if b <= start and not text.startswith("其中", a)), start)
    fits = start - before <= ROOM and len(amounts_in(text[before:start])) <= EXTRA
    return before if text.startswith("其中", start) and fits else start


def corrects(text: str) -> bool:
    """Whether a sentence says that another one is wrong."""
    return _CORRECTS.search(text) is not None


def _size(text: str) -> int:
    return len(without_blanks(text))


def _cells(evidence: Evidence, core: Span, topic: str) -> Statement:
    """State the cells that name a table row and the cell asked for; for a change, the cells of all years."""
    text, own = evidence.text, evidence.clauses
    asked = next((c for c in own if c[0] <= core[0] < c[1]), own[-1])
    valued = [c for c in own if amounts_in(text[slice(*c)])]
    names = [c for c in own if c < min(valued[:1] or [asked])] or [own[0]]
    names = [c for c in names if not (len(names) > 1 and _CLASS.match(text, c[0]))]
    years = [c for c in valued if _YEAR_HEAD.match(text, c[0])]
    shown = years if len(years) > 1 and asked in years and CHANGE.search(topic) else [asked]
    chosen = dict.fromkeys((*names, *shown))
    texts = [_HEAD.sub("", text[a:b]) if (a, b) in names else text[a:b] for a, b in chosen]
    cell = shown[0] if len(shown) == 1 else None
    return Statement(readable("".join(texts)), evidence, (0, shown[-1][1]), cell)


def _items(text: str, clauses: Spans, core: Span) -> Spans:
    """Return the clauses; the one of the core is cut to its item if it lists too many figures.

    Items that stand for names before them (甲、乙分别达到3家、2家) mean nothing alone.
    """
    cut: list[Span] = []
    for start, end in clauses:
        counted = [f for f in amounts_in(text) if start <= f.start < end]
        asked = start < core[1] and core[0] < end
        if not asked or len(counted) <= EXTRA + 1 or any(nouns_of(text, (start, end), counted)):
            cut.append((start, end))
            continue
        stops = [start, *(at + 1 for at in range(start, end) if text[at] in "、；;"), end]
        cut += [(a, b) for a, b in itertools.pairwise(stops) if a < core[1] and core[0] < b]
    return tuple(cut)


def whole_sentence(evidence: Evidence) -> Statement:
    """State the whole sentence; names of a byline are separated."""
    text = evidence.text
    if evidence.hit.paragraph.kind == "byline":
        text = text.lstrip("■●◆—―（( ")
        if not says_delivery(evidence.hit.report, evidence.hit.paragraph):
            text = _TWO_NAMES.sub("、", _NEXT_ROLE.sub("，", text))
    return Statement(readable(text), evidence, (0, evidence.end - evidence.start))


def quotable_part(evidence: Evidence, said: str) -> Statement:
    """State the whole sentence; if it is too long for a quote, the clauses that hold most of ``said``."""
    text, clauses = evidence.text, evidence.clauses
    spans = [(a, b) for a, _ in clauses for _, b in clauses if a < b and _size(text[a:b]) <= QUOTE[1]]
    if _size(text) <= QUOTE[1] or not spans:
        return whole_sentence(evidence)
    best = max(spans, key=lambda span: (pairs_shared(said, text[slice(*span)]), span[1] - span[0]))
    return Statement(readable(text[slice(*best)]), evidence, best)


def readable(text: str) -> str:
    """Return text without white space, asterisks, opening connective, end mark and unpaired quotes.

    Nor has it marks of footnotes, which would be taken for those of citations.
    """
    text = MARK.sub("", text)
    clean = re.sub(r"(?<=[A-Za-z0-9])\s+(?=[A-Za-z0-9])", "\x00", _ITEM_NUMBER.sub("", text.replace("*", "")))
    clean = re.sub(r"\s+", "", clean).replace("\x00", " ")
    clean = re.sub(r"(?<!\d),|,(?!\d)", "，", clean)
    clean = re.sub(r"[。；;！!？?](?=.)", "，", clean.rstrip("、，,。；;：:！!？?"))
    clean = _OPENING.sub("", clean)
    return without_unpaired(clean)


def place_label(statement: Statement) -> str:
    """Return the heading of an answer's line: 温州（2018–2023）, 河南（2026，计划）."""
    return label_at(statement.evidence.hit, *statement.at)


def cite(statements: Sequence[Statement]) -> tuple[tuple[int, ...], tuple[Citation, ...]]:
    """Return the statements' markers, from 1 in order of first use, and one citation per sentence."""
    cited: dict[tuple[str, int, int, int], Citation] = {}
    numbers = []
    for statement in statements:
        start, end = _quote_bounds(statement)
        key = (*statement.evidence.hit.position, start, end)
        if key not in cited:
            cited[key] = _citation(len(cited) + 1, statement, start, end)
        numbers.append(cited[key].marker)
    return tuple(numbers), tuple(cited.values())


def _quote_bounds(statement: Statement) -> Span:
    """Return offsets into the paragraph: the sentence, widened if too short, cut if too long."""
    evidence = statement.evidence
    text, start, end = evidence.hit.paragraph.text, evidence.start, evidence.end
    if _size(text[start:end]) > QUOTE[1]:
        start, end = evidence.start + statement.clauses[0], evidence.start + statement.clauses[1]
    while _size(text[start:end]) < QUOTE[0] and (start > 0 or end < len(text)):
        start, end = max(0, start - 8), min(len(text), end + 8)
    while _size(text[start:end]) > QUOTE[1]:
        end -= 1
    return start, end


def _citation(marker: int, statement: Statement, start: int, end: int) -> Citation:
    hit = statement.evidence.hit
    report, paragraph = hit.report, hit.paragraph
    years, plan = when_of(hit, *statement.at)
    source = report.source.text
    quote, spans = _widened(paragraph.text[start:end], locate(paragraph, source, start, end), source)
    return Citation(
        marker=marker,
        report=report.source.name,
        report_id=report.id,
        paragraph=paragraph.number,
        title=report.title,
        place=report.place.name,
        period=report.period,
        heading=" / ".join(paragraph.heading),
        quote=quote,
        spans=spans,
        years=years,
        plan=plan,
    )


def _widened(quote: str, spans: Spans, source: str) -> tuple[str, Spans]:
    """Extend a quote that is too short (a byline) by the characters printed before it."""
    if not spans or _size(quote) >= QUOTE[0]:
        return quote, spans
    start, end = spans[0]
    lacking = QUOTE[0] - _size(quote)
    while start > 0 and _size(source[start : spans[0][0]]) < lacking:
        start -= 1
    before = without_blanks(source[start : spans[0][0]])
    return f"{before} {quote}", ((start, end), *spans[1:])

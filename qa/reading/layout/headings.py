"""Classify short lines that belong to no sentence: title, headings, captions.

The last short line before prose is its heading, those above it are captions. A picture leaves a hole, so a short line
below a larger gap than usual is a caption.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from qa.reading.layout import ngrams
from qa.reading.layout.characters import finished
from qa.reading.layout.joins import Join, usual_gap
from qa.reading.layout.lines import number_in_style, with_kind
from qa.reading.layout.records import Chain, Decision, Line
from qa.reading.layout.surroundings import DASH, SIGNER, is_headline, names_report

LONGEST_LABEL = 10  # characters of the first line of a heading in two lines
_SHORT_SENTENCE = re.compile(r"[^，,。；：:]{0,29}.", re.DOTALL)
CLAUSES = 3  # of a line that is no heading and no caption
LONGEST_TITLE_BLOCK = 5
LONGEST_LEAD = 8  # lines at the top, bylines included, which may hold the title
READS_ON = 8.0  # evidence that two lines are one; two headlines have less in 99 of 100 cases, the halves of one in 35
_OWN = re.compile(r"[—–―（(〔【“《]|(?:19|20)\d\d")  # how an independent line may begin
_OPEN = re.compile(r"(?:[的和与及、]|关于|在)$")
_UNION = re.compile(r"\S{2,}工会(?:联合会|委员会)?")
_ABOVE = ("bare", "heading", "byline", "furniture", "caption")  # kinds of lines above the prose
LIST = 5  # short lines in a row, without gaps, that are a list and no captions


@dataclass(frozen=True, slots=True)
class Classified:
    """Lines with their final kinds."""

    lines: tuple[Line, ...]  # as given, "bare" replaced; headings that take two printed lines are still two
    titles: tuple[Chain, ...]  # positions of the printed lines of each line of the title
    continued: frozenset[int]  # positions of headings that continue the heading before them
    decisions: tuple[Decision, ...]  # about the title


def classify_bare_lines(found: Sequence[Line], joins: Sequence[Join]) -> Classified:
    """Classify every bare line that no join took, and short sentences that are placed like captions."""
    lines = list(found)
    joined = {end for j in joins for end in (j.tail, j.head)}
    for i, line in enumerate(lines):
        if line.kind == "bare" and (i in joined or sum(line.ink.count(c) for c in "，,") >= CLAUSES - 1):
            lines[i] = replace(line, kind="prose")
    inside = {k for j in joins if not j.distant for k in range(j.tail + 1, j.head)}
    for i in range(len(lines) - 1, 1, -1):  # signers above a date, and below a title or text
        if lines[i].kind == "byline" and lines[i - 1].kind == "bare" and SIGNER.fullmatch(lines[i - 1].ink):
            lines[i - 1] = replace(lines[i - 1], kind="byline")
    printed = _title_lines(lines, joined)
    titles = [i for chain in printed for i in chain]
    if titles and lines[titles[0]].kind == "heading":
        for i in range(titles[0]):
            if lines[i].kind == "heading":  # a masthead, or what the report is on
                lines[i] = with_kind(lines[i], "caption")
    gap = usual_gap(lines)
    _mark_caption_sentences(lines, joined, titles, gap)
    continued: set[int] = set()
    _demote_list_items(lines, titles)
    for run in _runs(lines, titles):
        _sort_run(lines, run, inside, gap, continued)
    if not any(line.kind in ("prose", "table row", "note") for line in lines):
        return Classified(tuple(_as_prose(line) for line in lines), (), frozenset(), ())
    reason = "题目分印在几行，前一行未完，后一行与它读来连贯"
    spans = ((lines[chain[0]].start, lines[chain[-1]].end) for chain in printed if len(chain) > 1)
    decisions = tuple(Decision("title", span, None, 0.8, reason) for span in spans)
    return Classified(tuple(lines), printed, frozenset(continued), decisions)


def _as_prose(line: Line) -> Line:
    return with_kind(line, "prose") if line.kind in ("heading", "caption") else line


def _demote_list_items(lines: list[Line], titles: Sequence[int]) -> None:
    """Make numbered lines without text under them prose, unless they complete the numbers of headings.

    A whole sentence next to a paragraph with the number before or after it is an item, too.
    """
    places = [i for i, line in enumerate(lines) if line.kind == "heading" and line.order and i not in titles]
    for i in (*places, *reversed(places)):
        if not lines[i].style.startswith("#") and finished(lines[i].ink) and _beside_an_item(lines, i):
            lines[i] = _as_prose(lines[i])
    places = [i for i in places if lines[i].kind == "heading"]
    styles: dict[str, list[int]] = {}
    for i in places:
        styles.setdefault(lines[i].style, []).append(i)
    rank = {style: members[0] for style, members in styles.items()}
    for style, members in styles.items():
        if style.startswith("#"):
            continue
        together = set(members)
        empty = {i for i in members if _nothing_under(lines, i, rank)}
        orders = sorted(lines[i].order for i in members)
        complete = orders == list(range(1, len(members) + 1)) and 2 * len(empty) <= len(members)
        sentences = {i for i in empty if finished(lines[i].ink) or lines[i].ink[-1] in "；;"}
        for i in sorted(sentences if complete else empty):
            if i + 1 in together and i + 1 not in empty and lines[i + 1].order == lines[i].order + 1:
                lines[i + 1] = _as_prose(lines[i + 1])  # the text under the last item follows the list
            lines[i] = _as_prose(lines[i])


def _beside_an_item(lines: Sequence[Line], at: int) -> bool:
    """Whether the paragraph right before or after a numbered line has the number before or after its own."""
    line, beside = lines[at], [(step, lines[at + step]) for step in (-1, 1) if 0 <= at + step < len(lines)]
    items = ((step, other) for step, other in beside if other.kind == "prose")
    return any(number_in_style(other.ink, line.style) == line.order + step for step, other in items)


def _nothing_under(lines: Sequence[Line], at: int, rank: dict[str, int]) -> bool:
    for line in (lines[k] for k in range(at + 1, len(lines))):
        if line.kind == "heading":
            return rank.get(line.style, len(lines)) <= rank[lines[at].style]
        if line.kind in ("prose", "keywords", "table row", "note"):
            return False
    return True


def _mark_caption_sentences(lines: list[Line], joined: set[int], titles: Sequence[int], gap: int) -> None:
    """Make a short whole sentence between short lines, or in a hole of its own, a caption."""
    for i, line in enumerate(lines):
        own = line.kind == "prose" and not line.fixed and i not in joined
        if not own or not _SHORT_SENTENCE.fullmatch(line.ink) or not finished(line.ink):
            continue
        before = i > 0 and lines[i - 1].kind in ("bare", "caption") and i - 1 not in titles
        after = i + 1 < len(lines) and lines[i + 1].kind in ("bare", "caption")
        if (before and after) or (after and line.ink[-1] in "!！") or line.gap >= gap + 2:
            why = (0.7, "单独一短句，夹在短行或图片空白之间，是图片说明或横幅")
            lines[i] = replace(line, kind="caption", why=why)


def _runs(lines: Sequence[Line], titles: Sequence[int]) -> list[list[int]]:
    """Return the groups of bare lines that follow each other, ignoring captions between them."""
    runs: list[list[int]] = [[]]
    for i, line in enumerate(lines):
        if line.kind == "bare" and i not in titles:
            runs[-1].append(i)
        elif line.kind not in ("caption", "furniture", "byline") and runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _sort_run(lines: list[Line], run: Sequence[int], inside: set[int], gap: int, continued: set[int]) -> None:
    unbroken = run[-1] - run[0] == len(run) - 1
    if len(run) >= LIST and unbroken and all(lines[i].gap <= min(gap, 1) for i in run[1:]):
        for i in run:
            lines[i] = replace(lines[i], kind="prose")
        return
    below = (lines[i].kind for i in range(run[-1] + 1, len(lines)))
    following = next((kind for kind in below if kind not in ("caption", "furniture", "byline")), None)
    opens = following in ("prose", "keywords", "table row", "note")
    parts: list[int] = []
    for i in reversed(run):
        above_keywords = i + 1 < len(lines) and lines[i + 1].kind == "keywords"
        hole = gap + 2 <= lines[i].gap < 99
        if above_keywords or (not hole and i not in inside and (opens or _stands_out(lines, run, i, gap))):
            parts = _parts(lines, run, i, gap)
            break
    for i in run:
        if i in parts:
            why = (0.75, "短行，没有句末标点，后面是正文，是小标题")
            lines[i] = replace(lines[i], kind="heading", style="bare", why=why)
        elif i in inside:
            lines[i] = replace(lines[i], kind="caption", why=(0.85, "夹在一句话中间的短行，是图片说明"))
        else:
            why = (0.7, "短行，没有句末标点，后面不是正文或上方留有图片空白，是图片说明")
            lines[i] = replace(lines[i], kind="caption", why=why)
    continued.update(parts[1:])


def _stands_out(lines: Sequence[Line], run: Sequence[int], at: int, gap: int) -> bool:
    """Whether a short line without a hole precedes captions that all have one: a heading that lost its place."""
    return at == run[0] and len(run) > 1 and all(lines[i].gap >= gap + 2 for i in run[1:])


def _parts(lines: Sequence[Line], run: Sequence[int], heading: int, gap: int) -> list[int]:
    """Return the heading with the line above it, if that is a short label."""
    label = lines[heading - 1]
    labelled = heading - 1 in run and len(label.ink) <= LONGEST_LABEL
    return [heading - 1, heading] if labelled and max(label.gap, lines[heading].gap) <= gap else [heading]


def _title_lines(lines: Sequence[Line], joined: set[int]) -> tuple[Chain, ...]:
    """Return the positions of the lines of the title, grouped if one was printed as several; none is a piece of text."""
    chains: list[Chain] = []
    for i in takewhile(lambda i: i not in joined, _block(lines)):
        if not chains or chains[-1][-1] != i - 1 or not _reads_on(lines[i - 1], lines[i]):
            chains.append(())
        chains[-1] += (i,)
    return tuple(chains)


def _reads_on(first: Line, second: Line) -> bool:
    """Whether two short unfinished lines are one that did not fit its column, or two long headings of one size."""
    printed = not second.ink.startswith("#")  # a mark in the text makes each a heading of its own
    alike = first.style == second.style and first.style.startswith("#")
    if printed and alike and min(len(first.ink), len(second.ink)) >= LONGEST_LABEL:
        return not DASH.match(second.ink)
    if first.kind != "bare" or second.kind != "bare" or second.gap > 1 or first.ink[-1] in "”》）)":
        return False
    if _OPEN.search(first.ink) or (_UNION.fullmatch(first.ink) and names_report(second.ink)):
        return not DASH.match(second.ink)
    if _OWN.match(second.ink):
        return False
    return float(ngrams.load().seams([first.ink], [second.ink])[0]) > READS_ON


def _block(lines: Sequence[Line]) -> list[int]:
    """Return the first lines up to the first prose, if they look like a title; a subtitle after a dash ends them.

    After that, or after a byline, only another subtitle belongs to it.
    """
    if known := [i for i, line in enumerate(lines) if line.title] or _largest(lines):
        return known
    block: list[int] = []
    over = False
    empty = False  # a heading like the first follows it at once, so that the first is no section
    for i, line in enumerate(lines[:LONGEST_LEAD]):
        if line.kind in ("furniture", "byline"):
            over = over or (line.kind == "byline" and bool(block))
            continue
        headline = i == 0 and is_headline(line, lines[1:2])
        if not (line.kind == "bare" or line.marked or headline) or len(block) == LONGEST_TITLE_BLOCK:
            break
        dashed, below = DASH.match(line.ink) is not None, line.marked and bool(block)
        if below and not dashed and not _only_of_style(lines, i):
            empty = line.style.startswith(lines[block[0]].style)
            break
        if (below and line.order) or (over and not dashed):
            break
        block.append(i)
        over = dashed
    subtitled = len(block) > 1 and DASH.match(lines[block[1]].ink) is not None
    headed = bool(block) and lines[block[0]].kind == "heading"
    section = headed and not (empty or subtitled or _only_of_style(lines, block[0]))
    return [] if section else block


def _largest(lines: Sequence[Line]) -> list[int]:
    """Return the headings of the largest type above the prose, if they are several or not the first line, with a subtitle.

    They stand together, and no other heading has their type.
    """
    marked = [i for i, line in enumerate(lines) if line.kind == "heading" and line.style.startswith("#")]
    prose = next((i for i, line in enumerate(lines) if line.kind not in _ABOVE), len(lines))
    lead = min(prose, LONGEST_LEAD)
    largest = min((lines[i].style for i in marked if i < lead), default="")
    top = [i for i in marked if lines[i].style == largest]
    together = bool(top) and top[-1] < lead and top[-1] - top[0] == len(top) - 1
    named = any(names_report(line.ink) for line in lines[: top[0] if top else 0])
    if not together or top == [0] or named or any(lines[i].order for i in top):
        return []
    below = top[-1] + 1
    return [*top, below] if below < len(lines) and DASH.match(lines[below].ink) else top


def _only_of_style(lines: Sequence[Line], at: int) -> bool:
    """Whether no other heading has this style; numbered and unnumbered headings are different."""
    marks = [(line.style, line.order > 0) for line in lines if line.kind == "heading"]
    return marks.count((lines[at].style, lines[at].order > 0)) == 1

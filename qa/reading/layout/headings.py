"""What the short lines that belong to no sentence are: lines of the title, headings, or captions.

The last short line before prose is its heading, what stands above it are captions. White space is evidence where a
report uses it: a picture leaves a hole, so a short line below a larger gap than usual is a caption, as long as other
headings stand without one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.reading.layout.characters import finished
from qa.reading.layout.joins import Join, usual_gap
from qa.reading.layout.mastheads import is_signer, is_speaker
from qa.reading.layout.records import Decision, Line
from qa.reading.layout.titles import LONGEST_LEAD, is_prose, reads_on, title_lines

LEAD = 2  # paragraphs above the first heading
LONGEST_LABEL = 10  # characters of the first line of a heading in two lines
CLAUSES = 3  # of a line that is no heading and no caption
LIST = 5  # short lines in a row, without gaps, that are a list and no captions
_EVENT = re.compile(
    "召开|举行|举办|启动|揭牌|现场|仪式|合影|慰问|友谊赛|比赛|座谈|参观|颁奖|签约|亮相|集中入会|宣读|表演|讲解|获.{0,12}奖|图为|留影|走访"
)
_OCCASION = re.compile(
    r"(?:报告|讲话|发言|总结|致辞)$|[（(].{6,40}(?:会议|大会)上?[)）]$"
)  # above a speaker's name
_CALL = re.compile(r"(?!各位|同志|代表们|尊敬|亲爱|朋友|谢谢|感谢|让我们|预祝|最后)[^。！？!?；;]{4,28}[！!]")


@dataclass(frozen=True, slots=True)
class Sorted:
    """Lines with their final kinds.

    Args:
        lines: as given, ``"bare"`` replaced; headings that take two printed lines are still two.
        titles: positions of the lines of the title, printed lines that make one line together.
        continued: positions of headings that go on from the heading before them.
        decisions: what was decided and why.
    """

    lines: tuple[Line, ...]
    titles: tuple[tuple[int, ...], ...]
    continued: frozenset[int]
    decisions: tuple[Decision, ...]


def sort_bare(found: Sequence[Line], joins: Sequence[Join]) -> Sorted:
    """Decide about every bare line that no join took, and about short sentences that stand like captions."""
    lines = list(found)
    for join in joins:
        for end in (join.tail, join.head):
            if lines[end].kind == "bare":
                lines[end] = replace(lines[end], kind="prose")
    for i, line in enumerate(lines):
        if line.kind == "bare" and sum(line.ink.count(c) for c in "，,") >= CLAUSES - 1:
            lines[i] = replace(line, kind="prose")
    held = {j.tail for j in joins} | {j.head for j in joins}
    inside = {k for j in joins if not j.distant for k in range(j.tail + 1, j.head)}
    decisions: list[Decision] = []
    _speakers(lines)
    _signers(lines)
    _exclamations(lines, held)
    printed = title_lines(lines)
    titles = [i for chain in printed for i in chain]
    gap = usual_gap(lines)
    _short_sentences(lines, held, titles, gap, decisions)
    holes = _holes_count(lines, titles, gap)
    continued: set[int] = set()
    for run in _runs(lines, titles):
        _sort_run(lines, run, inside, gap if holes else 98, continued, decisions)
    _list_items(lines, titles)
    if not any(line.kind in ("prose", "table row", "note") for line in lines):
        return Sorted(tuple(_as_prose(line) for line in lines), (), frozenset(), ())
    for chain in printed:
        if len(chain) > 1:
            at = (lines[chain[0]].start, lines[chain[-1]].end)
            decisions.append(
                Decision("title", at, None, 0.8, "题目分印在几行，前一行未完，后一行与它读来连贯")
            )
    return Sorted(tuple(lines), printed, frozenset(continued), tuple(decisions))


def _speakers(lines: list[Line]) -> None:
    """The name of whoever gave the report, below its title and above the first prose, is no heading."""
    for i, line in enumerate(lines[1:LONGEST_LEAD], start=1):
        if lines[i - 1].kind not in ("bare", "heading", "byline"):
            break
        below = lines[i - 1].kind == "byline" or _OCCASION.search(lines[i - 1].ink)
        if line.kind == "bare" and is_prose(lines, i + 1) and below and is_speaker(line.ink):
            lines[i] = replace(line, kind="byline")


def _signers(lines: list[Line]) -> None:
    """Who signs, above the date at the end, is no caption."""
    for i in range(len(lines) - 1, 0, -1):
        if lines[i].kind not in ("byline", "furniture", "bare"):
            break
        if lines[i].kind == "byline" and lines[i - 1].kind == "bare" and is_signer(lines[i - 1].ink):
            lines[i - 1] = replace(lines[i - 1], kind="byline")


def _exclamations(lines: list[Line], held: set[int]) -> None:
    """A short line of its own that ends with an exclamation mark is judged as a short line, above prose or near the top.

    One that greets, thanks or exhorts those who listen is part of the speech, and so is the last word of a section.
    """
    usual = usual_gap(lines)
    before = 0  # paragraphs
    for i, line in enumerate(lines[:-1]):
        alone = line.fixed or (line.gap >= usual and lines[i + 1].gap >= usual)
        calls = line.kind == "prose" and alone and i not in held and _CALL.fullmatch(line.ink) is not None
        if calls and (lines[i + 1].kind == "prose" or before <= LEAD):
            lines[i] = replace(line, kind="bare")
        before += line.kind == "prose"


def _as_prose(line: Line) -> Line:
    return replace(line, kind="prose", style="", order=0) if line.kind in ("heading", "caption") else line


def _list_items(lines: list[Line], titles: Sequence[int]) -> None:
    """Numbered lines with nothing under them are items of a list, unless they complete the numbers of headings."""
    title = set(titles)
    places = [i for i, line in enumerate(lines) if line.kind == "heading" and line.order and i not in title]
    styles: dict[str, list[int]] = {}
    for i in places:
        styles.setdefault(lines[i].style, []).append(i)
    rank = {style: members[0] for style, members in styles.items()}
    for style, members in styles.items():
        together = set(members)
        empty = {i for i in members if _nothing_under(lines, i, rank)}
        orders = sorted(lines[i].order for i in members)
        complete = orders == list(range(1, len(members) + 1)) and 2 * len(empty) <= len(members)
        if not complete:
            for i in empty:
                if not lines[i].fixed and not style.startswith("#"):
                    last = (
                        i + 1 in together and i + 1 not in empty and lines[i + 1].order == lines[i].order + 1
                    )
                    lines[i] = _as_prose(lines[i])
                    if last:  # what stands under the last item stands behind the list
                        lines[i + 1] = _as_prose(lines[i + 1])


def _nothing_under(lines: Sequence[Line], at: int, rank: dict[str, int]) -> bool:
    for place in range(at + 1, len(lines)):
        line = lines[place]
        if line.kind == "heading":
            return rank.get(line.style, len(lines)) <= rank[lines[at].style]
        if line.kind in ("prose", "keywords", "table row", "note"):
            return False
    return True


def _short_sentences(
    lines: list[Line], held: set[int], titles: Sequence[int], gap: int, decisions: list[Decision]
) -> None:
    """A short whole sentence between short lines, or in a hole of its own, is a caption."""
    tight = _tight(lines, gap)
    for i, line in enumerate(lines):
        if line.kind != "prose" or line.fixed or i in held or len(line.ink) > 30 or not finished(line.ink):
            continue
        if any(c in line.ink[:-1] for c in "，,。；：:"):
            continue
        before = i > 0 and (lines[i - 1].kind in ("bare", "caption") and i - 1 not in titles)
        after = i + 1 < len(lines) and lines[i + 1].kind in ("bare", "caption")
        hole = line.gap >= gap + 2 and (
            i + 1 == len(lines) or lines[i + 1].gap <= gap or lines[i + 1].gap >= gap + 2
        )
        if (before and after) or (after and line.ink[-1] in "!！") or (hole and not tight):
            lines[i] = replace(line, kind="caption")
            decisions.append(_caption(line, "单独一短句，夹在短行或图片空白之间，是图片说明或横幅", 0.7))


def _tight(lines: Sequence[Line], gap: int) -> bool:
    """Whether holes stand before many paragraphs of this report, so that they say nothing."""
    prose = [line for line in lines if line.kind == "prose" and len(line.ink) > 40]
    return 3 * sum(line.gap >= gap + 2 for line in prose) > len(prose)


def _holes_count(lines: Sequence[Line], titles: Sequence[int], gap: int) -> bool:
    """Whether some short line before prose stands without a hole, so that holes tell captions from headings."""
    return any(
        line.kind == "bare" and i not in titles and line.gap < gap + 2 and is_prose(lines, i + 1)
        for i, line in enumerate(lines)
    )


def _runs(lines: Sequence[Line], titles: Sequence[int]) -> list[list[int]]:
    """Bare lines that follow each other, captions between them aside."""
    runs: list[list[int]] = []
    current: list[int] = []
    for i, line in enumerate(lines):
        if line.kind == "bare" and i not in titles:
            current.append(i)
        elif line.kind not in ("caption", "furniture", "byline"):
            if current:
                runs.append(current)
            current = []
    if current:
        runs.append(current)
    return runs


def _sort_run(
    lines: list[Line],
    run: Sequence[int],
    inside: set[int],
    gap: int,
    continued: set[int],
    decisions: list[Decision],
) -> None:
    if (
        len(run) >= LIST
        and all(lines[i].gap <= min(gap, 1) for i in run[1:])
        and run[-1] - run[0] == len(run) - 1
    ):
        for i in run:
            lines[i] = replace(lines[i], kind="prose")
        return
    following = run[-1] + 1
    while following < len(lines) and lines[following].kind in ("caption", "furniture", "byline"):
        following += 1
    opens = is_prose(lines, following)
    heading: int | None = None
    for i in reversed(run):
        keyed = i + 1 < len(lines) and lines[i + 1].kind == "keywords"
        hole = lines[i].gap >= gap + 2 and lines[i].gap != 99
        if keyed or (not hole and i not in inside and (opens or _stands_out(lines, run, i, gap))):
            heading = i
            break
    parts = _parts(lines, run, heading, gap) if heading is not None else []
    for i in run:
        line = lines[i]
        if i in parts:
            lines[i] = replace(line, kind="heading", style="bare")
            if i != parts[0]:
                continued.add(i)
            decisions.append(
                Decision(
                    "heading", (line.start, line.end), None, 0.75, "短行，没有句末标点，后面是正文，是小标题"
                )
            )
        else:
            lines[i] = replace(line, kind="caption")
            why = (
                "夹在一句话中间的短行"
                if i in inside
                else "短行，没有句末标点，后面不是正文或上方留有图片空白"
            )
            decisions.append(_caption(line, why + "，是图片说明", 0.85 if i in inside else 0.7))


def _stands_out(lines: Sequence[Line], run: Sequence[int], at: int, gap: int) -> bool:
    """A short line without a hole among captions that all have one: a heading that lost its place."""
    if at != run[0] or len(run) < 2 or _EVENT.search(lines[at].ink):
        return False
    return all(lines[i].gap >= gap + 2 for i in run[1:])


def _parts(lines: Sequence[Line], run: Sequence[int], heading: int, gap: int) -> list[int]:
    """The heading with the line above it, if that is a short label or the heading reads on from it."""
    at = run.index(heading)
    if at == 0 or run[at - 1] != heading - 1:
        return [heading]
    label = lines[run[at - 1]]
    close = lines[heading].gap <= gap and (label.gap <= gap or label.gap == 99) and label.gap < 98
    short = len(label.ink) <= LONGEST_LABEL and not finished(label.ink) and not _EVENT.search(label.ink)
    if close and (short or reads_on(label, lines[heading])):
        return [run[at - 1], heading]
    return [heading]


def _caption(line: Line, reason: str, confidence: float) -> Decision:
    return Decision("caption", (line.start, line.end), None, confidence, reason)

"""Answer → the form asked for: a paragraph, points, shorter, in more detail, without what is to be taken out, and what that leaves out."""

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from qa.question.form import columns_of, things_in
from qa.text.divisions import find, short_name
from qa.text.figures import figures
from qa.text.sentences import split_clauses
from qa.text.spans import locate, without_blanks
from qa.text.units import sentence_spans
from qa.text.when import times_in
from qa.types import MARK, Answer, Citation, Edit, Form, Report

Coverage: TypeAlias = Callable[[str, str], float]  # share of what is asked that a text speaks of
TOLD = 0.7  # share from which a line speaks of a thing
CHANGES = "表格可以去掉、加上、换掉或只留几列几行，也可以按一列排序；别的回答可以去掉讲某件事的句子。"
UNDONE, OMITTED = "没有照做：", "因字数略去："
TONE = "语气没有改：改写句子要靠语言模型或人，这里的句子都照报告原文。改写以后，可以用“核稿”再核对一遍。"
_MOST_CITED = 3  # citations of an answer that is told in more detail so; one of more sentences is a summary
_ROOM = 160  # characters of each quote, without white space
AROUND = "原文上下文："


def length(text: str) -> int:
    """Count the characters of a text without marks, bullets and white space."""
    return len("".join(MARK.sub("", text).replace("- ", "").split()))


def shaped(answer: Answer, form: Form, coverage: Coverage) -> Answer:
    """Return the answer in a form; itself if none was asked for, or if it is an abstention.

    When the last answer is shortened, what shares least with the question goes first, then what has no figures.
    What was asked for and is left out so, and what could not be kept to, is said below.
    ``answer`` was checked and made in ``form.first``; each sentence of a paragraph is still a line.
    """
    if answer.outcome != "answered" or not answer.citations:
        return answer
    places = {short_name(citation.place) for citation in answer.citations}
    whole, undone = _without(answer.text.split("\n"), form.edits, places, coverage)
    lines = _cut(whole, form.first.characters, answer)
    if form.of:
        half = length("".join(lines)) // 2**form.shorter
        lines = _cut(lines, form.characters or (half if form.shorter else None), answer)
    bare = left = [line.removeprefix("- ") for line in lines]
    if form.flows:
        lines = ["".join(bare)]
    elif form.shape == "points":
        bare = bare if len(bare) > 1 or form.first.points == 1 else _clause_by_clause(bare[0])
        if each := form.each:
            bare = left = [
                _best_clauses(line, each, answer) if MARK.search(line) and length(line) > each else line
                for line in bare
            ]
        lines = [f"- {line}" if MARK.search(line) else line for line in bare]
    text = "\n".join(lines)
    notes = [*said_undone(undone), *_not_kept_to(bare, form), *[TONE] * form.tone]
    if length("".join(left)) < length("".join(whole)):
        asked = answer.standalone_question
        named = (*((start, end) for start, end, _ in find(asked)), *times_in(asked))
        things = columns_of(asked, named)[1]
        before, after = (_told(own, things, places, coverage) for own in (whole, left))
        notes = [*_left_out(before, after), *notes]
    kept = tuple(c for c in answer.citations if f"[{c.marker}]" in text)
    own = tuple(f for f in answer.figures if f.marker is None or f"[{f.marker}]" in text)
    return replace(answer, text="\n".join((text, *notes)), citations=kept, figures=own)


def said_undone(undone: Sequence[str]) -> list[str]:
    """Return the line that names the changes that were not made, if there are any."""
    return [f"{UNDONE}{'、'.join(f'“{words}”' for words in undone)}。{CHANGES}"] if undone else []


def _without(
    lines: list[str], edits: Sequence[Edit], places: Container[str], coverage: Coverage
) -> tuple[list[str], list[str]]:
    """Return the lines without those that speak of what is to be taken out, and the changes that cannot be made so."""
    labelled, undone = [*_labelled(lines, places)], list[str]()
    cited = {at for at, line in enumerate(lines) if MARK.search(line)}
    left = cited
    for edit in edits:
        things = things_in(edit.thing, ()) if edit.change == "drop" else ()
        out = {at for at in left if any(coverage(thing, "".join(labelled[at])) >= TOLD for thing in things)}
        undone += [edit.words] * (not out or out == left)
        left = left if out == left else left - out
    return (lines if left == cited else _under_labels(labelled, left)), undone


def _told(
    lines: Sequence[str], things: Sequence[str], places: Container[str], coverage: Coverage
) -> dict[tuple[str, str], None]:
    """Return each place and term of which lines tell, with ``""`` and with each of several things that are told of it."""
    told = dict[tuple[str, str], None]()
    for line, (label, words) in zip(lines, _labelled(lines, places), strict=True):
        if MARK.search(line):
            own = [thing for thing in things if len(things) > 1 and coverage(thing, words) >= TOLD]
            told |= dict.fromkeys((label.strip("- ：\n"), thing) for thing in ("", *own))
    return told


def _left_out(before: Collection[tuple[str, str]], after: Collection[tuple[str, str]]) -> list[str]:
    """Return the line that names the places and terms, and the things of others, of which less is told now."""
    several = len({label for label, _ in before}) > 1
    lost = [label for label, thing in before if not thing and (label, "") not in after]
    for label, thing in before:
        if (label, thing) not in after and label not in lost:
            lost.append(f"{label}的{thing}" if several else thing)
    return [f"{OMITTED}{'、'.join(lost)}。"] if lost else []


def _not_kept_to(lines: Sequence[str], form: Form) -> list[str]:
    """Return what was asked of the points and is not so: how many they are, and how long each is."""
    points, told = form.first.points, [line for line in lines if MARK.search(line)]
    if form.shape != "points":
        return []
    other = points and len(told) != points and not form.shorter
    notes = [f"要求{points}条，原文的句子只合成{len(told)}条。"] if other else []
    long = sum(0 < (form.each or 0) < length(line) for line in told)
    return notes + [f"有{long}条超过{form.each}字：原文没有可以断开的地方。"] * bool(long)


def _clause_by_clause(line: str) -> list[str]:
    """Return a cited line as its clauses, each with its citations; after a colon they stand under what is before it."""
    head, colon, told = line.rpartition("：")
    marks = "".join(match.group() for match in MARK.finditer(told))
    bare = MARK.sub("", told).rstrip("。")
    clauses = [bare[a:b].rstrip("，；") for a, b in split_clauses(bare)]
    if not marks or len(clauses) < 2:
        return [line]
    return [*filter(None, [head + colon]), *(f"{clause}{marks}。" for clause in clauses)]


def _cut(lines: list[str], characters: int | None, answer: Answer) -> list[str]:
    """Return the cited lines that fit, each under its label, at least one; then the others if they fit, too.

    A sentence of a paragraph that does not fit is cut to clauses that do, if these have all its words of the question.
    If no line fits, one is cut to its best clauses, at least one; a single line to the short answer if that fits.
    """
    if not characters:
        return lines
    short = answer.short
    if len(lines) == len(answer.citations) == 1 and short and len(short) < characters < length(lines[0]):
        label, colon, _ = lines[0].rpartition("：")
        return [f"{label}{colon}{short}[1]。"]
    places = {short_name(citation.place) for citation in answer.citations}
    labelled = [*_labelled(lines, places)]
    cited = [at for at, line in enumerate(lines) if MARK.search(line)]

    kept = set[int]()
    by_worth = sorted(cited, key=lambda at: _worth(labelled[at][1], answer), reverse=True)
    others = [at for at, line in enumerate(lines) if at not in cited and not line.endswith("：")]
    for at in (*by_worth, *others):
        label, line = labelled[at]
        room = characters - length("".join(_under_labels(labelled, {*kept, at}))) + length(line)
        whole = lines[at].startswith("- ") or at not in cited or length(line) <= room
        part = line if whole else _best_clauses(line, room, answer)
        tells = part == line or _worth(part, answer)[0] == _worth(line, answer)[0] > 0
        if length(part) <= room and tells and (at in cited or kept.issuperset(cited)):
            labelled[at] = label, part
            kept.add(at)
    if kept or not cited:
        return _under_labels(labelled, kept) if cited else lines
    alone = (label.rstrip("\n") + line.removeprefix("- ") for label, line in (labelled[at] for at in cited))
    cut = (_best_clauses(line, characters, answer) for line in alone)
    return [max(cut, key=lambda line: _worth(line, answer))]


def _under_labels(labelled: Sequence[tuple[str, str]], chosen: Container[int]) -> list[str]:
    """Return the chosen lines, each label before the first of its own."""
    shown, made = "", list[str]()
    for at, (label, line) in enumerate(labelled):
        if at in chosen:
            made += [label] * (label.endswith("：\n") and label != shown)
            under = label in ("", shown) or label.endswith("\n")
            made.append(line if under else label + line.removeprefix("- "))
            shown = label
    return [line.rstrip("\n") for line in made]


def _labelled(lines: Sequence[str], places: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield each line with the label that holds for it: its own, a place or years before a colon, or that of a line above.

    A label with a line of its own ends with a line break.
    """
    label = ""
    for line in lines:
        head, colon, rest = line.partition("：")
        own = bool(colon) and (head.endswith("）") or head.removeprefix("- ") in places)
        if MARK.search(line):
            label = head + colon if own else label
            yield label, rest if own else line
        else:
            label = f"{line}\n" if line.endswith("：") else label
            yield "", line


def _best_clauses(line: str, characters: int, answer: Answer) -> str:
    """Return a cited line cut to clauses in a row that fit and have all its words of the question; else to its first clauses.

    It has as many as fit, at least one, and those after a time (2020年之前) not without it.
    """
    head, colon, told = line.rpartition("：")
    clauses = _clause_by_clause(told)
    marks = "".join(match.group() for match in MARK.finditer(clauses[-1]))
    bare = [MARK.sub("", clause).rstrip("。") for clause in clauses]
    timed = next((at for at, clause in enumerate(bare) if times_in(clause)), len(bare) - 1)
    runs = [(a, b) for a in range(timed + 1) for b in range(a + 1, len(bare) + 1)]
    cut = [f"{head}{colon}{'，'.join(bare[a:b])}{marks}。" for a, b in runs]
    first, fitting = cut[: len(bare)], [text for text in cut if length(text) <= characters]
    all_words = _words_of_question(line, answer)
    telling = [text for text in fitting if _words_of_question(text, answer) == all_words]
    return max(telling or [text for text in first if text in fitting] or cut[:1], key=length)


def _worth(line: str, answer: Answer) -> tuple[int, bool]:
    """Return what decides which line stays: the words of the question without the places, then figures."""
    return _words_of_question(line, answer), bool(figures(MARK.sub("", line)))


def _words_of_question(line: str, answer: Answer) -> int:
    """Count the pairs of characters of the question that a line has, without those of the places."""
    places = "。".join({short_name(citation.place) for citation in answer.citations})
    words, pairs = MARK.sub("", line), set(map("".join, pairwise(answer.standalone_question)))
    return sum(pair in words and pair not in places for pair in pairs)


def in_full(answer: Answer, reports: Mapping[str, Report]) -> Answer:
    """Return the answer with what stands around its few citations, quoted and cited; itself if nothing does."""
    if len(answer.citations) > _MOST_CITED:
        return answer
    lines, citations = [answer.text], [*answer.citations]
    of_paragraph = defaultdict[tuple[str, int], list[Citation]](list)
    for citation in answer.citations:
        of_paragraph[citation.report_id, citation.paragraph].append(citation)
    for (report, _), own in of_paragraph.items():
        if wide := _widened(own, reports[report], len(citations) + 1):
            quote = without_blanks(wide.quote).replace("“", "‘").replace("”", "’")
            lines.append(f"{AROUND}“{quote}”[{wide.marker}]。")
            citations.append(wide)
    return replace(answer, text="\n".join(lines), citations=tuple(citations))


def _widened(own: Sequence[Citation], report: Report, marker: int) -> Citation | None:
    """Return a citation of the sentences that citations of one paragraph quote and of whole ones around them.

    There are as many of those as there is room for, the nearest first; None if there are none.
    """
    paragraph, source = report.paragraphs[own[0].paragraph], report.source.text
    spans = sentence_spans(paragraph)
    quoted = {at for citation in own for at, _ in citation.spans}
    held = [s for s in spans if any(a <= at < b for a, b in locate(paragraph, source, *s) for at in quoted)]
    if not held:
        return None
    (start, _), (_, end) = held[0], held[-1]
    size, told = len(without_blanks(paragraph.text[start:end])), (start, end)
    around = sorted((max(a - end, start - b), a, b) for a, b in spans if a >= end or b <= start)
    for _, a, b in around:
        size += len(without_blanks(paragraph.text[a:b]))
        if size > _ROOM:
            break
        start, end = min(start, a), max(end, b)
    quote = paragraph.text[start:end].strip()
    wide = replace(own[0], marker=marker, quote=quote, spans=locate(paragraph, source, start, end))
    return wide if (start, end) != told else None

"""Conversation → checked Answer, with any engine: plan, search, read, judge, correct or search again, shape."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.answering.refusal import unsure
from qa.answering.wording import wording_of
from qa.checking import check
from qa.checking.statements import Fault, judge
from qa.engines.client import LLMFailure
from qa.engines.composing import citations_of
from qa.engines.records import Ask, Conversation, Engine, Plan, Reading, Statement, Step, Watch
from qa.index import Index
from qa.retrieval import PASSAGES, found_and_ranked, interleave, ranked, search, with_nearest
from qa.text.divisions import short_name
from qa.text.figures import figures
from qa.text.sentences import split_clauses
from qa.types import MARK, Answer, Form, Hit, Query

MORE_SEARCHES = 2  # that an engine may ask for in one question
LEFT_OUT = "另有说法没有通过核对，已略去。"
TONE = "语气没有改：改写句子要靠语言模型或人，这里的句子都照报告原文。改写以后，可以用“核稿”再核对一遍。"


def ignore_step(step: Step) -> None:
    """Ignore a step."""


def answer_with(
    engine: Engine, index: Index, conversation: Conversation, watch: Watch = ignore_step
) -> Answer:
    """Return the checked answer of an engine; raise LLMFailure as it does.

    ``watch`` is called with each step as it begins, and with each statement that passes the check.
    """
    watch(Step("plan"))
    plan = engine.plan(conversation)
    work = _Work(engine, index, plan, watch)
    readings = [work.read(ask) for ask in plan.asks] if plan.query.kind != "chatter" else []
    found = [reading.passages for reading in readings]
    searched = engine.wide or not found
    passages = interleave(found, PASSAGES) if searched else ranked(index, plan.query, found, PASSAGES)
    rejected = any(reading.rejected for reading in readings)
    if rejected and not any(reading.statements for reading in readings):
        return with_nearest(unsure(plan.query, passages))
    echoed = " ".join((*conversation.history, conversation.question))

    def in_form(form: Form) -> Answer:
        asked = replace(plan, query=replace(plan.query, form=form))
        return check(engine.say(asked, readings, passages), index.by_id, echoed=echoed)

    form = conversation.query.form
    answer = in_form(form.first)
    if form.of and (form.characters or 0) > length(answer.text):  # longer than it was
        form = replace(form, of=None)
        answer = in_form(form)
    answer = shaped(answer, form)
    if rejected and answer.citations:
        answer = replace(answer, text=f"{answer.text}\n{LEFT_OUT}")
    return with_nearest(answer)


@dataclass(slots=True)
class _Work:
    """Reads the things of a plan one by one."""

    engine: Engine
    index: Index
    plan: Plan
    watch: Watch
    searches_left: int = MORE_SEARCHES

    def read(self, ask: Ask) -> Reading:
        """Return the reading of one thing, with the statements that pass the check."""
        self.watch(Step("search", ask.text))
        hits = self._look_up(ask.query)
        reading = self._read_sound(ask, hits)
        rejected = reading.rejected
        while not reading.statements and reading.search and self.searches_left:
            self.searches_left -= 1
            self.watch(Step("search", reading.search))
            scopes = tuple(replace(scope, topic=reading.search) for scope in ask.query.scopes)
            found = self._look_up(replace(ask.query, scopes=scopes, standalone=reading.search))
            hits = interleave((found, hits), PASSAGES)
            reading = self._read_sound(ask, hits)
            rejected += reading.rejected
        # The passages that were read come first, then the others that were found.
        return replace(
            reading, passages=interleave(((*reading.passages, *hits),), PASSAGES), rejected=rejected
        )

    def _look_up(self, query: Query) -> tuple[Hit, ...]:
        """Return what the query's scopes find; if the engine is wide, also the best of everything."""
        if self.engine.wide:
            return found_and_ranked(self.index, query, PASSAGES)[1]
        return interleave(search(self.index, query, PASSAGES), PASSAGES)

    def _read_sound(self, ask: Ask, hits: Sequence[Hit]) -> Reading:
        """Return the reading after the engine could correct its faults once, unless fewer statements hold then."""
        reading, faults = self._read_and_judged(ask, hits, ())
        if faults:
            self.watch(Step("mend"))
            with suppress(LLMFailure):
                mended, _ = self._read_and_judged(ask, hits, faults)
                reading = mended if len(mended.statements) >= len(reading.statements) else reading
        for statement in reading.statements:
            self.watch(Step("stated", statement.text))
        return reading

    def _read_and_judged(
        self, ask: Ask, hits: Sequence[Hit], faults: Sequence[tuple[Statement, Fault]]
    ) -> tuple[Reading, list[tuple[Statement, Fault]]]:
        """Return a reading with the statements that hold, and those that do not with their faults."""
        self.watch(Step("read", ask.text, len(hits)))
        reading = self.engine.read(self.plan, ask, hits, faults)
        self.watch(Step("check"))
        sound, found = list[Statement](), list[tuple[Statement, Fault]]()
        for statement in reading.statements:
            _, citations = citations_of([(statement.text, statement.evidence)])
            known = statement.evidence and not statement.unknown_marks
            own = citations if known else ()
            if fault := judge(statement.text, own, self.index.by_id, wording_of(self.index)):
                found.append((statement, fault))
            else:
                sound.append(statement)
        return replace(reading, statements=tuple(sound), rejected=len(found)), found


def length(text: str) -> int:
    """Count the characters of a text without marks, bullets and white space."""
    return len("".join(MARK.sub("", text).replace("- ", "").split()))


def shaped(answer: Answer, form: Form) -> Answer:
    """Return the answer in a form; itself if none was asked for, or if it is an abstention.

    When the last answer is shortened, what shares least with the question goes first, then what has no figures.
    ``answer`` was checked and made in ``form.first``; each sentence of a paragraph is still a line.
    """
    if answer.outcome != "answered" or not answer.citations:
        return answer
    lines = _cut(answer.text.split("\n"), form.first.characters, answer)
    if form.of:
        half = length("".join(lines)) // 2**form.shorter
        lines = _cut(lines, form.characters or (half if form.shorter else None), answer)
    bare = [line.removeprefix("- ") for line in lines]
    if form.flows:
        lines = ["".join(bare)]
    elif form.shape == "points":
        bare = bare if len(bare) > 1 else _clause_by_clause(bare[0])
        lines = [f"- {line}" if MARK.search(line) else line for line in bare]
    text = "\n".join(lines)
    kept = tuple(c for c in answer.citations if f"[{c.marker}]" in text)
    own = tuple(f for f in answer.figures if f.marker is None or f"[{f.marker}]" in text)
    return replace(answer, text=f"{text}\n{TONE}" if form.tone else text, citations=kept, figures=own)


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

    If no line fits, one is cut to its first clauses, at least one; a single line to the short answer if that fits.
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

    def worth(line: str) -> tuple[int, bool]:
        return _worth(MARK.sub("", line), answer)

    def told(chosen: Container[int]) -> list[str]:
        shown, made = "", list[str]()
        for at, (label, line) in enumerate(labelled):
            if at in chosen:
                made += [label] * (label.endswith("：\n") and label != shown)
                under = label in ("", shown) or label.endswith("\n")
                made.append(line if under else label + line.removeprefix("- "))
                shown = label
        return [line.rstrip("\n") for line in made]

    kept = set[int]()
    others = [at for at, line in enumerate(lines) if at not in cited and not line.endswith("：")]
    for at in (*sorted(cited, key=lambda at: worth(labelled[at][1]), reverse=True), *others):
        if length("".join(told({*kept, at}))) <= characters and (at in cited or kept.issuperset(cited)):
            kept.add(at)
    if kept or not cited:
        return told(kept) if cited else lines
    cut = (_first_clauses("".join(labelled[at]).replace("\n", ""), characters) for at in cited)
    return [max(cut, key=worth)]


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


def _first_clauses(line: str, characters: int) -> str:
    """Return a cited line without the last of its clauses, so that it is as long as it may be, at least its first."""
    head, colon, told = line.rpartition("：")
    clauses = _clause_by_clause(told)
    while len(clauses) > 1 and length(head + colon + "".join(clauses)) > characters:
        clauses.pop()
    words = "，".join(MARK.sub("", clause).rstrip("。") for clause in clauses)
    return f"{head}{colon}{words}{''.join(match.group() for match in MARK.finditer(clauses[-1]))}。"


def _worth(line: str, answer: Answer) -> tuple[int, bool]:
    """Return what decides which line stays: the words of the question, then figures."""
    pairs = set(map("".join, pairwise(answer.standalone_question)))
    return sum(pair in line for pair in pairs), bool(figures(line))

"""Conversation → checked Answer, in the form asked for, by either engine.

The rules search what the grammar found, and read and write in one step. A language model plans, and reads one thing
after the other; its statements are judged, it may correct them and search again, and an answer is composed of them.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from qa.answering import answer
from qa.answering.refusal import unsure
from qa.answering.wording import Wording, wording_of
from qa.checking import check
from qa.checking.statements import Fault, judge
from qa.engines.client import LLMFailure
from qa.engines.composing import citations_of, composed
from qa.engines.model import LanguageModel
from qa.engines.records import Ask, Conversation, Plan, Reading, Statement, Step, Watch
from qa.engines.shaping import in_full, length, shaped
from qa.index import Index
from qa.retrieval import PASSAGES, SHOWN, found_and_ranked, interleave, ranked, search, with_nearest
from qa.types import Answer, Form, Hit, Query

MORE_SEARCHES = 2  # that a language model may ask for in one question
LEFT_OUT = "另有说法没有通过核对，已略去。"
ABOUT = 0.5  # share of what is asked that a passage about it holds
FURTHER = "此外没有确定的内容了。下面是还没有显示过的相关段落，请自行判断。"
NOTHING = "没有更多了：库里说到这件事的段落都已经显示过。"


def ignore_step(step: Step) -> None:
    """Ignore a step."""


def answer_by_rules(
    index: Index, conversation: Conversation, watch: Watch = ignore_step, least: float | None = None
) -> Answer:
    """Return the checked answer of grammar, trained rankers and the reader: extractive, the same for the same input.

    ``watch`` is called with each step as it begins; ``least`` is how sure it has to be, None for as calibrated.
    """
    watch(Step("plan"))
    query, found = conversation.query, list[tuple[Hit, ...]]()
    for scope in query.scopes if query.kind != "chatter" else ():
        watch(Step("search", scope.topic))
        found += search(index, replace(query, scopes=(scope,)), PASSAGES)
        watch(Step("read", scope.topic, len(found[-1])))
        watch(Step("check"))
    passages = ranked(index, query, found, PASSAGES) if found else ()

    def said(form: Form) -> Answer:
        return answer(index, replace(query, form=form), found, passages, least)

    return with_nearest(_in_form(index, conversation, said))


def answer_with(
    engine: LanguageModel, index: Index, conversation: Conversation, watch: Watch = ignore_step
) -> Answer:
    """Return the checked answer of a language model; raise LLMFailure as it does.

    ``watch`` is called with each step as it begins, and with each statement that passes the check.
    """
    watch(Step("plan"))
    plan = engine.plan(conversation)
    work = _Work(engine, index, plan, watch)
    readings = [work.read(ask) for ask in plan.asks] if plan.query.kind != "chatter" else []
    passages = interleave([reading.passages for reading in readings], PASSAGES)
    rejected = any(reading.rejected for reading in readings)
    if rejected and not any(reading.statements for reading in readings):
        return with_nearest(unsure(plan.query, passages))

    def said(form: Form) -> Answer:
        formed = replace(plan, query=replace(plan.query, form=form))
        return composed(formed, readings, passages, index.reports)

    told = _in_form(index, conversation, said)
    if rejected and told.citations:
        told = replace(told, text=f"{told.text}\n{LEFT_OUT}")
    return with_nearest(told)


def _in_form(index: Index, conversation: Conversation, said: Callable[[Form], Answer]) -> Answer:
    """Return what is said, checked and in the form that is asked for."""
    echoed = " ".join((*conversation.history, conversation.query.asked))
    form = conversation.query.form
    made = in_full(said(form.first), index.by_id) if form.fuller else said(form.first)
    told = check(made, index.by_id, echoed=echoed)
    if form.more:
        return _further(told, conversation.query, wording_of(index))
    if form.of and (form.characters or 0) > length(told.text):  # longer than it was
        form = replace(form, of=None)
        told = check(said(form), index.by_id, echoed=echoed)
    return shaped(told, form, wording_of(index).coverage)


def _further(answer: Answer, query: Query, wording: Wording) -> Answer:
    """Return the passages about a question that neither its answer nor an earlier request for more showed.

    The answer itself if its place is in no report, or nothing was asked of the reports.
    """
    if query.refusal or query.kind == "chatter":
        return answer
    shown = {(citation.report_id, citation.paragraph) for citation in answer.citations}
    shown |= {near.hit.position for near in with_nearest(answer).nearest}
    left = [hit for hit in answer.passages if hit.report.id in query.report_ids and hit.position not in shown]
    left = [hit for hit in left if wording.coverage(query.topic, hit.paragraph.text) >= ABOUT]
    left = left[SHOWN * (query.form.more - 1) :]
    rest = replace(answer, text=FURTHER if left else NOTHING, passages=tuple(left), nearest=())
    rest = replace(rest, short=None, calculation=(), citations=(), figures=(), missing=(), table=None)
    return with_nearest(replace(rest, abstained=True, reason="unsure" if left else None))


@dataclass(slots=True)
class _Work:
    """Reads the things of a plan one by one."""

    engine: LanguageModel
    index: Index
    plan: Plan
    watch: Watch
    searches_left: int = MORE_SEARCHES

    def read(self, ask: Ask) -> Reading:
        """Return the reading of one thing, with the statements that pass the check."""
        words, query, hits, rejected = ask.text, ask.query, tuple[Hit, ...](), 0
        while True:
            self.watch(Step("search", words))
            _, found = found_and_ranked(self.index, query, PASSAGES)
            hits = interleave((found, hits), PASSAGES)
            reading = self._read_sound(ask, hits)
            rejected += reading.rejected
            if reading.statements or not reading.search or not self.searches_left:
                break
            self.searches_left -= 1
            words = reading.search
            scopes = tuple(replace(scope, topic=words) for scope in query.scopes)
            query = replace(query, scopes=scopes, standalone=words)
        # The passages that were read come first, then the others that were found.
        return replace(
            reading, passages=interleave(((*reading.passages, *hits),), PASSAGES), rejected=rejected
        )

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
            if fault := judge(statement.text, citations, self.index.by_id, wording_of(self.index)):
                found.append((statement, fault))
            else:
                sound.append(statement)
        return replace(reading, statements=tuple(sound), rejected=len(found)), found

"""The engine of a language model: it plans, reads and names operands, and computes nothing.

A question becomes a prompt, and the reply a Plan that invents no place and no year; passages become a prompt, and the
reply a Reading, whose statements are judged elsewhere.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain

from qa.answering.computation import operation_of
from qa.answering.statement import Evidence
from qa.checking.statements import Fault
from qa.engines.client import Failure, LLMFailure, Model
from qa.engines.frame import Shown, bordered, framed, labelled, neutral, pieces, shown_sentences
from qa.engines.prompts import ANSWER_LABELS, CHATTER, FAULTS, MEND, OPERATIONS, PLAN, PLAN_LABELS, READ
from qa.engines.records import Ask, Conversation, Operand, Plan, Reading, Statement
from qa.errors import QAError
from qa.question import Catalogue
from qa.text.divisions import find, short_name
from qa.text.figures import amounts_in, figures, is_year
from qa.text.sentences import is_injection
from qa.types import Hit, Query

Grammar = Callable[[str], Query]  # parses a standalone question by rules, filters included
TURNS = 8  # earlier questions that are shown
MOST_ASKS = 6
MOST_CHARACTERS = 200  # of a completed question or of one thing to look up
LISTED = 800  # characters of the list of reports
REPLY = 700  # tokens reserved for the reply
LONGEST_SHORT = 60  # characters
MOST_STATEMENTS = 24

_PASSING: frozenset[Failure] = frozenset(("busy", "malformed", "refused"))  # the next call may go well


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Reads with a language model; every call may raise LLMFailure."""

    model: Model
    catalogue: Catalogue
    grammar: Grammar
    context: int  # tokens of a call, question and reply together

    def plan(self, conversation: Conversation) -> Plan:
        """Return the model's plan; where its reply fails, the rules replace all of it."""
        try:
            reply = self.model(PLAN, planning_material(conversation, self.catalogue))
        except LLMFailure as failure:
            if failure.kind not in _PASSING:
                raise
            reply = ""
        return plan_of(reply, conversation, self.catalogue, self.grammar)

    def read(
        self, plan: Plan, ask: Ask, passages: Sequence[Hit], faults: Sequence[tuple[Statement, Fault]]
    ) -> Reading:
        """Return what passages state about one thing, correcting the ``faults`` of an earlier reading."""
        shown, material = reading_material(plan, ask, passages, faults, self.context)
        if not shown:
            return Reading(ask, (), missing=ask.text)
        return reading_of(self.model(READ, material), ask, shown)


def planning_material(conversation: Conversation, catalogue: Catalogue) -> str:
    """Return the user's message: what the library has, what was asked before, what is asked now."""
    before = [f"先前问：{neutral(turn)}" for turn in conversation.history[-TURNS:]]
    return bordered(
        [f"库里有：{_listed(catalogue)}", *before, f"现在问：{neutral(conversation.query.asked)}"]
    )


def plan_of(reply: str, conversation: Conversation, catalogue: Catalogue, grammar: Grammar) -> Plan:
    """Return the plan of a reply; the rules replace what cannot be used of it."""
    query = conversation.query
    lines = labelled(reply, PLAN_LABELS)
    if [text for _, text in lines] == [CHATTER]:
        query = replace(query, kind="chatter", refusal=None)
        return Plan((Ask(query.standalone, query),), "", query)
    sound = [(kind, text) for kind, text in lines if _is_sound(text, conversation, catalogue)]
    completed = next((text for kind, text in sound if kind == "question" and conversation.history), "")
    # The first question is taken literally.
    standalone = completed or (query.standalone if conversation.history else query.asked)
    asked = [re.sub(r"\s*[|｜]\s*", "", text) for kind, text in sound if kind == "ask"]  # 甲市｜2023年｜书屋
    understood = (_read(grammar, standalone) if completed else None) or query
    understood = replace(understood, asked=query.asked, standalone=standalone)
    texts = list(dict.fromkeys(asked))[:MOST_ASKS]
    asks = tuple(Ask(text, read) for text in texts if (read := _read(grammar, text)))
    operation = operation_named(next((text for kind, text in lines if kind == "operation"), ""))
    if not asks and len(understood.scopes) > 1:  # each place and term by the rules
        asks = tuple(Ask(f"{s.label}{s.topic}", replace(understood, scopes=(s,))) for s in understood.scopes)
        operation = operation_of(standalone) if understood.kind == "computation" else ""
    elif len(asks) < 2:  # searched in its own words and in those of the question
        scopes = [scope for query in (*(ask.query for ask in asks), understood) for scope in query.scopes]
        whole = replace(understood, scopes=tuple(dict.fromkeys(scopes)))
        asks, operation = (Ask(asks[0].text if asks else standalone, whole),), ""
    return Plan(asks, operation, understood)


def operation_named(text: str) -> str:
    """Return the operation that a model's words name first, or ``""``.

    >>> operation_named("算两个数的差"), operation_named("无")
    ('difference', '')
    """
    found = [(text.find(word), operation) for word, operation in OPERATIONS.items() if word in text]
    return min(found)[1] if found else ""


def _read(grammar: Grammar, text: str) -> Query | None:
    """Parse a text by the rules; None if the filters of the question leave it no report."""
    try:
        return grammar(text)
    except QAError:
        return None


def _listed(catalogue: Catalogue) -> str:
    """List whose reports there are; years are left to the grammar, which knows 上一届 and 换届以后."""
    labels = dict.fromkeys(neutral(term.label.partition("（")[0]) for term in catalogue.terms if term.label)
    lengths = accumulate(len(label) + 1 for label in labels)
    shown = [label for label, length in zip(labels, lengths, strict=True) if length <= LISTED]
    return "、".join(shown) + (f"等{len(labels)}处" if len(shown) < len(labels) else "")


def _is_sound(text: str, conversation: Conversation, catalogue: Catalogue) -> bool:
    """Whether a text is usable: short, and without places, years and figures that nobody named."""
    turns = (*conversation.history, conversation.query.asked, conversation.query.standalone)
    said, values = "".join(turns), {f.value for turn in turns for f in figures(turn)}
    return (
        1 < len(text) <= MOST_CHARACTERS
        and all(short_name(p.name) in said or p.name in catalogue.divisions for _, _, p in find(text))
        and all(
            f.value in values
            or (is_year(f) and any(p.start - 1 <= f.value <= p.end for p in catalogue.periods))
            for f in figures(text)
        )
    )


def reading_material(
    plan: Plan, ask: Ask, hits: Sequence[Hit], faults: Sequence[tuple[Statement, Fault]], context: int
) -> tuple[Shown, str]:
    """Return the sentences shown and the user's message, whose numbers name them.

    ``context`` are tokens of input and output together; a Chinese character counts as one.
    """
    after = [f"问题：{neutral(plan.query.standalone)}"]
    if len(plan.asks) > 1:
        after.append(f"现在只答其中这一项：{neutral(ask.text)}")
    if faults:
        said = (("略" if is_injection(one.text) else neutral(one.text), fault) for one, fault in faults)
        after += [MEND, *(f"未采用：{text}（{FAULTS[fault.kind]}）" for text, fault in said)]
    room = context - REPLY - len(READ) - sum(map(len, after))
    shown = shown_sentences(hits, room)
    return shown, framed(shown, *after)


def reading_of(reply: str, ask: Ask, shown: Shown) -> Reading:
    """Parse the statements of a reply, with the sentences that its marks name."""
    lines = labelled(reply, ANSWER_LABELS)
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    numbered = dict(enumerate(chain.from_iterable(shown), 1))
    for kind, text in lines:
        by_kind[kind] += [text] if text else []
    said = [(kind, text) for kind, text in lines if kind in ("answer", "correction", "")]
    marked = ((kind, text) for kind, text in said if kind or any(numbers for _, numbers in pieces(text)))
    statements = [*_statements(marked, numbered)]
    if not statements and not by_kind["missing"]:  # another format: its faults will be pointed out
        statements = [*_statements(said, numbered)]
    operation = next(iter(by_kind["operation"]), "")
    operands = tuple(_operands(operation, numbered))
    short = next((piece for text in by_kind["short"] for piece, _ in pieces(text)), "")
    return Reading(
        ask=ask,
        passages=tuple(own[0].hit for own in shown),
        statements=tuple(statements[:MOST_STATEMENTS]),
        short=short if len(short) <= LONGEST_SHORT else "",
        operation=operation_named(operation) if len(operands) > 1 else "",
        operands=operands,
        missing="；".join(by_kind["missing"]),
        search=next((text for text in by_kind["search"] if 1 < len(text) <= LONGEST_SHORT), ""),
    )


def _statements(lines: Iterable[tuple[str, str]], numbered: Mapping[int, Evidence]) -> Iterator[Statement]:
    for kind, text in lines:
        for piece, numbers in pieces(text):
            evidence = tuple(numbered[n] for n in numbers) if numbered.keys() >= set(numbers) else ()
            yield Statement(piece, evidence, "correction" if kind == "correction" else "answer")


def _operands(text: str, numbered: Mapping[int, Evidence]) -> Iterator[Operand]:
    """Yield the last amount before each group of marks, with the first sentence that the marks name."""
    for piece, numbers in pieces(text):
        amounts = amounts_in(piece)
        evidence = next((numbered[n] for n in numbers if n in numbered), None)
        if amounts and evidence:
            yield Operand(amounts[-1], evidence)

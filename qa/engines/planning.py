"""A conversation → what a language model is asked to plan by; its reply → a Plan that invents no place and no year."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from qa.engines.frame import bordered, neutral
from qa.engines.lines import labelled
from qa.engines.prompts import CHATTER, OPERATIONS, PLAN_LABELS
from qa.engines.records import Ask, Conversation, Plan
from qa.errors import QAError
from qa.question import Catalogue
from qa.text.divisions import find, short_name
from qa.text.figures import figures, is_year
from qa.types import Query

Grammar = Callable[[str], Query]  # a question that stands alone → as the rules read it, filters included
TURNS = 8  # earlier questions that are shown
MOST_ASKS = 6
MOST_CHARACTERS = 200  # of a completed question or of one thing to look up
LISTED = 800  # characters of the list of reports


def planning_material(conversation: Conversation, catalogue: Catalogue) -> str:
    """The user's message: what the library has, what was asked before, what is asked now."""
    before = [f"先前问：{neutral(turn)}" for turn in conversation.history[-TURNS:]]
    return bordered([f"库里有：{_listed(catalogue)}", *before, f"现在问：{neutral(conversation.question)}"])


def plan_of(reply: str, conversation: Conversation, catalogue: Catalogue, grammar: Grammar) -> Plan:
    """The plan that a reply makes; what of it cannot be used is as the rules have it."""
    query = conversation.query
    lines = labelled(reply, PLAN_LABELS)
    if [text for _, text in lines] == [CHATTER]:
        return only_ask(replace(query, kind="chatter", refusal=None))
    sound = _Sound(conversation, catalogue)
    told = (
        [text for kind, text in lines if kind == "question" and sound(text)] if conversation.history else []
    )
    standalone = told[0] if told else in_full(conversation)
    asked = [text for kind, text in lines if kind == "ask" and sound(text)]
    texts = list(dict.fromkeys(map(_plain, asked)))[:MOST_ASKS] or [standalone]
    understood = (_read(grammar, standalone) if told else None) or query
    understood = replace(understood, asked=conversation.question, standalone=standalone)
    asks = tuple(Ask(text, read) for text in texts if (read := _read(grammar, text)))
    if len(asks) < 2:
        asks = (_in_both_wordings(asks[0].text if asks else standalone, asks, understood),)
    operation = next((text for kind, text in lines if kind == "operation"), "")
    return Plan(standalone, asks, operation_named(operation) if len(asks) > 1 else "", understood)


def only_ask(query: Query) -> Plan:
    """The plan of one thing to look up: the question as the rules read it."""
    return Plan(query.standalone, (Ask(query.standalone, query),), "", query)


def in_full(conversation: Conversation) -> str:
    """The question that stands alone, as far as the rules can tell: the words themselves where it is the first."""
    return conversation.query.standalone if conversation.history else conversation.question


def operation_named(text: str) -> str:
    """The operation that words of a model name first, or ``""``.

    >>> operation_named("算两个数的差"), operation_named("无")
    ('difference', '')
    """
    found = [(text.find(word), operation) for word, operation in OPERATIONS.items() if word in text]
    return min(found)[1] if found else ""


def _read(grammar: Grammar, text: str) -> Query | None:
    """A text as the rules read it; None where the filters of the question leave it no report."""
    try:
        return grammar(text)
    except QAError:
        return None


def _in_both_wordings(text: str, asks: Sequence[Ask], whole: Query) -> Ask:
    """The only thing to look up, searched in its own words and in those of the question."""
    scopes = [scope for query in (*(ask.query for ask in asks), whole) for scope in query.scopes]
    return Ask(text, replace(whole, scopes=tuple(dict.fromkeys(scopes))))


def _plain(text: str) -> str:
    """``甲市｜2023年｜书屋多少家`` without its bars."""
    return re.sub(r"\s*[|｜]\s*", "", text)


def _listed(catalogue: Catalogue) -> str:
    """Whose reports there are; their years are left to the grammar, which knows 上一届 and 换届以后."""
    labels = dict.fromkeys(neutral(term.label.partition("（")[0]) for term in catalogue.terms if term.label)
    shown: list[str] = []
    room = LISTED
    for label in labels:
        room -= len(label) + 1
        if room < 0:
            return "、".join(shown) + f"等{len(labels)}处"
        shown.append(label)
    return "、".join(shown)


class _Sound:
    """Whether a text can be used: short, and without a place, a year or a figure that nobody named."""

    def __init__(self, conversation: Conversation, catalogue: Catalogue) -> None:
        turns = (*conversation.history, conversation.question, conversation.query.standalone)
        self._said = "".join(turns)
        self._values = {f.value for turn in turns for f in figures(turn)}
        self._catalogue = catalogue

    def __call__(self, text: str) -> bool:
        if not 1 < len(text) <= MOST_CHARACTERS:
            return False
        return all(map(self._known_place, _places(text))) and all(
            f.value in self._values or (is_year(f) and self._covered(int(f.value))) for f in figures(text)
        )

    def _known_place(self, name: str) -> bool:
        return short_name(name) in self._said or name in self._catalogue.divisions

    def _covered(self, year: int) -> bool:
        return any(period.start - 1 <= year <= period.end for period in self._catalogue.periods)


def _places(text: str) -> Iterable[str]:
    return (place.name for _, _, place in find(text))

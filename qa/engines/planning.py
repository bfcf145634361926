"""Write the planning prompt, and parse the reply to a Plan that invents no place and no year."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from qa.engines.frame import bordered, labelled, neutral
from qa.engines.prompts import CHATTER, OPERATIONS, PLAN_LABELS
from qa.engines.records import Ask, Conversation, Plan
from qa.errors import QAError
from qa.question import Catalogue
from qa.text.divisions import find, short_name
from qa.text.figures import figures, is_year
from qa.types import Query

Grammar = Callable[[str], Query]  # parses a standalone question by rules, filters included
TURNS = 8  # earlier questions that are shown
MOST_ASKS = 6
MOST_CHARACTERS = 200  # of a completed question or of one thing to look up
LISTED = 800  # characters of the list of reports


def planning_material(conversation: Conversation, catalogue: Catalogue) -> str:
    """Return the user's message: what the library has, what was asked before, what is asked now."""
    before = [f"先前问：{neutral(turn)}" for turn in conversation.history[-TURNS:]]
    return bordered([f"库里有：{_listed(catalogue)}", *before, f"现在问：{neutral(conversation.question)}"])


def plan_of(reply: str, conversation: Conversation, catalogue: Catalogue, grammar: Grammar) -> Plan:
    """Return the plan of a reply; the rules replace what cannot be used of it."""
    query = conversation.query
    lines = labelled(reply, PLAN_LABELS)
    if [text for _, text in lines] == [CHATTER]:
        return only_ask(replace(query, kind="chatter", refusal=None))
    sound = [(kind, text) for kind, text in lines if _is_sound(text, conversation, catalogue)]
    completed = next((text for kind, text in sound if kind == "question" and conversation.history), "")
    standalone = completed or in_full(conversation)
    asked = [re.sub(r"\s*[|｜]\s*", "", text) for kind, text in sound if kind == "ask"]
    texts = list(dict.fromkeys(asked))[:MOST_ASKS] or [standalone]  # without bars: 甲市｜2023年｜书屋多少家
    understood = (_read(grammar, standalone) if completed else None) or query
    understood = replace(understood, asked=conversation.question, standalone=standalone)
    asks = tuple(Ask(text, read) for text in texts if (read := _read(grammar, text)))
    if len(asks) < 2:
        asks = (_in_both_wordings(asks[0].text if asks else standalone, asks, understood),)
    operation = next((text for kind, text in lines if kind == "operation"), "")
    return Plan(asks, operation_named(operation) if len(asks) > 1 else "", understood)


def only_ask(query: Query) -> Plan:
    """Return the plan that looks up the question itself."""
    return Plan((Ask(query.standalone, query),), "", query)


def in_full(conversation: Conversation) -> str:
    """Return the standalone question by the rules; the first question is taken literally."""
    return conversation.query.standalone if conversation.history else conversation.question


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


def _in_both_wordings(text: str, asks: Sequence[Ask], whole: Query) -> Ask:
    """Return the only thing to look up, searched in its own words and in those of the question."""
    scopes = [scope for query in (*(ask.query for ask in asks), whole) for scope in query.scopes]
    return Ask(text, replace(whole, scopes=tuple(dict.fromkeys(scopes))))


def _listed(catalogue: Catalogue) -> str:
    """List whose reports there are; years are left to the grammar, which knows 上一届 and 换届以后."""
    labels = dict.fromkeys(neutral(term.label.partition("（")[0]) for term in catalogue.terms if term.label)
    shown: list[str] = []
    room = LISTED
    for label in labels:
        room -= len(label) + 1
        if room < 0:
            return "、".join(shown) + f"等{len(labels)}处"
        shown.append(label)
    return "、".join(shown)


def _is_sound(text: str, conversation: Conversation, catalogue: Catalogue) -> bool:
    """Whether a text is usable: short, and without places, years and figures that nobody named."""
    turns = (*conversation.history, conversation.question, conversation.query.standalone)
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

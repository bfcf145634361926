"""Judge one statement by the sentences that it rests on: by what it says, never by who said it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from qa.checking.verify import citation_stands, verify_figures
from qa.text.divisions import find, short_name
from qa.text.normal import squeezed
from qa.text.orders import gives_orders
from qa.text.sentences import split_clauses
from qa.types import Citation, Report

__all__ = ["Coverage", "Fault", "FaultKind", "judge"]

FaultKind: TypeAlias = Literal[
    "mark", "form", "figure", "place", "period", "plan", "name", "other thing", "gist"
]
Coverage: TypeAlias = Callable[[str, Sequence[str]], float]  # weighted share of a text's words that others hold

HELD = 0.5  # weighted share of a statement's words that its quotes or their report must hold
CLAUSE = (5, 0.3)  # characters from which a clause is weighed on its own, and the same share of it
MOST_CHARACTERS = 300  # of a statement
_LATIN = re.compile(r"[A-Za-z]{2,}")
_MARKUP = re.compile(r"[<>\[\]`{}|\\]|\*\*|https?:|www\.|//|\w\.\w+/", re.I)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a statement falls, and the words of it that do not hold."""

    kind: FaultKind
    words: str


def judge(text: str, citations: Sequence[Citation], reports: Mapping[str, Report], coverage: Coverage) -> Fault | None:
    """The first fault of a statement, or None: then what it says stands in what it cites."""
    if not citations or not all(citation_stands(c, reports) for c in citations):
        return Fault("mark", text)
    if len(text) > MOST_CHARACTERS or _MARKUP.search(text) or gives_orders(text):
        return Fault("form", text)
    held = [t for c in citations for t in (c.quote, c.title, c.place, c.heading, c.period or "")]
    squeezed_held = squeezed("".join(held))
    names = [short_name(place.name) for _, _, place in find(text)]
    for kind, words in (("place", names), ("name", _LATIN.findall(text))):
        for word in words:
            if squeezed(word) not in squeezed_held:
                return Fault(kind, word)  # type: ignore[arg-type]
    for figure in verify_figures(f"{text}{''.join(f'[{c.marker}]' for c in citations)}", citations, ()):
        if figure.state == "unsupported":
            return Fault("figure", figure.text)
    if coverage(text, held) < HELD:
        return Fault("gist", text)
    for start, end in split_clauses(text):
        clause = text[start:end]
        if len(squeezed(clause)) >= CLAUSE[0] and coverage(clause, held) < CLAUSE[1]:
            return Fault("gist", clause)
    return None

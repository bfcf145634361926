"""Find the organisations that a question names, and their reports: companies, colleges, development zones.

Most reports are those of a division's union and are found by the division. The others are named by their
organisation, shortened as people do: 辽河重机 for 辽河重型机械集团有限公司工会, 经开区 for 芜湖经济技术开发区总工会.
"""

from __future__ import annotations

import re

from qa.question.catalogue import Catalogue, Term
from qa.text.organisations import core_name, own_part
from qa.types import Span

LEAST = 3  # characters of a shortened name
BEYOND = 2  # characters of it that must follow the division that it begins with
_GENERIC = re.compile(r"^(?:集团|公司)+")
_BODY = re.compile(r"系统|总?工会")  # after a name; not part of the topic


def find_organisations(question: str, catalogue: Catalogue) -> tuple[tuple[Span, tuple[Term, ...]], ...]:
    """Return the spans of the organisations that a question names, in order, with their reports.

    A short name begins like the full one, leaves out characters and has at least three.
    """
    by_name = catalogue.organisations
    found: list[tuple[Span, tuple[Term, ...]]] = []
    for name, terms in by_name.items():
        core = core_name(name)
        own = own_part(core)
        span = _mention(question, core, len(core) - len(own)) or (
            _mention(question, own) if own != core else None
        )
        if span:
            behind = _BODY.match(question, span[1])
            found.append(((span[0], behind.end() if behind else span[1]), terms))
    return tuple(sorted(found, key=lambda item: item[0]))


def _mention(question: str, core: str, own: int = 0) -> Span | None:
    """Return the longest run of the question that abbreviates a name, or None.

    ``own``: where the name continues after the division that it begins with; 甲省 alone is not 甲省能源工会.
    """
    if len(core) < LEAST:
        return None
    best: Span | None = None
    for match in re.finditer(re.escape(core[:2]), question):
        at, end = 2, match.end()
        beyond = max(0, at - own)
        while end < len(question):
            general = _GENERIC.match(question[end:])
            if general:
                end += general.end()
                break
            following = core.find(question[end], at)
            if following < 0:
                break
            at, end = following + 1, end + 1
            beyond += following >= own
        longest = max(LEAST, best[1] - best[0] + 1) if best else LEAST
        if end - match.start() >= longest and (not own or beyond >= BEYOND):
            best = (match.start(), end)
    return best

"""Which reports the organisations of a question lead to: a company, a college, a development zone.

Most reports are those of a division's union, which the division names. The others are named by their organisation,
shortened as people do: 辽河重机 for 辽河重型机械集团有限公司工会, 经开区 for 芜湖经济技术开发区总工会.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qa.question.catalogue import Catalogue, Term
from qa.text.organisations import core_name, own_part
from qa.types import Span

LEAST = 3  # characters of a shortened name
BEYOND = 2  # of them behind the division with which it begins
_ZONES = (("经济技术开发区", "经开区"), ("高新技术产业开发区", "高新区"), ("经济开发区", "经开区"))
_GENERIC = re.compile(r"^(?:集团|公司)+")
_BODY = re.compile(
    r"(?:系统|总?工会)(?!会员|组织|干部|经费|主席|工作者)"
)  # what is said behind a name and is no topic


def find_organisations(question: str, catalogue: Catalogue) -> tuple[tuple[Span, tuple[Term, ...]], ...]:
    """The organisations that a question names, in order: offsets of their words, and their reports.

    A shortened name begins as the whole one does and leaves characters out; none is found in fewer than three.
    """
    by_name = catalogue.organisations
    zones = dict(_zones(question, by_name))
    found: list[tuple[Span, tuple[Term, ...]]] = []
    for name, terms in by_name.items():
        core = core_name(name)
        own = own_part(core)
        span = _mention(question, core, len(core) - len(own)) or zones.get(name)
        span = span or (_mention(question, own) if own != core else None)
        if span:
            behind = _BODY.match(question, span[1])
            found.append(((span[0], behind.end() if behind else span[1]), terms))
    return tuple(sorted(found, key=lambda item: item[0]))


def _mention(question: str, core: str, own: int = 0) -> Span | None:
    """The longest run of the question that shortens a name; None where it is too short or begins otherwise.

    ``own`` is where the name goes on behind the division with which it begins: 甲省 alone shortens no 甲省能源工会.
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
        if (
            end - match.start() >= LEAST
            and (not own or beyond >= BEYOND)
            and (best is None or end - match.start() > best[1] - best[0])
        ):
            best = (match.start(), end)
    return best


def _zones(question: str, names: Iterable[str]) -> Iterator[tuple[str, Span]]:
    """经开区, and what is the only zone of its kind."""
    for whole, short in _ZONES:
        if match := re.search(rf"{short}|{whole}", question):
            own = [name for name in names if whole in name]
            if len(own) == 1:
                yield own[0], match.span()

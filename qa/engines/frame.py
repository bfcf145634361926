"""Show sentences of reports to a model: numbered, as data inside a frame with an unpredictable border.

Nothing of a report ever enters the instructions. Inside the frame each sentence is one line without invisible
characters; brackets are widened, so that no text closes the frame, opens a chat template's role or forges a
mark. Sentences that give orders to a machine are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from secrets import token_hex

from qa.answering.candidates import Evidence
from qa.text.injection import is_injection
from qa.text.organisations import report_label
from qa.text.units import sentence_spans
from qa.text.visible import visible
from qa.types import Hit

ROOM_FIRST = 400  # characters of one of the first passages
ROOM_OTHERS = 250  # characters of one of the others
FIRST = 3  # passages shown at length
SHORT = 150  # characters up to which a passage is shown whole
MARKS = 6  # characters of a number and a line end

_WIDE = str.maketrans("<>[]〔〕{}|｜", "\uff1c\uff1e\uff3b\uff3d（）（）／／")


@dataclass(frozen=True, slots=True)
class Shown:
    """The sentences of each passage in text order, the best passage first; they are numbered from 1."""

    passages: tuple[tuple[Evidence, ...], ...]

    @property
    def numbered(self) -> tuple[Evidence, ...]:
        """All sentences; number n is at n - 1."""
        return tuple(item for own in self.passages for item in own)


def visible_line(text: str) -> str:
    """Return the visible text with single spaces."""
    return re.sub(r"\s+", " ", visible(text)).strip()


def neutral(text: str) -> str:
    """Return the visible text with widened brackets, which closes no frame, opens no role and is no mark."""
    return visible_line(text).translate(_WIDE)


def shown_sentences(hits: Sequence[Hit], room: int) -> Shown:
    """Return the sentences that fit into ``room``; of long passages the best ones and their neighbours."""
    chosen: list[tuple[Evidence, ...]] = []
    for hit in hits:
        own = _of_passage(hit, len(chosen))
        size = len(_head(hit)) + sum(item.end - item.start + MARKS for item in own)
        if own and size <= room:
            room -= size
            chosen.append(own)
    return Shown(tuple(chosen))


def _of_passage(hit: Hit, rank: int) -> tuple[Evidence, ...]:
    text, spans = hit.paragraph.text, sentence_spans(hit.paragraph)
    room, taken = ROOM_FIRST if rank < FIRST else ROOM_OTHERS, set[int]()
    for at in dict.fromkeys(_by_worth(hit, spans)):
        size = spans[at][1] - spans[at][0]
        if (size <= room or not taken) and not is_injection(text[slice(*spans[at])]):
            taken.add(at)
            room -= size
    return tuple(Evidence(hit, *spans[at], rank) for at in sorted(taken))


def _by_worth(hit: Hit, spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Yield sentence numbers: matched ones, best first, their neighbours, and all of a short passage."""
    starts = [start for start, _ in spans]
    matched = [starts.index(s.start) for s in hit.matched if s.start in starts]
    yield from matched
    for at in matched:
        yield from (near for near in (at - 1, at + 1) if 0 <= near < len(spans))
    if len(hit.paragraph.text) <= SHORT:
        yield from range(len(spans))


def framed(shown: Shown, *after: str) -> str:
    """Return a user's message: the framed sentences, then what is asked."""
    numbers = iter(range(1, len(shown.numbered) + 1))
    lines = [
        line
        for own in shown.passages
        for line in (_head(own[0].hit), *(f"[{next(numbers)}] {neutral(item.text)}" for item in own))
    ]
    return bordered(lines, *after)


def bordered(lines: Iterable[str], *after: str) -> str:
    """Return lines of data between two borders, then what is asked."""
    border = f"=== 资料 {token_hex(8)} ==="
    return "\n".join((border, *lines, border, *after))


def _head(hit: Hit) -> str:
    """Return the report, years and headings of a passage."""
    parts = (report_label(hit.report) or hit.report.source.name, *hit.paragraph.heading)
    return f"〔{' · '.join('' if is_injection(part) else neutral(part) for part in parts if part)}〕"

"""What a model is shown: sentences of reports, numbered, as data inside a frame whose border nobody can foresee.

Nothing of a report ever stands in the instructions. Inside the frame each sentence is one line, freed of invisible
characters; brackets are widened, so that no text closes the frame, opens a chat template's role or forges a mark.
Sentences that give orders to a machine are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from secrets import token_hex

from qa.answering.candidates import Evidence
from qa.text.orders import gives_orders
from qa.text.organisations import report_label
from qa.text.units import sentence_spans
from qa.text.visible import visible
from qa.types import Hit

ROOM_FIRST = 400  # characters that one of the first passages may take
ROOM_OTHERS = 250  # characters that one of the others may take
FIRST = 3  # passages that are shown at length
SHORT = 150  # characters up to which a passage is shown whole
MARKS = 6  # characters that a number and a line end take

_WIDE = str.maketrans("<>[]〔〕{}|｜", "\uff1c\uff1e\uff3b\uff3d（）（）／／")


@dataclass(frozen=True, slots=True)
class Shown:
    """Sentences of some passages, best passage first, in the order of the text within each; the first has number 1."""

    passages: tuple[tuple[Evidence, ...], ...]

    @property
    def numbered(self) -> tuple[Evidence, ...]:
        """All sentences: the one with number n is at n - 1."""
        return tuple(item for own in self.passages for item in own)


def one_line(text: str) -> str:
    """The visible text with its white space made single spaces."""
    return re.sub(r"\s+", " ", visible(text)).strip()


def neutral(text: str) -> str:
    """The visible text, its brackets widened: it closes no frame, opens no role, is no mark."""
    return one_line(text).translate(_WIDE)


def shown_sentences(hits: Sequence[Hit], room: int) -> Shown:
    """The sentences that fit into ``room`` characters: best passages first, of a long one the best and their neighbours."""
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
        if (size <= room or not taken) and not gives_orders(text[slice(*spans[at])]):
            taken.add(at)
            room -= size
    return tuple(Evidence(hit, *spans[at], rank) for at in sorted(taken))


def _by_worth(hit: Hit, spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Numbers of sentences: those that were matched, best first, then their neighbours, then the rest."""
    starts = [start for start, _ in spans]
    matched = [starts.index(s.start) for s in hit.matched if s.start in starts]
    yield from matched
    for at in matched:
        yield from (near for near in (at - 1, at + 1) if 0 <= near < len(spans))
    if len(hit.paragraph.text) <= SHORT:
        yield from range(len(spans))


def framed(shown: Shown, *after: str) -> str:
    """A user's message: the sentences inside their frame, then what is asked."""
    numbers = iter(range(1, len(shown.numbered) + 1))
    lines = [
        line
        for own in shown.passages
        for line in (_head(own[0].hit), *(f"[{next(numbers)}] {neutral(item.text)}" for item in own))
    ]
    return bordered(lines, *after)


def bordered(lines: Iterable[str], *after: str) -> str:
    """Lines of data between two borders, then what is asked."""
    border = f"=== 资料 {token_hex(8)} ==="
    return "\n".join((border, *lines, border, *after))


def _head(hit: Hit) -> str:
    """Whose report a passage is of, its years and its headings."""
    parts = (report_label(hit.report) or hit.report.source.name, *hit.paragraph.heading)
    return f"〔{' · '.join(_field(part) for part in parts if part)}〕"


def _field(text: str) -> str:
    return "" if gives_orders(text) else neutral(text)

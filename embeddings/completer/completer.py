"""Completes a follow-up from the turns before it by the shipped network, without torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from embeddings.reader.encoding import Alphabet
from embeddings.sessions import opened

from .encoding import LONGEST_QUESTION, Row, row_of
from .path import END, Verdicts, held_together, likeliest
from .years import COUNTED, FURTHEST, WHOLE, moved

MODEL, CHARACTERS, GLUE = "completer.onnx", "characters.txt", "glue.txt"
REMEMBERED = 2048  # questions with their history
STAYS, GOES = 0.5, -3.0  # log-odds above which a character stays, and below which it surely does not


@dataclass(frozen=True, slots=True)
class Completed:
    """A question that stands by itself.

    Args:
        text: the whole of it.
        own: its end that was asked in this turn, behind what is carried over; ``""`` where the whole is asked.
        carried: what is taken over from the turns before.
        asked: the question from its first to its last character that may stay.
        left: what the way through the conversation leaves out of the question though it was to stay; nothing, mostly.
    """

    text: str
    own: str = ""
    carried: str = ""
    asked: str = ""
    left: str = ""


class Completer:
    """The network and its alphabet; safe to share between threads, the same text for the same conversation."""

    def __init__(self, network: Any, alphabet: Alphabet, glue: Sequence[str]) -> None:
        self._network, self._alphabet, self._glue = network, alphabet, glue
        self._read = lru_cache(maxsize=REMEMBERED)(self._completed)

    @classmethod
    def open(cls, folder: Path) -> Completer:
        """Opens a model folder after comparing its files with their checksums.

        Raises:
            EncoderError: a file is missing or altered.
        """
        (network,), (characters, glue) = opened(folder, (MODEL,), (CHARACTERS, GLUE))
        return cls(network, Alphabet(characters), glue.split("\n"))

    def whole(self, question: str, history: Sequence[str]) -> bool:
        """Whether nothing is missing from a question; the arguments are those of :meth:`complete`."""
        return self._told(question, history) is None

    def complete(self, question: str, history: Sequence[str]) -> Completed:
        """The question in full; itself where nothing is missing.

        Args:
            question: as asked; one that is too long to leave anything out is itself.
            history: the turns before it, oldest first; the last four count.
        """
        return self._told(question, history) or Completed(question)

    def _told(self, question: str, history: Sequence[str]) -> Completed | None:
        """The form of a question from which something is missing."""
        turns = tuple(turn for turn in history if turn.strip())
        if not turns or not question.strip() or len(question) > LONGEST_QUESTION:
            return None
        return self._read(question, turns)

    def _completed(self, question: str, history: tuple[str, ...]) -> Completed | None:
        row = row_of(self._alphabet, question, history)
        inputs = {"ids": row.ids[None], "parts": row.parts[None], "runs": row.runs[None]}
        following, stays, glue, years, whole = self._network.run(None, inputs)
        wholes = (match.span() for match in WHOLE.finditer(row.text))
        if whole[0] > 0:
            return None
        verdicts = Verdicts(held_together(following[0], wholes), stays[0], glue[0], years[0])
        places = likeliest(verdicts)
        return _written(row, verdicts, places, self._glue) if places else Completed(question)


def _written(row: Row, verdicts: Verdicts, places: tuple[int, ...], glue: Sequence[str]) -> Completed:
    """The characters at some positions, with what is written between them, and the years that are moved."""
    behind = [glue[int(verdicts.glue[place].argmax())] for place in (END, *places)]
    pieces = [behind[0], *(row.text[place] + more for place, more in zip(places, behind[1:], strict=True))]
    text = "".join(row.text[place] for place in places)
    for counted in COUNTED.finditer(text):
        first, last = counted.span()
        by = int(verdicts.years[places[first]].argmax()) - FURTHEST
        if by:
            pieces[first + 1 : last + 1] = moved(counted[0], by), *behind[first + 2 : last], behind[last]
    tail = next((n for n, place in enumerate(reversed(places)) if place not in row.asked), len(places))
    apart = tail and tail < len(places) and all(b == a + 1 for a, b in pairwise(places[-tail:]))
    carried = "".join(row.text[place] for place in places if place not in row.asked)
    inked = [at for at in row.asked if verdicts.stays[at] > GOES] or row.asked
    asked = row.text[inked[0] : inked[-1] + 1]
    left = "".join(row.text[at] for at in row.asked if verdicts.stays[at] > STAYS and at not in places)
    return Completed("".join(pieces), "".join(pieces[-tail:]) if apart else "", carried, asked, left)


@cache
def default_completer() -> Completer:
    """The shipped completer, opened once.

    Raises:
        EncoderError: its files are missing or altered.
    """
    return Completer.open(Path(__file__).with_name("model"))

"""Complete a follow-up from the turns before it by the shipped network, and judge its forms, without torch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from embeddings.reader.base import CHARACTERS, Alphabet, Array, NetworkReader, threads

from .encoding import COUNTED, FURTHEST, LONGEST_QUESTION, TURNS, WHOLE, Row, judged_row, moved, row_of

MODEL, GLUE = "completer.onnx", "glue.txt"
REMEMBERED = 2048  # questions with their history
FORMS = ((0.3, 8), (1.0, 3), (0.1, 3))  # weights of whether a character stays, and how many ways are kept
SHORTER = 4  # forms of a question behind a single turn that says all before
RANK_COST = 0.5  # log-odds that each form ahead of one takes from it
RANKS = 6  # forms ahead that count
BEHIND = 4.0  # log-odds by which a form is behind the likeliest that is hardly what was meant
BEAMS = 8
BRANCHES = 4  # successors of a position that are tried
END = 0  # position from which a path starts and to which it comes back
LONGEST = 120  # characters of a complete question
NEVER = -1e4  # log-probability

_Way: TypeAlias = tuple[float, tuple[int, ...]]  # a score and positions


@dataclass(frozen=True, slots=True)
class Completed:
    """A question that stands by itself."""

    text: str  # the whole of it
    own: str = ""  # its end that was asked in this turn, behind what is carried over; "" if the whole was
    meant: float = 0.0  # log-odds that this is what was meant, of one form among several that were judged


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the network makes of a conversation of S positions."""

    following: Array  # (S, S) log-probability that one position follows another in full; ``END``: none
    stays: Array  # (S,) log-odds that a character stands in it
    glue: Array  # (S, G) log-probability of what is written behind a position; 0: nothing
    years: Array  # (S, 2 FURTHEST + 1) log-probability of how far the year or term here is moved


class Completer(NetworkReader):
    """Completes questions; ``glue`` is the content of the file ``GLUE``."""

    FOLDER = Path(__file__).with_name("model")
    NETWORK, TEXTS = MODEL, (CHARACTERS, GLUE)
    OUTPUTS = ("following", "stays", "glue", "years", "whole")

    def __init__(self, session: Any, alphabet: Alphabet, glue: str) -> None:
        super().__init__(session, alphabet)
        self._glue = glue.split("\n")
        self._read = lru_cache(maxsize=REMEMBERED)(self._verdicts)
        self._write = lru_cache(maxsize=REMEMBERED)(self._written)

    def whole(self, question: str, history: Sequence[str]) -> bool:
        """Whether nothing is missing from a question; the arguments are those of :meth:`complete`."""
        asks = bool(question.strip()) and len(question) <= LONGEST_QUESTION
        turns = _said(history)
        return not asks or not turns or self._read(question, turns)[1] is None

    def complete(self, question: str, history: Sequence[str]) -> Completed:
        """Return the likeliest form of the question in full; itself where nothing is missing, or it is too long for that.

        ``history`` are the turns before it, oldest first; the last four count.
        """
        return next(iter(self._forms_of(question, history)), Completed(question))

    def forms(self, question: str, history: Sequence[str]) -> tuple[Completed, ...]:
        """Return forms that an incomplete question may have in full, of different texts; none where nothing is missing.

        The likeliest comes first; behind it stand other ways through the conversation, likely ones before unlikely ones of
        each weight in ``FORMS``, and then, where there are several turns, forms behind a single turn that says all before:
        each turn completed from the one before it.
        """
        found = self._forms_of(question, history)
        turns = _said(history)[-TURNS:]
        if found and len(turns) > 1:
            last = reduce(lambda before, turn: self.complete(turn, [before]).text, turns)
            found = *found, *self._forms_of(question, [last])[:SHORTER]
        each: dict[str, Completed] = {}
        for form in found:
            each.setdefault(form.text, form)
        return tuple(each.values())

    def _forms_of(self, question: str, history: Sequence[str]) -> tuple[Completed, ...]:
        return () if self.whole(question, history) else self._write(question, _said(history))

    def _verdicts(self, question: str, history: tuple[str, ...]) -> tuple[Row, Verdicts | None]:
        """Return the conversation as it is read, and what the network makes of it if something is missing."""
        row = row_of(self._alphabet, question, history)
        following, stays, glue, years, whole = self._run(ids=row.ids, parts=row.parts, runs=row.runs)
        wholes = (match.span() for match in WHOLE.finditer(row.text))
        held = held_together(following, wholes)
        return row, None if whole > 0 else Verdicts(held, stays, glue, years)

    def _written(self, question: str, history: tuple[str, ...]) -> tuple[Completed, ...]:
        row, verdicts = self._read(question, history)
        if verdicts is None:
            return ()
        ways = [way for staying, most in FORMS for way in likeliest(verdicts, staying)[:most]]
        return tuple(_form(row, verdicts, way, self._glue) for way in dict.fromkeys(ways))


def _said(history: Sequence[str]) -> tuple[str, ...]:
    return tuple(turn for turn in history if turn.strip())


def _form(row: Row, verdicts: Verdicts, places: tuple[int, ...], glue: Sequence[str]) -> Completed:
    """Return the characters at some positions, with what is written between them, and the years that are moved."""
    behind = [glue[int(verdicts.glue[place].argmax())] for place in (END, *places)]
    pieces = [behind[0], *(row.text[place] + more for place, more in zip(places, behind[1:], strict=True))]
    text = "".join(row.text[place] for place in places)
    for kept in WHOLE.finditer(text):  # nothing is written inside
        first, last = kept.span()
        pieces[first + 1 : last] = text[first : last - 1]
    for counted in COUNTED.finditer(text):
        first, last = counted.span()
        by = int(verdicts.years[places[first]].argmax()) - FURTHEST
        if by:
            now = f"{moved(counted[0], by)}{behind[last]}"
            pieces[first + 1 : last + 1] = now, *[""] * (last - first - 1)
    tail = next((n for n, place in enumerate(reversed(places)) if place not in row.asked), len(places))
    apart = tail and tail < len(places) and all(b == a + 1 for a, b in pairwise(places[-tail:]))
    return Completed("".join(pieces), "".join(pieces[-tail:]) if apart else "")


def held_together(following: Array, wholes: Iterable[tuple[int, int]]) -> Array:
    """Return what follows what where some stretches (start, end) are gone through whole or not at all."""
    held = following.copy()
    for start, end in wholes:
        held[:, start + 1 : end] = NEVER
        for at in range(start, end - 1):
            held[at] = NEVER
            held[at, at + 1] = 0.0
    return held


def likeliest(verdicts: Verdicts, staying: float) -> list[tuple[int, ...]]:
    """Return ways through a conversation, the likeliest first, each position of a way once; none if none ends.

    ``staying`` is how much it counts whether each character stays, beside which follows which.
    """
    count = min(BRANCHES, verdicts.following.shape[1])
    nearest = np.argsort(-verdicts.following, axis=1, kind="stable")
    gain = staying * verdicts.stays
    ways: list[_Way] = [(0.0, (END,))]
    ended: list[_Way] = []
    for _ in range(LONGEST):
        longer: list[_Way] = []
        for score, places in ways:
            here, seen = places[-1], set(places[1:])
            free = [int(place) for place in nearest[here, : count + len(seen)] if place not in seen][:count]
            for place in free:
                step = float(verdicts.following[here, place])
                if step > NEVER / 2 and place == END:
                    ended.append((score + step, places))
                elif step > NEVER / 2:
                    longer.append((score + step + float(gain[place]), (*places, place)))
        ways = sorted(longer, key=lambda way: -way[0])[:BEAMS]
        if not ways:
            break
    return [places[1:] for _, places in sorted(ended, key=lambda way: -way[0]) if len(places) > 1]


class CompletionJudge(NetworkReader):
    """Reads a complete form beside the conversation that it was made from, by the completer's network."""

    FOLDER, NETWORK = Completer.FOLDER, MODEL
    OUTPUTS = ("meant",)

    def log_odds(self, forms: Sequence[str], question: str, history: Sequence[str]) -> tuple[float, ...]:
        """Return of each form, the likeliest first, the log-odds that it is what was meant; their order counts as well.

        As many of the last four turns of the history, which is oldest first, count as fit.
        """
        rows = [judged_row(self._alphabet, form, question, history) for form in forms]
        read = threads().map(lambda row: self._run(ids=row.ids, parts=row.parts, runs=row.runs), rows)
        return tuple(float(verdict) - RANK_COST * min(rank, RANKS) for rank, (verdict,) in enumerate(read))


default_completer = cache(Completer.open)  # the shipped ones, opened once
default_judge = cache(CompletionJudge.open)

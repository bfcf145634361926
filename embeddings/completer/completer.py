"""Complete a follow-up from the turns before it by the shipped network, and judge its forms, without torch.

A row is ``[CLS] question [SEP] turn [SEP] … last turn [SEP]``, one position a character, oldest turn first, in the
reader's alphabet. What does not fit is left out from the oldest turn on. Years of two digits are put in full, for the
network reckons years and terms: 21年 in full, and those some years or terms before another.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from embeddings.reader import base
from embeddings.reader.base import Alphabet, Array, NetworkReader

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
WIDTH = 200  # positions that the network knows
TURNS = 4  # turns before the question that are read
LONGEST_QUESTION, LONGEST_TURN = 80, 80  # characters
FURTHEST = 10  # years or terms by which one of the conversation may be moved
COUNTED = re.compile(  # 2019; 十五 in 十五届, 十五大, 十五五
    r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<![一二三四五六七八九十])(?:二?十[一二三四五六七八九]?|[一二三四五六七八九])(?=届)"
    r"|(?<![一二三四五六七八九十])十[一二三四五六七八九]?(?=[大五])"
)
WHOLE = re.compile(r"\d+(?:\.\d+)?|[去今明前]年|(?:[上下本]|[这上前]一)届")  # copied whole or not at all
_DIGITS = "一二三四五六七八九"
_TENS = ("", "十", "二十", "三十")
NUMERALS = tuple(f"{ten}{digit}" for ten in _TENS for digit in ("", *_DIGITS))
_SHORT = re.compile(r"(?<![\d第])([012]\d)(?=年(?![来间期以内前后]))")

_Way: TypeAlias = tuple[float, tuple[int, ...]]  # a score and positions


@dataclass(frozen=True, slots=True)
class Completed:
    """A question that stands by itself."""

    text: str  # the whole of it
    own: str = ""  # its end that was asked in this turn, behind what is carried over; "" if the whole was
    meant: float = 0.0  # log-odds that this is what was meant, of one form among several that were judged


@dataclass(frozen=True, slots=True)
class Row:
    """A question with the turns before it; S positions."""

    text: str  # the character at each position, a line end where none is; years of two digits stand in full
    asked: range  # positions of the question, which stands first; in a judged row of the form
    ids: npt.NDArray[np.int64]  # (S,) characters
    # (S,) question, earlier turns or last turn; in a judged row form, turns or question
    parts: npt.NDArray[np.int64]
    runs: npt.NDArray[np.int64]  # (S,) 0 to 3, how long a run of the other side each character belongs to


def row_of(alphabet: Alphabet, question: str, history: Sequence[str]) -> Row:
    """The row of a question, with as many of the last turns as fit."""
    question = _of_one_line(question, LONGEST_QUESTION)
    turns = _fitting(history, WIDTH - len(question) - 2)
    return _row(alphabet, question, turns, len(turns) - 1, turns)


def judged_row(alphabet: Alphabet, form: str, question: str, history: Sequence[str]) -> Row:
    """Return the row ``[CLS] form [SEP] question [SEP] turn [SEP] …`` of a complete form, with as many turns as fit.

    ``runs`` are shared by the form with the question, and by question and turns with the form.
    """
    form, question = _of_one_line(form, LONGEST_QUESTION), _of_one_line(question, LONGEST_QUESTION)
    turns = _fitting(history, WIDTH - len(form) - len(question) - 3)
    return _row(alphabet, form, [question, *turns], 0, [question])


def _row(alphabet: Alphabet, asked: str, turns: Sequence[str], last: int, compared: Sequence[str]) -> Row:
    """Return the row of what is asked and some turns, the one at ``last`` apart; ``asked`` shares runs with ``compared``."""
    told, other = ("".join(f"{turn}\n" for turn in each) for each in (turns, compared))
    text, first = f"\n{asked}\n{told}", len(asked) + 2
    parts, runs = np.full(len(text), base.BEFORE, dtype=np.int64), np.zeros(len(text), dtype=np.int64)
    ends = [first + sum(len(turn) + 1 for turn in turns[:count]) for count in (max(last, 0), last + 1)]
    parts[:first], parts[slice(*ends)] = base.QUESTION, base.SENTENCE
    runs[1 : first - 1], runs[first:] = (
        base.shared(base.fold(asked), base.fold(other)),
        base.shared(base.fold(told), base.fold(asked)),
    )
    ids = alphabet.ids(text).astype(np.int64)
    ids[[at for at, character in enumerate(text) if character == "\n"]] = base.SEP
    ids[0] = base.CLS
    return Row(text, range(1, first - 1), ids, parts, runs)


def _of_one_line(text: str, longest: int) -> str:
    return in_full(text).replace("\n", " ")[:longest]


def _fitting(history: Sequence[str], room: int) -> list[str]:
    """Return the last turns that fit into so many characters, each with a line end, oldest first."""
    turns: list[str] = []
    for told_before in reversed(history[-TURNS:]):
        turn = _of_one_line(told_before, LONGEST_TURN)
        if len(turn) + 1 > room:
            break
        turns.insert(0, turn)
        room -= len(turn) + 1
    return turns


def in_full(text: str) -> str:
    """The text with its years of two digits in full.

    >>> in_full("21年的呢"), in_full("近10年来")
    ('2021年的呢', '近10年来')
    """
    return _SHORT.sub(r"20\1", text)


def moved(counted: str, by: int) -> str:
    """The year or the term so many later; itself where there is none.

    >>> moved("2019", 2), moved("十五", -1), moved("一", -1)
    ('2021', '十四', '一')
    """
    if counted.isdecimal():
        return str(int(counted) + by)
    at = NUMERALS.index(counted) + by
    return NUMERALS[at] if 0 < at < len(NUMERALS) else counted


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
    NETWORK, TEXTS = MODEL, (base.CHARACTERS, GLUE)
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
        read = base.threads().map(lambda row: self._run(ids=row.ids, parts=row.parts, runs=row.runs), rows)
        return tuple(float(verdict) - RANK_COST * min(rank, RANKS) for rank, (verdict,) in enumerate(read))


default_completer = cache(Completer.open)  # the shipped ones, opened once
default_judge = cache(CompletionJudge.open)

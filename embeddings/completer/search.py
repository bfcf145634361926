"""The likeliest text that a decoder writes, character by character, from a row: beam search over copied positions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from embeddings.reader.encoding import CLS, Alphabet

from .encoding import Row

BEAMS = 3
END = 0  # number of the end among what may be written
LONGEST = 120  # characters of a complete question
PER_CHARACTER = 0.7  # a text's log-probability is divided by its length to this power

_Numbers = npt.NDArray[np.int64]
_Decimals = npt.NDArray[np.float32]


class Decoder(Protocol):
    """One step of B texts to log-probabilities (B, S + G) of what comes next, and the next state.

    It takes the last character, where it was copied from and the position copied last, (B, 1) each, 0 for none, the
    positions used, (B, 1, S), and the state.
    """

    def __call__(
        self, last: _Numbers, at: _Numbers, latest: _Numbers, used: _Decimals, state: Any
    ) -> tuple[_Decimals, Any]: ...


@dataclass(frozen=True, slots=True)
class _Text:
    characters: str
    places: tuple[int, ...]  # of each character in the row, 0 where it is written
    chance: float  # log-probability

    @property
    def score(self) -> float:
        return self.chance / float((len(self.characters) + 1) ** PER_CHARACTER)


def written(
    row: Row,
    folded: str,
    glue: str,
    alphabet: Alphabet,
    decoder: Decoder,
    state: Any,
    chosen: Callable[[Any, list[int]], Any],
) -> tuple[str, ...]:
    """The likeliest texts, the best first; none where none ends in time.

    Args:
        row: what is read.
        folded: its characters as the alphabet knows them.
        glue: what may be written, the first stands for the end.
        alphabet: of the network.
        decoder: one step.
        state: before the first step, of one text.
        chosen: the states of some of the texts.
    """
    size = len(folded)
    one_place: dict[str, list[int]] = {}
    for place, character in enumerate(folded):
        if character != "\n":
            one_place.setdefault(character, []).append(place)
    texts, ended = [_Text("", (), 0.0)], list[_Text]()
    for _ in range(LONGEST):
        last = np.array(
            [[alphabet.ids(t.characters[-1])[0] if t.characters else CLS] for t in texts], np.int64
        )
        at = np.array([[t.places[-1] if t.places else 0] for t in texts], np.int64)
        latest = np.array([[next((p for p in reversed(t.places) if p), 0)] for t in texts], np.int64)
        used = np.zeros((len(texts), 1, size), np.float32)
        for number, text in enumerate(texts):
            used[number, 0, [p for p in text.places if p]] = 1.0
        chances, state = decoder(last, at, latest, used, state)
        longer: list[tuple[_Text, int]] = []
        for number, text in enumerate(texts):
            of = _by_character(chances[number], one_place, glue, size)
            for character, (chance, place) in sorted(of.items(), key=lambda c: -c[1][0])[: BEAMS + 1]:
                if character == "":
                    ended.append(_Text(text.characters, text.places, text.chance + chance))
                else:
                    own = row.text[place] if place else character
                    grown = _Text(text.characters + own, (*text.places, place), text.chance + chance)
                    longer.append((grown, number))
        longer.sort(key=lambda t: -t[0].chance)
        best = max((t.score for t in ended), default=-np.inf)
        kept = longer[:BEAMS]
        if not kept or (best > kept[0][0].score and len(ended) >= BEAMS):
            break
        texts = [text for text, _ in kept]
        state = chosen(state, [number for _, number in kept])
    return tuple(t.characters for t in sorted(ended, key=lambda t: -t.score) if t.characters)


def _by_character(
    chances: _Decimals, places: dict[str, list[int]], glue: str, size: int
) -> dict[str, tuple[float, int]]:
    """Character → its log-probability, copied or written, and the likeliest place of a copy."""
    straight = np.exp(chances.astype(np.float64))
    of: dict[str, tuple[float, int]] = {}
    for character, own in places.items():
        of[character] = (float(straight[own].sum()), own[int(np.argmax(straight[own]))])
    for number, character in enumerate(glue):
        chance = float(straight[size + number])
        if number == END:
            of[""] = (chance, 0)
        else:
            copied, place = of.get(character, (0.0, 0))
            of[character] = (copied + chance, place if copied >= chance else 0)
    return {c: (float(np.log(max(chance, 1e-12))), place) for c, (chance, place) in of.items()}

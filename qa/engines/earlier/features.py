"""Compute the features of a formula over figures that were given before, as an answer to a follow-up."""

from collections.abc import Sequence
from itertools import combinations

from embeddings import default_encoder
from embeddings.reader import default_question_reader
from embeddings.words import cut_at, part_of_speech
from qa.answering.programs.features import heard, units_as_asked
from qa.answering.wording import Wording
from qa.engines.earlier.given import MOST, OF_EARLIER, TURNS, Formula, Given
from qa.question.kinds import unit_of
from qa.text.divisions import find
from qa.text.figure_context import has_whole_and_part, per_units, states_mean
from qa.text.figures import amounts_in
from qa.text.numerals import DIGITS
from qa.types import Query

SOUNDS = "as the follow-up sounds"
NOUNS = ("n", "vn")  # tags
SOUNDS_LIKE = tuple(f"sounds like {formula}" for formula in (*OF_EARLIER, "none"))
_OF_FORMULA = (
    "in order", "of several places", "of several times", "in words alike", "later one first", "whole and part", "of one sentence",
)  # fmt: skip
FEATURES = (
    *OF_EARLIER, *(f"{name}: {own}" for name in OF_EARLIER for own in _OF_FORMULA),
    "operands", "more than two", "as many as named", "not as many as named", "all of the last answer", "not of the last answer",
    "all since the first", "all short ones since the first", "all short ones that were given", "one of each turn", "turns",
    "furthest back", "turns left out", "short ones", "least named", "named", "named, of those left out", "named by its turn",
    "unit as asked", "unit not as asked", "no unit asked", "for each as asked", "for each not as asked", "money for each",
    "of money", "how unlike in size", "plan and result", "a mean is printed", "new things", "names a place", "states an amount",
    "length", "figures given", "one figure twice", "first operand first named",
    "of the reports asked", "scopes told", SOUNDS, *SOUNDS_LIKE,
)  # fmt: skip


class FollowUp:
    """A follow-up with what was given before; ``sounds`` is the log-probability of each formula, and of none, by its words."""

    def __init__(
        self,
        query: Query,
        history: Sequence[str],
        given: Sequence[Given],
        wording: Wording,
        sounds: Sequence[float],
    ) -> None:
        asked = query.asked
        self.given, self._query, self._sounds = given, query, heard(sounds)
        self._unit, self._per = unit_of(asked), per_units(asked)
        read = default_question_reader().read(asked)
        numbers = (DIGITS.get(character, 0) for a, b in read.each for character in asked[a:b])
        self._count = max(numbers, default=0)  # how many things it says that it means
        self._named = {one: wording.coverage(one.words or one.text, asked) for one in given}
        turns = {one: (history[-one.back], one.text) for one in given}
        self._by_turn = {one: wording.coverage(asked, turns[one]) for one in given}
        vectors = default_encoder().encode_passages([one.words or one.text for one in given])
        self._vectors = dict(zip(given, vectors, strict=True))
        self._of_all = {
            "new things": self._new_things(" ".join((*history, *(one.text for one in given)))),
            "names a place": float(bool(find(asked))),
            "states an amount": float(bool(amounts_in(asked))),
            "length": min(len(asked) / 40, 1.0),
            "figures given": len(given) / MOST,
        } | dict(zip(SOUNDS_LIKE, self._sounds, strict=True))

    def _new_things(self, said: str) -> float:
        """Return the share of the things it names that neither the turns before nor what they were answered with name."""
        read = default_question_reader().read(self._query.asked)

        def is_thing(at: int, word: str) -> bool:
            looked_up = any(start <= at < end for start, end in read.looked_up)
            aside = any(start <= at < end for start, end in read.asides)
            return looked_up and not aside and len(word) > 1 and part_of_speech(word).startswith(NOUNS)

        things = [word for at, word in cut_at(self._query.asked) if is_thing(at, word)]
        named = [word for word in things if DIGITS.keys().isdisjoint(word)]
        return sum(word not in said for word in named) / max(len(named), 1)

    def features(self, formula: Formula) -> tuple[float, ...]:
        """Return the features of a candidate, in the order of ``FEATURES``; each lies between -1 and 2."""
        name, own = formula.name, formula.operands
        named = [self._named[one] for one in own]
        values = self._of_all | self._of_turns(own) | units_as_asked(name, own, self._unit, self._per)
        values |= {
            name: 1.0,
            SOUNDS: self._sounds[OF_EARLIER.index(name)],
            "operands": (len(own) - 2) / 3,
            "more than two": float(len(own) > 2),
            "least named": min(named),
            "named": sum(named) / len(named),
            "named, of those left out": max(
                (self._named[one] for one in self.given if one not in own), default=0.0
            ),
            "named by its turn": sum(self._by_turn[one] for one in own) / len(own),
            "plan and result": float(len({one.citation.plan for one in own}) > 1),
            "a mean is printed": float(any(states_mean(one.text) for one in own)),
            "of the reports asked": sum(one.citation.report_id in self._query.report_ids for one in own)
            / len(own),
            "scopes told": sum(
                any(one.citation.report_id in scope.report_ids for one in own) for scope in self._query.scopes
            )
            / max(len(self._query.scopes), 1),
            "one figure twice": float(len({one.figure.value for one in own}) < len(own)),
            "first operand first named": float(named[0] > named[-1]),
        }
        if self._count:
            values["as many as named"] = float(self._count == len(own))
            values["not as many as named"] = float(self._count != len(own))
        of_formula = {
            "in order": float(
                own[0].back > own[-1].back
                or (own[0].back == own[-1].back and own[0].figure.start < own[-1].figure.start)
            ),
            "of several places": float(len({one.citation.place for one in own}) > 1),
            "of several times": float(len({one.end for one in own}) > 1),
            "in words alike": min(
                float(self._vectors[a] @ self._vectors[b]) for a, b in combinations(own, 2)
            ),
            "later one first": float(own[0].end > own[-1].end),
            "whole and part": float(has_whole_and_part([(one.citation.quote, one.figure) for one in own])),
            "of one sentence": float(len({one.citation.quote for one in own}) == 1),
        }
        values |= {f"{name}: {of}": value for of, value in of_formula.items()}
        return tuple(values.get(feature, 0.0) for feature in FEATURES)

    def _of_turns(self, own: Sequence[Given]) -> dict[str, float]:
        """Return how figures are spread over the answers, and which are left out."""
        backs = {one.back for one in own}
        since = {one for one in self.given if one.back <= max(backs)}
        between = {one.back for one in since if one.back >= min(backs)}
        last = {one for one in self.given if one.back == self.given[-1].back}
        short = {one for one in self.given if one.short}
        return {
            "all of the last answer": float(set(own) == last),
            "not of the last answer": float(last.isdisjoint(own)),
            "all since the first": float(set(own) == since),
            "all short ones since the first": float(set(own) == short & since),
            "all short ones that were given": float(set(own) == short),
            "one of each turn": float(len(backs) == len(own)),
            "turns": len(backs) / TURNS,
            "furthest back": max(backs) / TURNS,
            "turns left out": (len(between) - len(backs)) / TURNS,
            "short ones": len(short & set(own)) / len(own),
        }

"""Rank the statements of the reports that a draft's statement may be about, by a linear score over features.

The weights were fitted on drafts by people who saw neither program nor verdicts (``qa.evaluate.train.drafts``).
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, chain, groupby, pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qa.drafts.comparing import alike_units, distinctiveness, is_slip, likeness, name_overlap
from qa.drafts.draft import Context, unread
from qa.drafts.statements import Statement, clauses_of, statements_of
from qa.ledger import Ledger
from qa.ledger.matching import canonical
from qa.text.figures import same_value
from qa.text.normal import without_punctuation
from qa.text.organisations import core_name, is_body
from qa.text.units import STATING
from qa.types import Place, Report

if TYPE_CHECKING:
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

Floats: TypeAlias = NDArray[np.float64]

STEP = 64  # statements compared at once, which limits memory
MOST = 24  # candidates that get all features
FEATURES = (
    *("subject held", "subject holds", "clause held", "clause holds", "clause in sentence", "sentence held"),
    *("same value", "worded otherwise", "slip", "value in another unit", "same and subject", "same and long"),
    *("measure", "other measure", "both results", "name overlap"),
    *("place", "other place", "term", "other term", "outdone", "claimed", "neighbours"),
)
ROUGH = np.array([1.0, 0.5, 1.0, 0.5, 1.0, 0.5])  # weights of the overlaps in the preselection
# Weights in the preselection: of the same value, of one that may be it rounded, of a report of the draft's place.
SAME_VALUE, LIKE_VALUE, SAME_PLACE = 2.0, 0.5, 0.5
LIKE = 0.15  # relative difference up to which a value may be another one rounded
ROUNDING = 1e-6  # relative error of floating-point arithmetic
_NUMBERS = re.compile(r"[\d.,%‰]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement of a report that a draft's statement may be about."""

    number: int  # in the register
    features: tuple[float, ...]  # in the order of ``FEATURES``
    score: float = 0.0  # higher is better; above 0 is better than no candidate


Candidates: TypeAlias = tuple[Candidate, ...]
Said: TypeAlias = tuple[Statement, Context]  # a draft's statement, and what its sentence is about


class Register:
    """The statements of some reports as arrays, so that a draft's statement is compared with all at once. Immutable.

    ``reports`` maps id to report, the name of a company standing for a place that is not known.
    """

    def __init__(
        self, reports: Sequence[Report], statements: Iterable[Statement], clauses: Register | None = None
    ) -> None:
        self.reports = {report.id: _placed(report) for report in reports}
        self.statements = tuple(statements)
        self.clauses = (
            clauses or self
        )  # a register of the clauses of the same reports; that of clauses itself
        self.places = np.array([self.reports[s.report_id].place.name or None for s in self.statements])
        self.kinds = np.array([s.kind for s in self.statements])
        self.values = np.array([s.figure.value if s.figure else math.nan for s in self.statements])
        sentences = [(s.report_id, s.number, s.sentence) for s in self.statements]
        begins = [not n or sentences[n - 1][:2] != own[:2] for n, own in enumerate(sentences)]
        self.first_of_sentence = np.flatnonzero(begins)
        self.sentence = np.cumsum(begins) - 1  # number of each statement's sentence in ``first_of_sentence``
        self._of_paragraph: defaultdict[tuple[str, int], list[Statement]] = defaultdict(list)
        for statement in self.statements:
            self._of_paragraph[statement.report_id, statement.paragraph].append(statement)
        count = Counter(term for *_, sentence in dict.fromkeys(sentences) for term in set(terms_of(sentence)))
        most = max(len(set(sentences)), 1)
        self._vocabulary = {term: number for number, term in enumerate(sorted(count))}
        self._idf = np.array([math.log(1 + most / count[term]) for term in self._vocabulary])
        self._rarest = math.log(1 + most)
        fields = [_fields(statement) for statement in self.statements]
        self._matrices = [self._matrix([texts[n] for texts in fields]) for n in range(3)]
        self._totals = [np.asarray(matrix.sum(axis=1)).ravel() for matrix in self._matrices]

    def around(self, statement: Statement) -> Iterator[Statement]:
        """Yield the statements of the sentence of one of them, and of those right before and behind it in its paragraph."""
        own = self._of_paragraph.get((statement.report_id, statement.paragraph), ())
        return (each for each in own if abs(each.number - statement.number) <= 1)

    def weight(self, terms: Iterable[str]) -> float:
        """Return the weight of terms together: 1 for each that one sentence has, less for others, 0 for unknown ones."""
        numbers = (self._vocabulary.get(term) for term in terms)
        return float(sum(self._idf[number] for number in numbers if number is not None)) / self._rarest

    def known(self, terms: Iterable[str]) -> frozenset[str]:
        """Return the terms that the reports have."""
        return frozenset(self._vocabulary.keys() & set(terms))

    def overlaps(self, said: Sequence[Statement]) -> list[Floats]:
        """Return the weighted overlap of the words of each draft statement with those of each statement of the reports.

        Each array is (len(said), len(statements)), 0 to 1: of both subjects and of both clauses the share of the
        draft's words that the report has, and the other way round; then the first share of the draft's clause in the
        report's sentence, and of both sentences.
        """
        fields = [_fields(statement) for statement in said]
        rows = [self._rows([texts[n] for texts in fields]) for n in range(3)]

        def shares(own: int, theirs: int) -> tuple[Floats, Floats]:
            presence, total = rows[own]
            shared = (presence @ self._matrices[theirs].T).toarray()
            return shared / np.maximum(total, 1e-9)[:, None], shared / np.maximum(self._totals[theirs], 1e-9)

        return [*shares(0, 0), *shares(1, 1), shares(1, 2)[0], shares(2, 2)[0]]

    def _rows(self, texts: Sequence[str]) -> tuple[csr_array, Floats]:
        """Return which known terms each text has, and the weight of all its terms, unknown ones included."""
        weightiest = math.log(1 + 2 * max(len(self._vocabulary), 1))
        unknown = np.array([sum(t not in self._vocabulary for t in set(terms_of(text))) for text in texts])
        presence = self._matrix(texts)
        total = np.asarray(presence.sum(axis=1)).ravel() + 0.5 * (weightiest * unknown)
        presence.data[:] = 1.0
        return presence, total

    def _matrix(self, texts: Sequence[str]) -> csr_array:
        """Return term weights, one row per text and one column per term."""
        from scipy.sparse import csr_array

        known = self._vocabulary
        columns = [sorted({known[term] for term in terms_of(text) if term in known}) for text in texts]
        starts = [*accumulate(map(len, columns), initial=0)]
        indices = np.fromiter(chain.from_iterable(columns), np.int64, starts[-1])
        return csr_array((self._idf[indices], indices, starts), shape=(len(texts), len(known)))


def register_of(reports: Sequence[Report], ledger: Ledger) -> Register:
    """Return what reports state; ``ledger`` is that of the reports, corrections by hand included."""
    figures = sorted((*ledger.figures, *ledger.set_aside), key=lambda f: f.report_id)
    own = {id_: tuple(found) for id_, found in groupby(figures, key=lambda f: f.report_id)}
    told = (s for r in reports for s in statements_of(_titled(r), own.get(r.id, ())))
    statements = (s for s in told if s.paragraph >= 0 or s.kind == "occasion")  # of a title, which meeting
    return Register(reports, statements, Register(reports, (s for r in reports for s in clauses_of(r))))


def _titled(report: Report) -> Report:
    """Return a report with the lines of its title, and the headings right below, as paragraphs numbered below 0."""
    text, read = report.source.text, [p for p in report.paragraphs if p.spans]
    start = min((p.spans[0][0] for p in read if p.kind in STATING), default=0)
    titles = [replace(p, number=-n) for n, (_, p) in enumerate(unread(report, text[:start], read), 1)]
    return replace(report, paragraphs=(*titles, *report.paragraphs))


def _placed(report: Report) -> Report:
    """Return a report without a place as one of its organisation, a company or the like."""
    named = not report.place.name and is_body(report.organisation)
    return replace(report, place=Place(core_name(report.organisation))) if named else report


def _fields(statement: Statement) -> tuple[str, str, str]:
    """Return the texts of a statement that are compared, from narrow to wide."""
    wide, widest = (statement.context, statement.clause), (statement.heading, statement.sentence)
    return statement.subject, " ".join(wide), " ".join(widest)


@lru_cache(maxsize=1 << 15)
def terms_of(text: str, *, printed: bool = False) -> tuple[str, ...]:
    """Return the pairs of characters of a text without numbers, with synonyms unified or as it is ``printed``."""
    bare = without_punctuation(_NUMBERS.sub(" ", text if printed else canonical(text)))
    return tuple(a + b for a, b in pairwise(bare))


def candidates(register: Register, said: Sequence[Said]) -> Iterator[Candidates]:
    """Yield the candidates of each statement of a draft, without the features of its neighbours."""
    for at in range(0, len(said), STEP):
        part = said[at : at + STEP]
        columns = register.overlaps([statement for statement, _ in part]) if register.statements else ()
        for row, one in enumerate(part):
            yield _best(register, *one, np.stack([column[row] for column in columns])) if columns else ()


def _best(register: Register, said: Statement, context: Context, words: Floats) -> Candidates:
    """Return the candidates of a statement by its ``words``, the overlaps with each statement of the register."""
    rough = ROUGH @ words
    if said.figure is not None:
        value = said.figure.value
        off = np.abs(register.values - value)
        rough += SAME_VALUE * (off <= ROUNDING * max(1.0, abs(value)))
        rough += LIKE_VALUE * (off <= LIKE * abs(value))
    rough += SAME_PLACE * (register.places == context.place.name)
    rough = np.where(register.kinds == said.kind, rough, -1.0)
    most = np.argpartition(-rough, MOST)[:MOST] if len(rough) > MOST else np.arange(len(rough))
    best = [int(n) for n in sorted(most, key=lambda n: (-rough[n], n)) if rough[n] > 0]
    subject = (words[0] + words[1]) / 2
    outdone = np.maximum.reduceat(subject, register.first_of_sentence)[register.sentence] - subject
    made = (_features(register, said, context, n, words[:, n], outdone[n]) for n in best)
    return tuple(map(Candidate, best, made))


def rescored(found: Candidates, neighbours: Mapping[int, float], claimed: Mapping[int, float]) -> Candidates:
    """Return the candidates with their scores, best first; both features: number in the register → 0 to 1."""
    weight, bias = weights()
    made = []
    for each in found:
        features = (*each.features[:-2], claimed.get(each.number, 0.0), neighbours.get(each.number, 0.0))
        made.append(Candidate(each.number, features, float(np.dot(weight, features) + bias)))
    return tuple(sorted(made, key=lambda c: (-c.score, c.number)))


@cache
def weights() -> tuple[Floats, float]:
    """Return the weights of ``FEATURES`` and the bias; no candidate at all scores 0."""
    stored = json.loads(files("qa.drafts").joinpath("weights.json").read_text(encoding="utf-8"))
    return np.array([stored["weights"][name] for name in FEATURES]), float(stored["bias"])


def words_fit(candidate: Candidate) -> float:
    """Return how well the words around both statements fit, without figure, place and years."""
    return float(np.dot(weights()[0][: len(ROUGH)], candidate.features[: len(ROUGH)]))


def _features(
    register: Register, said: Statement, context: Context, number: int, words: Floats, outdone: float
) -> tuple[float, ...]:
    """Return the features, of which the last two depend on the neighbours and are still 0."""
    stated = register.statements[number]
    report = register.reports[stated.report_id]
    like = likeness(said, stated)
    own, theirs = said.figure, stated.figure
    both = measure = value = slipped = False
    if own is not None and theirs is not None:
        both = bool(own.unit) and bool(theirs.unit)
        measure = both and alike_units(own.unit, theirs.unit)
        value = same_value(own.value, theirs.value)
        slipped = like == "other" and is_slip(own, theirs)
    names, period = {said.place, context.place.name} - {""}, said.period or context.period
    place = bool(names & {stated.place, report.place.name}) if names else None  # None: not told
    term = period.meets(report.period) if period and report.period else None
    alike = like != "other"
    likenesses = (like == "same" or (alike and value), like == "otherwise" and not value)
    unlike = (slipped, value and not alike)
    agreeing = (alike * max(words[0], words[1]), alike * distinctiveness(said))
    named = name_overlap(said.text, stated.text) if said.kind in ("name", "occasion") else 0.0
    kinds = (measure, both and not measure, said.plan == stated.plan, named)
    around = (place is True, place is False, term is True, term is False, outdone)
    return *map(float, (*words, *likenesses, *unlike, *agreeing, *kinds, *around)), 0.0, 0.0

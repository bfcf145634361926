"""The statements of all reports as arrays, so that a draft's statement is compared with all at once."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from qa.drafts.records import Statement, StatementKind
from qa.drafts.statements import statements_of
from qa.ledger import Ledger
from qa.ledger.matching import canonical
from qa.text.normal import without_punctuation
from qa.types import Report

if TYPE_CHECKING:
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

Floats: TypeAlias = NDArray[np.float64]

FIELDS = ("subject", "clause", "sentence")  # of a statement, from narrow to wide
ROUNDING = 1e-6  # relative error of floating-point arithmetic
_NUMBERS = re.compile(r"[\d.,%‰]+")


class Register:
    """The statements of all reports with term weights; ``reports`` maps id to report. Immutable."""

    __slots__ = (
        *("_first", "_idf", "_past", "_totals", "_values", "_vocabulary"),
        *("matrices", "of_kind", "reports", "statements"),
    )

    def __init__(self, reports: Sequence[Report], statements: Iterable[Statement]) -> None:
        self.reports = {report.id: report for report in reports}
        self.statements = tuple(statements)
        self.of_kind = {
            kind: np.array([s.kind == kind for s in self.statements], dtype=bool)
            for kind in get_args(StatementKind)
        }
        self._values = np.array(
            [s.figure.value if s.figure else math.nan for s in self.statements], dtype=np.float64
        )
        sentences = dict.fromkeys((s.report_id, s.number, s.sentence) for s in self.statements)
        count = Counter(term for _, _, sentence in sentences for term in set(_terms(sentence)))
        self._vocabulary = {term: number for number, term in enumerate(sorted(count))}
        most = max(len(sentences), 1)
        self._idf = np.array([math.log(1 + most / count[t]) for t in sorted(count)], dtype=np.float64)
        self.matrices = tuple(self._matrix([_field(s, name) for s in self.statements]) for name in FIELDS)
        self._totals = tuple(np.asarray(m.sum(axis=1)).ravel() for m in self.matrices)
        group = {key: at for at, key in enumerate(dict.fromkeys(map(_sentence_key, self.statements)))}
        ranks = np.array([group[_sentence_key(s)] for s in self.statements], dtype=np.int64)
        self._first = np.searchsorted(ranks, ranks, side="left")
        self._past = np.searchsorted(ranks, ranks, side="right")

    def of_value(self, value: float) -> NDArray[np.bool_]:
        """Return a mask of the statements that are figures of this value."""
        return np.abs(self._values - value) <= ROUNDING * max(1.0, abs(value))

    def sentence(self, number: int) -> slice:
        """Return the numbers of the statements of the same sentence."""
        return slice(int(self._first[number]), int(self._past[number]))

    def overlaps(self, said: Sequence[Statement]) -> dict[tuple[str, str], tuple[Floats, Floats]]:
        """Return the weighted word overlap of each draft statement with each statement of the reports.

        Returns:
            (field of the draft, field of the reports) → two arrays of (len(said), len(statements)), 0 to 1: the share
            of the draft's words that the report has, and the other way round.
        """
        rows = {name: self._rows([_field(s, name) for s in said]) for name in FIELDS}
        found = {}
        for own, theirs in (("subject", 0), ("clause", 1), ("clause", 2), ("sentence", 2)):
            presence, total = rows[own]
            shared = (presence @ self.matrices[theirs].T).toarray()
            found[own, FIELDS[theirs]] = (
                shared / np.maximum(total, 1e-9)[:, None],
                shared / np.maximum(self._totals[theirs], 1e-9)[None, :],
            )
        return found

    def _rows(self, texts: Sequence[str]) -> tuple[csr_array, Floats]:
        """Return which known terms each text has, and the weight of all its terms, unknown ones included."""
        weightiest = math.log(1 + 2 * max(len(self._vocabulary), 1))
        unknown = np.array(
            [weightiest * sum(term not in self._vocabulary for term in set(_terms(t))) for t in texts]
        )
        presence = self._matrix(texts)
        total = np.asarray(presence.sum(axis=1)).ravel() + 0.5 * unknown
        presence.data[:] = 1.0
        return presence, total

    def _matrix(self, texts: Sequence[str]) -> csr_array:
        """Return term weights, one row per text and one column per term."""
        from scipy.sparse import csr_array

        columns: list[int] = []
        starts = [0]
        for text in texts:
            own = {self._vocabulary[term] for term in _terms(text) if term in self._vocabulary}
            columns.extend(sorted(own))
            starts.append(len(columns))
        indices = np.array(columns, dtype=np.int64)
        data = self._idf[indices] if len(indices) else np.zeros(0)
        return csr_array((data, indices, np.array(starts)), shape=(len(texts), len(self._vocabulary)))


def register_of(reports: Sequence[Report], ledger: Ledger) -> Register:
    """Return the register of some reports; ``ledger`` is theirs, corrections by hand included."""
    figures = sorted((*ledger.figures, *ledger.set_aside), key=lambda f: f.report_id)
    own = {id_: tuple(found) for id_, found in groupby(figures, key=lambda f: f.report_id)}
    return Register(reports, (s for r in reports for s in statements_of(r, own.get(r.id, ()))))


def _sentence_key(statement: Statement) -> tuple[str, int]:
    return statement.report_id, statement.number


def _field(statement: Statement, name: str) -> str:
    if name == "sentence":
        return f"{statement.heading} {statement.sentence}"
    return statement.subject if name == "subject" else f"{statement.context} {statement.clause}"


@lru_cache(maxsize=1 << 15)
def _terms(text: str) -> tuple[str, ...]:
    """Return the pairs of characters of a text, with synonyms unified and without numbers."""
    bare = without_punctuation(_NUMBERS.sub(" ", canonical(text)))
    return tuple(bare[i : i + 2] for i in range(len(bare) - 1))

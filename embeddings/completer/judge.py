"""Judge the forms that a follow-up may have in full: how likely each is what was meant."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from embeddings.reader.base import NetworkReader, threads

from .completer import MODEL
from .encoding import judged_row

RANK_COST = 0.5  # log-odds that each form ahead of one takes from it
RANKS = 6  # forms ahead that count
BEHIND = 4.0  # log-odds by which a form is behind the likeliest that is hardly what was meant


class CompletionJudge(NetworkReader):
    """Reads a complete form beside the conversation that it was made from, by the completer's network."""

    FOLDER, NETWORK = Path(__file__).with_name("model"), MODEL
    OUTPUTS = ("meant",)

    def log_odds(self, forms: Sequence[str], question: str, history: Sequence[str]) -> tuple[float, ...]:
        """Return of each form the log-odds that it is what was meant.

        Args:
            forms: the one that the completer finds likeliest first; their order counts as well.
            question: as asked.
            history: the turns before it, oldest first; as many of the last four count as fit.
        """
        rows = [judged_row(self._alphabet, form, question, history) for form in forms]
        read = threads().map(lambda row: self._run(ids=row.ids, parts=row.parts, runs=row.runs), rows)
        return tuple(float(verdict) - RANK_COST * min(rank, RANKS) for rank, (verdict,) in enumerate(read))


default_judge = cache(CompletionJudge.open)  # the shipped one, opened once

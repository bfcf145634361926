"""Judge the forms that a follow-up may have in full: how likely each is what was meant."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from embeddings.reader.base import NetworkReader, threads

from .encoding import judged_row

RANK_COST = 0.5  # log-odds that each form ahead of one takes from it
RANKS = 6  # forms ahead that count


class CompletionJudge(NetworkReader):
    """Reads a complete form beside the conversation that it was made from."""

    FOLDER = Path(__file__).with_name("judge_model")

    def likeliest(self, forms: Sequence[str], question: str, history: Sequence[str]) -> int:
        """Return the index of the form that is likeliest meant.

        Args:
            forms: at least one, the one that the completer finds likeliest first; its order counts as well.
            question: as asked.
            history: the turns before it, oldest first; as many of the last four count as fit.
        """
        if len(forms) == 1:
            return 0
        rows = [judged_row(self._alphabet, form, question, history) for form in forms]
        read = threads().map(lambda row: self._run(ids=row.ids, parts=row.parts, runs=row.runs), rows)
        log_odds = np.array([float(verdict) for (verdict,) in read])
        return int((log_odds - RANK_COST * np.arange(len(forms)).clip(max=RANKS)).argmax())


default_judge = cache(CompletionJudge.open)  # the shipped one, opened once

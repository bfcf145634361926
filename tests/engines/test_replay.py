"""What a capable reader's replies come to: the figures that were reached, with a small margin."""

from __future__ import annotations

import pytest

from tests.engines.replay import CORPORA, SHARED, replayed

REACHED = {  # at least, at most
    "dev": {"correct": (0.98, 1), "wrong": (0, 0.011), "helped": (0.98, 1)},
    "web_dev": {"correct": (0.92, 1), "wrong": (0, 0.08), "helped": (0.92, 1)},
}
COMPLETE = 0.9  # of the questions must have every reply: else the tape is of other prompts


@pytest.mark.parametrize("name", ["dev", pytest.param("web_dev", marks=pytest.mark.hardening)])
def test_a_capable_reader_is_let_through(name: str) -> None:
    needed = [SHARED / "eval" / f"{name}.jsonl", SHARED / "eval" / "score.py", SHARED / CORPORA[name]]
    if lacking := [path for path in needed if not path.exists()]:
        pytest.skip(f"needs {lacking[0]}")
    result = replayed(name)
    assert len(result.complete) >= COMPLETE * len(result.questions), "write replies to the changed prompts"
    score = result.score()
    for figure, (least, most) in REACHED[name].items():
        assert least <= score[figure] <= most, (figure, score[figure])
    assert score["marks_valid"] == 1
    assert score["correct by type"]["unanswerable"] >= 0.85

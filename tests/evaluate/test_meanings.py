"""The recipe of meanings: what is likelier meant and surer is chosen, each set is judged by the others."""

from __future__ import annotations

import json
import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answering.compose import compose
from qa.answering.refusal import unsure
from qa.engines.meanings import Tried
from qa.evaluate.train import meanings as recipe
from qa.evaluate.train.meanings import Example, _chosen, _outcome, fitted
from tests.reports import Desk, report_of

QUERY = Desk.over(report_of("# 工作\n\n建成书屋30家。", "苏州.md", "苏州市", (2018, 2023))).understand(
    "书屋几家"
)


def tried(meant: float, chance: float, text: str) -> Tried:
    query = replace(QUERY, meant=meant)
    answer = compose(query, (), (), opening=text) if chance >= 0.5 else unsure(query, ())
    return Tried(query, replace(answer, chance=chance))


def made(count: int = 60) -> list[Example]:
    """Follow-ups of two meanings: the answer to what is likelier meant is right."""
    dice = random.Random(3)
    examples = []
    for number in range(count):
        meant = dice.choice([-2.0, 2.0])
        pair = tried(meant, 0.9, "甲"), tried(-meant, 0.9, "乙")
        examples.append(Example(pair, (meant > 0, meant < 0), True, number % 2))
    return examples


def test_what_is_likelier_meant_is_chosen() -> None:
    judge = fitted(made())
    assert judge.weights[1] > 1.0
    chosen = [_chosen(one.tried, judge) for one in made()]
    assert all(at is not None and one.right[at] for one, at in zip(made(), chosen, strict=True))
    assert _outcome(made(), chosen) == "correct 1.000 wrong 0.000 of 60"


def test_without_a_judge_the_first_meaning_alone_is_answered() -> None:
    first = (tried(1.0, 0.9, "甲"),), (tried(1.0, 0.3, "甲"),)
    assert [_chosen(one, None) for one in first] == [0, None]
    unanswerable = Example(first[1], (False,), False, 0)
    assert _outcome([unanswerable], [None]) == "correct 1.000 wrong 0.000 of 1"


def test_the_command_prints_what_was_and_what_is_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = made()
    monkeypatch.setattr(recipe, "_example", lambda gold, index, catalogue, of_set: rows.pop())
    asked = [{"id": str(n), "question": "几家", "history": ["书屋"], "answer_groups": []} for n in range(20)]
    for name in ("one", "two"):
        lines = (json.dumps(one | {"type": "followup", "min_groups": 0}) for one in asked)
        (tmp_path / name).write_text("\n".join(lines), "utf-8")
    monkeypatch.setattr(recipe, "open_index", lambda store: Desk.over(report_of("# 甲\n\n乙。")).index)
    sets = [word for name in ("one", "two") for word in ("--set", str(tmp_path / name), str(tmp_path))]
    monkeypatch.setattr(sys, "argv", ["meanings", *sets])
    recipe.main()
    told = capsys.readouterr().out
    assert "of 40" in told and '"meant like this"' in told

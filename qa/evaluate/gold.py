"""Read questions with their expected answers, one JSON object per line.

========================  ==========================================================================
field                     meaning; all but ``question`` may be left out
========================  ==========================================================================
``id``                    by default the number of the line
``question, history``     as it is asked; ``history`` are the user's earlier turns, oldest first
``type``                  ``unanswerable`` must be refused, ``summary`` scores its share of points,
                          ``aggregate`` allows 2 % off; other types only get their own row
``answer_groups``         what the answer must say: one group per point, with alternatives
``min_groups``            how many points are enough; by default all
``evidence``              passages of the reports with the answer
``pairs``                 ``{"labels": [...], "figure": "..."}``: a figure that must appear with its label
``place, period,          filters of the question
report``
========================  ==========================================================================
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from qa.errors import QAError, read_user_file

_Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure that counts only with one of its labels in the same sentence or line."""

    labels: tuple[str, ...]
    figure: str


@dataclass(frozen=True, slots=True)
class Gold:
    """A question and its expected answer; see the table above."""

    id: str
    type: str
    question: str
    history: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    enough: int
    evidence: tuple[str, ...]
    pairs: tuple[Pair, ...]
    place: str | None = None
    period: str | None = None
    report: str | None = None

    @property
    def answerable(self) -> bool:
        return self.type != "unanswerable"

    @property
    def asks_one_thing(self) -> bool:
        return len(self.groups) == 1

    @property
    def tolerance(self) -> float:
        return 0.02 if self.type == "aggregate" else 1e-6


def read_gold(path: Path) -> tuple[Gold, ...]:
    """Read a questions file; raise QAError if it cannot be read, or naming the line that is not a question."""
    try:
        lines = read_user_file(path).decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise QAError(f"问题文件 {path} 不是 UTF-8 的文本。每行应是一个 JSON 对象。") from error
    gold = tuple(_gold(path, number, line) for number, line in enumerate(lines, start=1) if line.strip())
    if not gold:
        example = '{"question": "办了多少件？"}'
        raise QAError(f"问题文件 {path} 里没有问题。每行应是一个 JSON 对象，如 {example}。")
    if len({each.id for each in gold}) < len(gold):
        raise QAError(f"问题文件 {path} 里有重复的 id。请让每个问题的 id 各不相同。")
    return gold


def _gold(path: Path, number: int, line: str) -> Gold:
    try:
        entry: _Json = json.loads(line)
        groups = tuple(map(_texts, _list(entry.get("answer_groups"))))
        return Gold(
            id=str(entry.get("id", number)),
            type=_text(entry.get("type", "")),
            question=_text(entry["question"]),
            history=_texts(entry.get("history")),
            groups=groups,
            enough=int(entry.get("min_groups", len(groups))),
            evidence=_texts(entry.get("evidence")),
            pairs=tuple(Pair(_texts(p["labels"]), _text(p["figure"])) for p in _list(entry.get("pairs"))),
            **{name: _text(entry.get(name) or "") or None for name in ("place", "period", "report")},
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        words = f"问题文件 {path} 第 {number} 行不是一个问题（{error}）。请改正或删去这一行。"
        raise QAError(words) from error


def _list(value: object) -> list[Any]:
    if value and not isinstance(value, list):
        raise TypeError(f"{value!r} 不是用方括号括起的一组")
    return value if isinstance(value, list) else []


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(_text, _list(value)))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} 不是文字")
    return value

"""Replies of a capable model, on tape, put through the engine again: ``python -m tests.engines.replay --set dev``.

A tape holds ``{"key", "reply"}`` a line; the key is a hash of the prompt, so that no report is kept in it. Whoever wrote a
reply saw the prompt alone. A changed prompt, or other passages for it, has no reply on the tape.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import lzma
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from qa.answer_json import answer_json
from qa.engines import Conversation, LanguageModel, LLMFailure, answer_with
from qa.question import understand
from qa.reading import read_report
from qa.types import Query
from tests.reports import Desk

__all__ = ["CORPORA", "SHARED", "Replayed", "Tape", "replayed"]

SHARED = Path(__file__).parents[3] / "shared"
CORPORA = {"dev": "corpus", "web_dev": "corpus_web"}  # a set of questions → the folder of its reports
CONTEXT = 4096  # tokens that the prompts on tape were cut to


@dataclass
class Tape:
    """A model that says what is on tape; what is not there fails as a busy service does."""

    replies: dict[str, str]
    missing: dict[str, list[dict[str, str]]] = field(default_factory=dict)  # key → prompt

    @classmethod
    def of(cls, name: str) -> Tape:
        path = Path(__file__).parent / "tapes" / f"{name}.jsonl.xz"
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            return cls({row["key"]: row["reply"] for row in map(json.loads, lines)})

    def __call__(self, instructions: str, material: str) -> str:
        prompt = [{"role": "system", "content": instructions}, {"role": "user", "content": material}]
        key = _key_of(prompt)
        if key not in self.replies:
            self.missing[key] = prompt
            raise LLMFailure("busy")
        return self.replies[key]


@dataclass(frozen=True)
class Replayed:
    """Answers by question, as the program prints them; ``complete`` are those that lacked no reply."""

    questions: list[dict[str, Any]]
    answers: dict[str, dict[str, Any]]
    complete: frozenset[str]
    tape: Tape

    def score(self) -> dict[str, Any]:
        """The figures over the questions that lacked no reply."""
        asked = [question for question in self.questions if question["id"] in self.complete]
        figures, _ = _scorer().score(asked, self.answers, {})
        return dict(figures)


def replayed(name: str) -> Replayed:
    """A set of questions, answered from its tape over the reports that it was written for."""
    tape, shared = Tape.of(name), SHARED / "eval" / f"{name}.jsonl"
    desk = Desk.over(*(read_report(path) for path in sorted((SHARED / CORPORA[name]).iterdir())))
    questions = [json.loads(line) for line in shared.read_text("utf-8").splitlines() if line]
    answers: dict[str, dict[str, Any]] = {}
    complete: set[str] = set()
    for question in questions:
        before = len(tape.missing)
        try:
            answers[question["id"]] = _answer(desk, tape, question)
        except LLMFailure:
            continue
        if len(tape.missing) == before:
            complete.add(question["id"])
    return Replayed(questions, answers, frozenset(complete), tape)


def _answer(desk: Desk, tape: Tape, question: dict[str, Any]) -> dict[str, Any]:
    def grammar(text: str, history: Sequence[str] = ()) -> Query:
        return understand(text, history, desk.catalogue)

    asked, history = question["question"], tuple(question["history"])
    conversation = Conversation(grammar(asked, history), history)
    engine = LanguageModel(tape, desk.catalogue, grammar, CONTEXT)
    return answer_json(answer_with(engine, desk.index, conversation), question["id"])


def _key_of(prompt: list[dict[str, str]]) -> str:
    """The prompt's hash, its random border and its white space aside."""
    said = json.dumps([[part["role"], part["content"]] for part in prompt], ensure_ascii=False)
    return hashlib.sha256(re.sub(r"[0-9a-f]{12,}|\\n|\s+", "", said).encode()).hexdigest()[:20]


def _scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", SHARED / "eval" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Print the figures of a set, and write down what its tape lacks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=CORPORA, required=True)
    parser.add_argument("--missing", type=Path, help="where to write the prompts that have no reply")
    parser.add_argument("--answers", type=Path, help="where to write the answers")
    options = parser.parse_args()
    result = replayed(options.set)
    rows = ({"key": key, "messages": prompt} for key, prompt in result.tape.missing.items())
    for path, lines in ((options.missing, rows), (options.answers, result.answers.values())):
        if path:
            path.write_text("".join(f"{json.dumps(x, ensure_ascii=False)}\n" for x in lines), "utf-8")
    print(f"{len(result.questions)} questions, {len(result.complete)} with all their replies on tape")
    for name, value in result.score().items():
        print(f"{name:22} {value}")


if __name__ == "__main__":
    main()

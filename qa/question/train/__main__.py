"""Train the classifier of what a message wants, and which words of a request for a summary are its subject::

    python -m qa.question.train --data DIR

DIR holds sets of questions with their kinds (``dialogues.jsonl.xz`` and others) as examples of questions
about reports and of small talk, and the completer's dialogues are examples of follow-ups; ``messages.txt`` next to this
file holds the rest, with 〇 for what a change of the last answer names, and ``requests.txt`` requests with a subject and
without. The same input gives the same file.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from embeddings import completer
from embeddings.words import cut
from qa.question.intents import (
    FRAME,
    REQUEST,
    WEIGHTS,
    Intent,
    change_vector,
    vector_of,
    words_in,
)
from qa.types import Change

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FILES = ("questions_apart", "question_kinds", "followups", "dialogues")
DIALOGUES = Path(completer.__file__).with_name("train") / "dialogues.jsonl.xz"  # of this project
DECAY, REQUEST_DECAY = 1e-4, 0.02  # weight decay
LEAST_WORDS = 2  # of a question that names what it asks for there are more
STEPS = 200
THING = "〇"
EACH = 12  # messages made of one with THING


def messages(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every message with what it wants, each once."""
    seen: set[str] = set()
    own = ((text, intent) for text, intent in _own() if intent in get_args(Intent))
    for text, intent in (*own, *_asked(folder), *_followed_up()):
        if text.strip() and text not in seen:
            seen.add(text)
            yield text, intent


def changes(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every message with the change of the last answer that it asks for; of an example, one with each thing."""
    things = cycle(text for text, intent in _own() if intent == "things")
    for text, intent in _own():
        for _ in range(EACH if THING in text else intent != "things"):
            made = "".join(
                f"{next(things)}{part}" if at else part for at, part in enumerate(text.split(THING))
            )
            yield made, intent if intent in get_args(Change) else ""
    yield from ((text, "") for text, _ in _asked(folder))


def frame() -> list[str]:
    """Return the words that stand around what a change names."""
    around = (part for text, intent in _own() if intent in get_args(Change) for part in text.split(THING))
    return sorted({word for part in around for word in cut(part) if word.isalnum()})


def _own(name: str = "messages.txt") -> Iterator[tuple[str, str]]:
    """Yield the lines of a file of examples, each with its section."""
    intent = ""
    for line in Path(__file__).with_name(name).read_text("utf-8").splitlines():
        if line.startswith("["):
            intent = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            yield line.strip(), intent


def _asked(folder: Path) -> Iterator[tuple[str, str]]:
    for name in FILES:
        with lzma.open(folder / f"{name}.jsonl.xz", "rt", encoding="utf-8") as file:
            for row in map(json.loads, file):
                yield row["question"], "chatter" if row["kind"] == "chatter" else "ask"
                for turn in row.get("history", ())[:1]:
                    yield turn, "ask"


def _asked_of_one_thing(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield whole questions that ask for no summary, each as a request with a subject."""
    for name in FILES:
        with lzma.open(folder / f"{name}.jsonl.xz", "rt", encoding="utf-8") as file:
            for row in map(json.loads, file):
                alone = not row.get("history") and len(words_in(row["question"])) > LEAST_WORDS
                if alone and row["kind"] not in ("chatter", "summary"):
                    yield row["question"], "part"


def _followed_up() -> Iterator[tuple[str, str]]:
    """Yield the follow-ups of the completer's dialogues but for small talk and details, which may ask for a longer answer (更详细的呢)."""
    with lzma.open(DIALOGUES, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row["kind"] not in ("chatter", "detail"):
                yield row["question"], "ask"


def fitted(
    rows: npt.NDArray[np.float64],
    wanted: Sequence[str],
    names: Sequence[str],
    written: int,
    weight: float,
) -> dict[str, list[float]]:
    """Return the weights of each name; the first ``written`` rows, made to be distinguished, weigh ``weight`` times the most."""
    import numpy as np
    from scipy.optimize import minimize  # type: ignore[import-untyped]
    from scipy.special import log_softmax, softmax  # type: ignore[import-untyped]

    at = np.array([names.index(name) for name in wanted])
    count = np.bincount(at, minlength=len(names))
    share = np.sqrt(count.max() / np.maximum(count, 1))[at]
    share[:written] = weight * share.max()
    share /= share.sum()
    one_hot = np.eye(len(names))[at]

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights = flat.reshape(rows.shape[1], len(names))
        scores = rows @ weights
        value = -(share * (log_softmax(scores, axis=1) * one_hot).sum(axis=1)).sum()
        slope = rows.T @ ((softmax(scores, axis=1) - one_hot) * share[:, None])
        return value + DECAY * (weights**2).sum(), (slope + 2 * DECAY * weights).ravel()

    start = np.zeros(rows.shape[1] * len(names))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    print(f"{len(rows)} messages, loss {found.fun:.4f}")
    weights = found.x.reshape(rows.shape[1], len(names)).T
    return {name: [round(float(w), 3) for w in own] for name, own in zip(names, weights, strict=True)}


def request_words(requests: Sequence[tuple[str, str]]) -> tuple[list[str], list[float]]:
    """Return the words of requests without a subject, and the log-odds that each is one all the same.

    A request is "whole", without a subject, or has one somewhere ("part"): that is 1 - (1 - p₁)(1 - p₂)… for its words.
    Words of no whole request are subjects, so that a part with one of these tells nothing.
    """
    import numpy as np
    from scipy.optimize import minimize
    from scipy.special import expit, log_expit

    words = [words_in(text) for text, _ in requests]
    pairs = [*zip(words, requests, strict=True)]
    known = sorted({word for own, (_, section) in pairs if section == "whole" for word in own})
    at = {word: number for number, word in enumerate(known)}
    pairs = [(own, told) for own, told in pairs if own and all(word in at for word in own)]
    every = np.array([at[word] for own, _ in pairs for word in own])
    request = np.repeat(np.arange(len(pairs)), [len(own) for own, _ in pairs])
    part = np.array([section == "part" for _, (_, section) in pairs])

    def loss(scores: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        own = scores[every]
        none = np.minimum(np.bincount(request, log_expit(-own), len(pairs)), -1e-9)  # log-probability
        value = -np.where(part, np.log1p(-np.exp(none)), none).sum()
        slope = np.where(part, 1.0 / np.expm1(-none), -1.0)
        gradient = -np.bincount(every, slope[request] * expit(own), len(known))
        return value + REQUEST_DECAY * (scores**2).sum(), gradient + 2 * REQUEST_DECAY * scores

    found = minimize(loss, np.zeros(len(known)), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    print(f"{len(pairs)} requests, loss {found.fun / len(pairs):.4f}")
    return known, [round(float(score), 2) for score in found.x]


def main(arguments: list[str] | None = None) -> int:
    """Fit the weights and write them; returns the exit code."""
    import numpy as np

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent.parent / WEIGHTS)
    args = parser.parse_args(arguments)
    around = frame()
    pairs, changing = list(messages(args.data)), list(changes(args.data))
    rows = np.stack([vector_of(text) for text, _ in pairs])
    written = sum(intent in get_args(Intent) for _, intent in _own())
    table = fitted(rows, [intent for _, intent in pairs], get_args(Intent), written, 3.0)
    rows = np.stack([change_vector(text, around) for text, _ in changing])
    written = len(changing) - sum(1 for _ in _asked(args.data))
    table |= fitted(rows, [change for _, change in changing], get_args(Change), written, 1.0)
    requests = request_words([*_own("requests.txt"), *_asked_of_one_thing(args.data)])
    every = {**table, REQUEST: requests, FRAME: around}
    told = json.dumps(every, ensure_ascii=False, separators=(",", ":"))
    args.output.write_text(told + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

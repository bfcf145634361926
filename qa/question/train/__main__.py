"""Train the classifier of what a message wants::

    python -m qa.question.train --data DIR

DIR holds sets of questions with their kinds (``dialogues.jsonl.xz`` and others) as examples of questions
about reports and of small talk, and the completer's dialogues are examples of follow-ups; ``messages.txt`` next to this
file holds the rest, with 〇 for what a change of the last answer names. The same input gives the same file.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from embeddings import completer, default_encoder
from embeddings.words import cut
from qa.question.intents import FRAME, WEIGHTS, Intent, change_vector
from qa.types import Change

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FILES = ("questions_apart", "question_kinds", "followups", "dialogues")
DIALOGUES = Path(completer.__file__).with_name("train") / "dialogues.jsonl.xz"  # of this project
DECAY = 1e-4  # weight decay
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


def _own() -> Iterator[tuple[str, str]]:
    intent = ""
    for line in Path(__file__).with_name("messages.txt").read_text("utf-8").splitlines():
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


def _followed_up() -> Iterator[tuple[str, str]]:
    """Yield the follow-ups of the completer's dialogues, without what may ask for a longer answer (更详细的呢)."""
    with lzma.open(DIALOGUES, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            if row["kind"] not in ("chatter", "detail"):
                yield row["question"], "ask"


def fitted(
    rows: npt.NDArray[np.float64], wanted: Sequence[str], names: Sequence[str], written: int, weight: float
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


def main(arguments: list[str] | None = None) -> int:
    """Fit the weights and write them; returns the exit code."""
    import numpy as np

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent.parent / WEIGHTS)
    args = parser.parse_args(arguments)
    encode, around = default_encoder().encode_query, frame()
    pairs, changing = list(messages(args.data)), list(changes(args.data))
    rows = np.stack([np.append(encode(text), 1.0) for text, _ in pairs])
    written = sum(intent in get_args(Intent) for _, intent in _own())
    table = fitted(rows, [intent for _, intent in pairs], get_args(Intent), written, 3.0)
    rows = np.stack([change_vector(text, around) for text, _ in changing])
    written = len(changing) - sum(1 for _ in _asked(args.data))
    table |= fitted(rows, [change for _, change in changing], get_args(Change), written, 1.0)
    told = json.dumps({**table, FRAME: around}, ensure_ascii=False, separators=(",", ":"))
    args.output.write_text(told + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Train the classifier of what a message wants::

    python -m qa.question.train --data DIR

DIR holds sets of questions with their kinds (``dialogues.jsonl.xz`` and others) as examples of questions
about reports and of small talk; ``messages.txt`` next to this file holds the rest. The same input gives the
same file.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from qa.question.intents import WEIGHTS, Intent

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FILES = ("questions_apart", "question_kinds", "followups", "dialogues")
DECAY = 1e-4  # weight decay
STEPS = 200


def messages(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every message with what it wants, each once."""
    seen: set[str] = set()
    for text, intent in (*_own(), *_asked(folder)):
        if text.strip() and text not in seen:
            seen.add(text)
            yield text, intent


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


def main(arguments: list[str] | None = None) -> int:
    """Fit the weights and write them; returns the exit code."""
    import numpy as np
    from scipy.optimize import minimize  # type: ignore[import-untyped]
    from scipy.special import log_softmax, softmax  # type: ignore[import-untyped]

    from embeddings import open_encoder

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent.parent / WEIGHTS)
    args = parser.parse_args(arguments)
    pairs = list(messages(args.data))
    intents = get_args(Intent)
    encoder = open_encoder(None)
    rows = np.stack([np.append(encoder.encode_query(text), 1.0) for text, _ in pairs])
    wanted = np.array([intents.index(intent) for _, intent in pairs])
    count = np.bincount(wanted, minlength=len(intents))
    share = np.sqrt(count.max() / np.maximum(count, 1))[wanted]
    share[: len(tuple(_own()))] = share.max()  # those written to be distinguished
    share /= share.sum()
    one_hot = np.eye(len(intents))[wanted]

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        weights = flat.reshape(rows.shape[1], len(intents))
        scores = rows @ weights
        value = -(share * (log_softmax(scores, axis=1) * one_hot).sum(axis=1)).sum()
        slope = rows.T @ ((softmax(scores, axis=1) - one_hot) * share[:, None])
        return value + DECAY * (weights**2).sum(), (slope + 2 * DECAY * weights).ravel()

    fitted = minimize(
        loss, np.zeros(rows.shape[1] * len(intents)), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}
    )
    weights = fitted.x.reshape(rows.shape[1], len(intents)).T
    table = {intent: [round(float(w), 3) for w in own] for intent, own in zip(intents, weights, strict=True)}
    args.output.write_text(json.dumps(table, separators=(",", ":")) + "\n", "utf-8")
    print(f"{len(pairs)} messages, loss {fitted.fun:.4f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Forms that a question might have in full, each with how right it is: what the judge learns from.

``python -m embeddings.completer.train.forms --data DIR --halves A B --output FILE``. ``A`` and ``B`` are model folders of
completers that learned ``--half 0`` and ``--half 1``: each completes the dialogues that it has not seen, so that the forms
to be judged are as wrong as those of a new conversation. Whole questions that are seen to be whole are left out.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.completer.completer import Completer, Row, judged_row
from embeddings.reader.base import Alphabet

from .evaluation import alike, equal
from .examples import REWORDED, Example, dialogues_in, reworded, varied
from .whole import whole_questions

LIKE = 0.8  # label of a form that is alike and not equal
WRONG = 3  # forms that are wrong and learned, of an example
ANOTHER = 0.3  # how often one more right form is


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with forms that it might have in full, each with how right it is, 0 to 1."""

    example: Example
    forms: tuple[tuple[str, float], ...]


def judged(one: Example, completer: Completer) -> Judged:
    """Return an example with the forms that a completer gives it, and itself."""
    texts = dict.fromkeys((one.question, *(form.text for form in completer.forms(one.question, one.history))))
    return Judged(one, tuple((text, label(text, one.complete)) for text in texts))


def label(form: str, complete: str) -> float:
    """Return how right a form is, 0 to 1.

    >>> [label(form, "泉州有几家书屋？") for form in ("泉州有几家书屋", "泉州有几书屋", "苏州有几家书屋")]
    [1.0, 0.8, 0.0]
    """
    return 1.0 if equal(form, complete) else LIKE * alike(form, complete)


def drawn(one: Judged, draw: random.Random) -> list[tuple[str, float]]:
    """Return some forms of an example: up to three right ones, what was written if none is right, and likely wrong ones."""
    right = [form for form in one.forms if form[1]]
    best = [form for form in right if form[1] == 1.0] or right
    wrong = [form for form in one.forms if not form[1]][: 2 * WRONG]
    kept = draw.sample(best, min(2, len(best)))
    kept += [draw.choice(right)] if right and draw.random() < ANOTHER else []
    kept += draw.sample(wrong, min(WRONG, len(wrong)))
    return list(dict.fromkeys(kept if right else [*kept, (one.example.complete, 1.0)]))


def rows_of(
    item: Judged, alphabet: Alphabet, words: Sequence[str], draw: random.Random
) -> list[tuple[Row, float]]:
    """Return rows of some forms, with places, years and words exchanged alike throughout."""
    forms, one = drawn(item, draw), item.example
    told = Example((*one.history, *(text for text, _ in forms)), one.question, one.complete, one.kind)
    told = varied(told, draw)
    told = reworded(told, words, draw) if draw.random() < REWORDED else told
    history, texts = told.history[: len(one.history)], told.history[len(one.history) :]
    return [
        (judged_row(alphabet, text, told.question, history), right)
        for text, (_, right) in zip(texts, forms, strict=True)
    ]


def read_forms(path: Path) -> list[Judged]:
    """The examples with their forms that the command wrote."""
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [
        Judged(
            Example(tuple(row["history"]), row["question"], row["standalone"], row["kind"]),
            tuple((text, float(right)) for text, right in row["forms"]),
        )
        for row in rows
    ]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.completer.train.forms", description="Writes forms to be judged."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with train/")
    about = "model folders of completers that learned --half 0 and --half 1"
    parser.add_argument("--halves", type=Path, nargs=2, required=True, help=about)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    with options.output.open("w", encoding="utf-8") as file:
        for half, folder in enumerate(options.halves):
            completer = Completer.open(folder)
            dialogues = dialogues_in(options.data, 1 - half)
            whole = whole_questions(dialogues, random.Random(half))[half::2]
            told = (one for one in whole if not one.whole or completer.forms(one.question, one.history))
            for one in (*dialogues, *told):
                row: dict[str, object] = {
                    "history": one.history,
                    "question": one.question,
                    "standalone": one.complete,
                }
                row |= {"kind": one.kind, "forms": judged(one, completer).forms}
                file.write(f"{json.dumps(row, ensure_ascii=False)}\n")


if __name__ == "__main__":
    main()

"""Fit what a follow-up computes of the figures that were just answered: ``python -m qa.evaluate.train.earlier SETS [--dry]``.

``SETS`` is the folder that ``python -m tests.evaluate.sets --output SETS`` writes, with the invented reports on which five people
wrote conversations that end with such a follow-up, one in ten with one that only looks like it (``earlier.jsonl.xz``): {"writer",
"set", "history", "question", "operation", "operands": [[clause, figure]]}; the operation is none if nothing is to be computed, nor is
it for the turns before. ``earlier.txt`` has more of how such follow-ups sound, and ones that do not compute, by their operation.
The turns before are answered by the product as it is, so that a figure that it does not find is in no candidate.
"""

import json
import lzma
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from qa.answering.programs.choice import sound_vector
from qa.answering.wording import wording_of
from qa.engines.earlier.answer import NETWORK, SOUNDS
from qa.engines.earlier.features import FEATURES, FollowUp
from qa.engines.earlier.features import SOUNDS as COLUMN
from qa.engines.earlier.given import COMPARE, OF_EARLIER, Given, formulas_of, given_before
from qa.evaluate.train import parser_of
from qa.evaluate.train.formulas import Example, is_right, learned
from qa.index import open_index, rebuild
from qa.library import Library
from qa.question import catalogue_of, understand
from qa.text.figures import figures
from qa.types import Answer

NONE = len(OF_EARLIER)


def main() -> None:
    """Print the cross-validated quality, and write the weights unless ``--dry``."""
    parser = parser_of(__doc__)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--dry", action="store_true", help="write no weights")
    options = parser.parse_args()
    examples = [*_examples(options.sets), *_alone()]
    sounds, network = learned(examples, NONE, FEATURES.index(COLUMN))
    if not options.dry:
        SOUNDS.write_text(json.dumps(sounds.tolist()) + "\n", "utf-8")
        network.write(NETWORK)


def _examples(sets: Path) -> Iterator[Example]:
    """Yield the follow-ups of the conversations, each with the turns before it."""
    text = lzma.decompress(Path(__file__).with_name("earlier.jsonl.xz").read_bytes()).decode()
    rows = sorted(map(json.loads, text.splitlines()), key=lambda row: row["set"])
    for name, own in groupby(rows, key=lambda row: row["set"]):
        with TemporaryDirectory() as folder:
            rebuild([sets / name], Path(folder) / "index")
            library, index = Library(Path(folder) / "index"), open_index(Path(folder) / "index")

            @cache
            def answered(turns: tuple[str, ...], library: Library = library) -> Answer:
                return library.ask(turns[-1], history=turns[:-1])

            for row in own:
                turns = *row["history"], row["question"]
                for at in range(1, len(turns)):
                    history, last = turns[:at], at == len(turns) - 1
                    given = _given(history, answered)
                    query = understand(turns[at], history, catalogue_of(index.reports))
                    follow_up = FollowUp(query, history, given, wording_of(index), [0.0] * (NONE + 1))
                    values = sorted(figures(figure)[0].value for _, figure in row["operands"]) if last else []
                    operation = row["operation"] if last else "none"
                    yield _example(row["writer"], turns[at], follow_up, operation, values)


def _given(history: tuple[str, ...], answered: Callable[[tuple[str, ...]], Answer]) -> tuple[Given, ...]:
    return given_before(history, lambda back: answered(history[: len(history) - back + 1]))


def _example(
    writer: int, asked: str, follow_up: FollowUp, operation: str, values: Sequence[float]
) -> Example:
    every = list(formulas_of(follow_up.given))
    formula = "difference" if operation == COMPARE and len(values) == 2 else operation
    return Example(
        writer=writer,
        sound=sound_vector(asked),
        formula=OF_EARLIER.index(formula) if formula in OF_EARLIER else NONE,
        formulas=tuple(OF_EARLIER.index(one.name) for one in every),
        results=tuple(one.result.text for one in every),
        features=np.array([follow_up.features(one) for one in every]).reshape(-1, len(FEATURES)),
        right=tuple(
            is_right(one.name, [own.figure.value for own in one.operands], formula, values) for one in every
        ),
    )


def _alone() -> Iterator[Example]:
    """Yield follow-ups without a conversation."""
    nothing = np.zeros((0, len(FEATURES)))
    operation = ""
    for line in Path(__file__).with_name("earlier.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            operation = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            formula = OF_EARLIER.index(operation) if operation in OF_EARLIER else NONE
            yield Example(None, sound_vector(line.strip()), formula, (), (), nothing, ())


if __name__ == "__main__":
    main()

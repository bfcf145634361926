"""``python -m embeddings.completer.train.packing --data DIR --forms FILE … --output DIR``: what is learned as arrays.

``dialogues.npz`` are conversations with their complete form, ``forms.npz`` forms to be judged, ``glue.txt`` what a
complete form may need that its conversation lacks.
"""

import argparse
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import TypeVar

from embeddings.completer.completer import GLUE, row_of
from embeddings.reader.base import Alphabet
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.packed import GROUP, Packer

from .examples import (
    REWORDED,
    Example,
    dialogues_in,
    glue_of,
    read_examples,
    reworded,
    varied,
    vocabulary_of,
    with_another,
)
from .forms import Judged, read_forms, rows_of
from .labels import labels_of
from .whole import whole_questions

DIALOGUES, WHOLE, FORMS = 8, 3, 4  # times that these are drawn, each time with other places, years and words
SHARE = 1500  # examples that one process packs at a time
_Item = TypeVar("_Item")


def pack_dialogues(examples: Sequence[Example], alphabet: Alphabet, glue: Sequence[str], _: int) -> Packer:
    """Conversations with what their complete form says of each position."""
    packer = Packer()
    for number, one in enumerate(examples):
        row = row_of(alphabet, one.question, one.history)
        names = ("following", "stays", "glue", "years")
        each = dict(zip(names, labels_of(row, one.complete, glue), strict=True))
        own = {"ids": row.ids, "parts": row.parts, "runs": row.runs}
        packer.add(own | each, {"whole": one.whole, GROUP: number})
    return packer


def pack_forms(items: Sequence[Judged], alphabet: Alphabet, words: Sequence[str], seed: int) -> Packer:
    """Forms to be judged; those of one question are a group."""
    packer, draw = Packer(), random.Random(seed)
    for number, item in enumerate(items):
        for row, right in rows_of(item, alphabet, words, draw):
            own = {"ids": row.ids, "parts": row.parts, "runs": row.runs}
            packer.add(own, {"right": right, GROUP: number})
    return packer


def _in_shares(
    pack: Callable[[Sequence[_Item], Alphabet, Sequence[str], int], Packer],
    items: Sequence[_Item],
    alphabet: Alphabet,
    texts: Sequence[str],
) -> Packer:
    shares = [items[at : at + SHARE] for at in range(0, len(items), SHARE)]
    with ProcessPoolExecutor() as pool:
        return Packer.joined(pool.map(pack, shares, repeat(alphabet), repeat(texts), range(len(shares))))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m embeddings.completer.train.packing",
        description="Packs what the completer learns from.",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with train/")
    parser.add_argument("--half", type=int, choices=(0, 1), help="of the dialogues, for forms to be judged")
    parser.add_argument("--forms", type=Path, nargs="*", default=[], help="what `…train.forms` wrote")
    parser.add_argument("--glue", type=Path, help=f"{GLUE} of the completer that learning goes on from")
    parser.add_argument("--output", type=Path, required=True, help="folder for the arrays")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    alphabet, draw = alphabet_of(), random.Random(0)
    dialogues = dialogues_in(options.data, options.half)
    words = vocabulary_of(dialogues)
    glue = options.glue.read_bytes().decode("utf-8").split("\n") if options.glue else glue_of(dialogues)
    (options.output / GLUE).write_text("\n".join(glue), "utf-8")
    told = read_examples(options.data / "train" / "rewriter.jsonl.xz")
    learned = [with_another(one, draw.choice(dialogues), draw) for _ in range(DIALOGUES) for one in dialogues]
    if options.half is None:  # else all of them are to be judged
        learned += WHOLE * whole_questions(dialogues, draw)
    for one in learned:
        other = varied(one, draw)
        told.append(reworded(other, words, draw) if draw.random() < REWORDED else other)
    draw.shuffle(told)
    _in_shares(pack_dialogues, told, alphabet, glue).save(options.output / "dialogues.npz")
    items = [item for path in options.forms for item in read_forms(path)]
    if items:
        items = [item for _ in range(FORMS) for item in draw.sample(items, len(items))]
        words = vocabulary_of([item.example for item in items])
        _in_shares(pack_forms, items, alphabet, words).save(options.output / "forms.npz")
    print(f"{len(told)} dialogues, {len(items)} questions with forms, {len(glue)} texts may be written")


if __name__ == "__main__":
    main()

"""Run by a test as a process of its own: harm one file of an index, open it, mend it, again and again.

Usage: harm.py INDEX KIND N SEED. Prints one line of JSON: what came out how often. An opened index that answers
differently without a word ends it with an error; a signal or five seconds without an end show as its exit status.
"""

import json
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from qa.errors import StoreError
from qa.index import open_index
from tests.hardening.indexes import ENCODER, fingerprint

PAGE = 4096
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 25645\n" % 0


def flip(data: bytes, generator: random.Random) -> bytes:
    harmed = bytearray(data)
    harmed[generator.randrange(len(data))] ^= 1 << generator.randrange(8)
    return bytes(harmed)


def cut(data: bytes, generator: random.Random) -> bytes:
    return data[: generator.randrange(len(data))]


def zero(data: bytes, generator: random.Random) -> bytes:
    start = generator.randrange(0, len(data), PAGE)
    return data[:start] + bytes(min(PAGE, len(data) - start)) + data[start + PAGE :]


def pointer(data: bytes, generator: random.Random) -> bytes:
    return POINTER


KINDS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "flip": flip,
    "cut": cut,
    "zero": zero,
    "pointer": pointer,
}


class Harmed:
    """An index with a known good state."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        newest = open_index(folder, ENCODER)
        assert newest.warnings == ()
        self.newest, self.good = newest.generation, {newest.generation: fingerprint(newest)}
        current = folder / "CURRENT"
        current.write_bytes(b"")
        away = folder / "generations" / f"{self.newest:08d}"
        away.rename(away.with_name(".away"))
        older = open_index(folder, ENCODER)
        self.good[older.generation] = fingerprint(older)
        away.with_name(".away").rename(away)
        current.write_bytes(self.files[current])

    def serves(self, path: Path) -> bool:
        """Whether a file belongs to what serves now."""
        return path.name == "CURRENT" or f"{self.newest:08d}" in path.parts

    def outcome(self, matters: bool) -> str:
        """What opening it gives now; an AssertionError where that is not allowed."""
        try:
            index = open_index(self.folder, ENCODER)
        except StoreError as error:
            if not (matters and "union-qa rebuild" in str(error)):
                raise
            return "refused"
        assert fingerprint(index) == self.good[index.generation], "answers differ"
        assert bool(index.warnings) == matters, (matters, index.warnings)
        return f"generation {index.generation} with a warning" if index.warnings else "untouched"


def main(folder: str, kind: str, n: str, seed: str) -> None:
    harmed, generator, outcomes = Harmed(Path(folder)), random.Random(int(seed)), Counter[str]()
    while sum(outcomes.values()) < int(n):
        signal.alarm(5)
        if kind == "swap":
            pair = generator.sample([p for p, data in harmed.files.items() if data], 2)
            if generator.random() < 0.5:  # the same file of two generations
                pair = [
                    p for p in harmed.files if p.name == pair[0].name and p.parent.name == pair[0].parent.name
                ]
            if len(pair) != 2 or harmed.files[pair[0]] == harmed.files[pair[1]]:
                continue
            new = dict(zip(pair, (harmed.files[p] for p in reversed(pair)), strict=True))
        else:
            path = generator.choice([p for p, data in harmed.files.items() if data])
            new = {path: KINDS[kind](harmed.files[path], generator)}
            if new[path] == harmed.files[path]:
                continue
        for path, data in new.items():
            path.write_bytes(data)
        outcomes[harmed.outcome(any(map(harmed.serves, new)))] += 1
        for path in new:
            path.write_bytes(harmed.files[path])
    signal.alarm(0)
    assert harmed.outcome(matters=False) == "untouched"
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main(*sys.argv[1:])

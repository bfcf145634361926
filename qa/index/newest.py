"""The newest whole generation of an index folder, whatever became of the others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from qa.errors import IndexMissing, StoreError
from qa.index.generation import Generation, Previous, read_generation, read_previous
from qa.index.generations import generation_folder, numbers, read_pointer

__all__ = ["newest_before", "read_newest"]

Read = TypeVar("Read")


def read_newest(index: Path) -> tuple[Generation, tuple[str, ...]]:
    """The generation that CURRENT names, else the newest one that is whole, with a warning that says so.

    Raises:
        IndexMissing, IndexDamaged, IndexIncompatible: as :func:`open_index`; the first problem where several.
    """
    return _newest(index, read_generation)


def newest_before(index: Path) -> tuple[Previous, tuple[str, ...]]:
    """The same, of which only what the next generation needs is read."""
    return _newest(index, read_previous)


def _newest(index: Path, read: Callable[[Path, int, str | None], Read]) -> tuple[Read, tuple[str, ...]]:
    problem: StoreError | None = None
    candidates: list[tuple[int, str | None]] = [(number, None) for number in numbers(index)]
    try:
        pointer = read_pointer(index)
        candidates.insert(0, (pointer.number, pointer.manifest_sha256))
    except IndexMissing:
        raise
    except StoreError as error:
        problem = error
    for number, manifest_sha256 in candidates:
        try:
            found = read(generation_folder(index, number), number, manifest_sha256)
        except StoreError as error:
            problem = problem or error
            continue
        return found, (f"{problem} 目前用第 {number} 代索引回答。",) if problem else ()
    assert problem is not None  # either CURRENT or the generation that it names was unusable
    raise problem

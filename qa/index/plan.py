"""Which segments go over into the next generation as they are, and which reports are indexed anew.

A segment stays while all of its reports do. As in log-structured stores (O'Neil et al. 1996, "The Log-Structured
Merge-Tree"), small ones are made one with what is new, so that their number stays small and adding costs what is
new: a library of some thousand paragraphs is always one segment.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qa.index.manifest import SegmentEntry

__all__ = ["kept_segments", "shared_out"]

SMALL = 4096  # paragraphs; smaller segments are always taken in
TWICE = 2  # what is new takes in segments up to so many times its own size
LARGEST = 250_000  # paragraphs of a segment, which bounds the memory that indexing it takes


def kept_segments(
    before: Sequence[SegmentEntry], unchanged: Collection[str], new: int
) -> tuple[SegmentEntry, ...]:
    """The segments that go over as they are.

    Args:
        unchanged: names of the reports whose records still hold.
        new: paragraphs of those that were read anew.
    """
    still = frozenset(unchanged)
    whole = sorted((e for e in before if still.issuperset(e.reports)), key=lambda e: e.paragraphs)
    anew = new + sum(entry.paragraphs for entry in before if entry not in whole)
    while anew and whole and whole[0].paragraphs <= min(max(SMALL, TWICE * anew), LARGEST):
        anew += whole.pop(0).paragraphs
    return tuple(entry for entry in before if entry in whole)


def shared_out(paragraphs: Sequence[int]) -> list[slice]:
    """Reports in order, shared out to segments; ``paragraphs`` says how many each has.

    >>> shared_out([200_000, 40_000, 90_000])
    [slice(0, 2, None), slice(2, 3, None)]
    """
    shares: list[slice] = []
    begin = held = 0
    for at, count in enumerate(paragraphs):
        if at > begin and held + count > LARGEST:
            shares.append(slice(begin, at))
            begin, held = at, 0
        held += count
    return [*shares, slice(begin, len(paragraphs))] if paragraphs else []

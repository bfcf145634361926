"""Figures as Markdown tables, ratios included."""

from collections.abc import Sequence

from tests.bench.child import Measured
from tests.bench.peers import PEERS

__all__ = ["markdown", "peers_table"]

COLUMNS = (
    "",
    "texts/s",
    "texts/CPU s",
    "p50, ms",
    "p95, ms",
    "CPU, ms",
    "peak, MB",
    "disk, MB",
    "recall@1",
    "recall@5",
)


def peers_table(measured: Sequence[Measured]) -> str:
    """One row a library."""
    return markdown([COLUMNS, *(_row(each) for each in measured)])


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """A table whose first row is its head.

    >>> print(markdown([("a", "b"), ("1", "2")]))
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join((head, "|---" * len(rows[0]) + "|", *body))


def _row(own: Measured) -> tuple[str, ...]:
    return (
        PEERS[own.name].title,
        f"{own.texts / own.build_seconds:.0f}",
        f"{own.texts / own.build_cpu_seconds:.0f}",
        f"{1e3 * own.p50_seconds:.1f}",
        f"{1e3 * own.p95_seconds:.1f}",
        f"{1e3 * own.cpu_seconds:.1f}",
        f"{own.peak_bytes / 1e6:.0f}",
        f"{own.disk_bytes / 1e6:.0f}",
        f"{own.recall_1:.3f}",
        f"{own.recall_5:.3f}",
    )

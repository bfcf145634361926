"""Bars as SVG: one chart a figure, one bar a library, readable on light and dark pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from tests.bench.child import Measured
from tests.bench.peers import OURS, PEERS

__all__ = ["bars", "write_charts"]

LABEL, BAR, VALUE, ROW = 150, 420, 70, 26  # pixels: a label, the longest bar, its figure, the height of a row
OWN, OTHER, INK = "#c0392b", "#7f8c9b", "#808890"  # inks that stand out on white and on black

CHARTS: dict[str, tuple[str, Callable[[Measured], float], str]] = {
    "build": ("建索引，每 CPU 秒的文章数（多的好）", lambda m: m.texts / m.build_cpu_seconds, "{:.0f}"),
    "question": ("一个问题，CPU 毫秒（少的好）", lambda m: 1e3 * m.cpu_seconds, "{:.1f}"),
    "memory": ("内存峰值，MB（少的好）", lambda m: m.peak_bytes / 1e6, "{:.0f}"),
    "recall": ("第一条就对，%（多的好）", lambda m: 100 * m.recall_1, "{:.1f}"),
}


def write_charts(measured: Sequence[Measured], folder: Path) -> None:
    """Write ``bench-NAME.svg`` for every chart."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (title, value, form) in CHARTS.items():
        each = [(PEERS[own.name].title, value(own), own.name == OURS) for own in measured]
        (folder / f"bench-{name}.svg").write_text(bars(title, each, form), encoding="utf-8")


def bars(title: str, values: Sequence[tuple[str, float, bool]], form: str) -> str:
    """One chart.

    Args:
        values: label, length, and whether it is ours.
        form: of the figure at the end of a bar.
    """
    most = max((value for _, value, _ in values), default=0.0) or 1.0
    width, height = LABEL + BAR + VALUE, ROW * (len(values) + 1) + 8
    said = ", ".join(f"{label} {form.format(value)}" for label, value, _ in values)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" font-family="sans-serif" font-size="13" fill="{INK}">',
        f"<title>{escape(f'{title}: {said}')}</title>",
        f'<text x="0" y="18" font-weight="bold">{escape(title)}</text>',
    ]
    for number, (label, value, own) in enumerate(values, 1):
        top, long = ROW * number + 4, max(1.0, BAR * value / most)
        lines += [
            f'<text x="{LABEL - 8}" y="{top + 15}" text-anchor="end">{escape(label)}</text>',
            f'<rect x="{LABEL}" y="{top}" width="{long:.1f}" height="20" fill="{OWN if own else OTHER}"/>',
            f'<text x="{LABEL + long + 6:.1f}" y="{top + 15}">{form.format(value)}</text>',
        ]
    return "\n".join((*lines, "</svg>", ""))

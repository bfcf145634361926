"""Ours: reports of a hundred texts each, read from files as the command does, sentence by sentence, figures included.

A text is found where one of its paragraphs is. ``reports.toml`` says of every report that it is of the whole country
and of all years, as users say what cannot be inferred: the news of a hundred places is no report of one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.peers import DEPTH, Ask

if TYPE_CHECKING:
    from embeddings import Encoder

__all__ = ["build", "prepare", "reports_of"]

TEXTS = 100  # of a report
KNOWN = """["{name}"]
title = "文集{name}"
place = "全国"
period = [1900, 2099]
published = "2024-01-01"
as_of = "2023-12"

"""


def reports_of(texts: Sequence[str]) -> Iterator[tuple[str, str, list[int]]]:
    """Texts as reports: file name, content, and the offsets at which its texts begin."""
    for first in range(0, len(texts), TEXTS):
        content, starts = f"# 文集{first:07}", []
        for text in texts[first : first + TEXTS]:
            starts.append(len(content))
            content += "\n\n" + text.replace("\n", "\n\n")
        yield f"{first:07}.md", f"{content}\n", starts


def prepare(texts: Sequence[str], folder: Path) -> None:
    """Write the reports; the other libraries are given texts, not files."""
    (folder / "reports").mkdir()
    known = ""
    for name, content, _ in reports_of(texts):
        (folder / "reports" / name).write_text(content, encoding="utf-8")
        known += KNOWN.format(name=name)
    (folder / "reports" / "reports.toml").write_text(known, encoding="utf-8")


def build(texts: Sequence[str], folder: Path, encoder: Encoder) -> Ask:
    """Index the reports, and find every figure in them."""
    from qa.index import rebuild
    from qa.library import open_library

    rebuild([folder / "reports"], folder / "index", encoder=encoder)
    library = open_library(folder / "index")
    library.ledger()
    starts = {name: own for name, _, own in reports_of(texts)}

    def ask(question: str) -> list[int]:
        found: dict[int, None] = {}
        for hit in library.retrieve(question, DEPTH):
            name, offset = hit.report.source.name, hit.paragraph.spans[0][0]
            found[int(name.removesuffix(".md")) + bisect_right(starts[name], offset) - 1] = None
        return list(found)

    return ask

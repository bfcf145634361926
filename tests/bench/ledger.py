"""How fast the ledger of a thousand reports is built, beside the embedding of their sentences.

    python -m tests.bench.ledger [REPORTS] [--count 1000]

The reports are those of a folder (by default the sample) again and again, with a rare character of its own before
each stop and comma of a copy, so that no sentence stands in two of them. CPU seconds of one thread.
"""

import argparse
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from embeddings import open_encoder
from qa.ledger.build import figures_of
from qa.reading import read_report
from qa.text.units import sentences_of
from qa.types import Paragraph, Report, Sentence

RARE = 0x3400  # where the rare characters begin
SAMPLE = Path(__file__).parents[2] / "qa" / "sample"


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reports", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--count", type=int, default=1000)
    options = parser.parse_args()
    paths = sorted(
        p for p in options.reports.iterdir() if p.suffix in (".md", ".txt") and p.name != "README.md"
    )
    reports = list(copies([read_report(path) for path in paths], options.count))
    sentences = [sentences_of(report) for report in reports]
    print(f"{len(reports)} reports, {sum(map(len, sentences))} sentences")
    encoder = open_encoder(None)
    encoder.encode_passages(["工会"])
    start = time.process_time()
    for own in sentences:
        encoder.encode_passages([s.search_text for s in own])
    embedded = time.process_time() - start
    start = time.process_time()
    figures = sum(ledger_size(report, own) for report, own in zip(reports, sentences, strict=True))
    ledger = time.process_time() - start
    print(
        f"embedded in {embedded:.2f} s; ledger of {figures} figures in {ledger:.2f} s; {ledger / embedded:.2f}"
    )


def ledger_size(report: Report, sentences: tuple[Sentence, ...]) -> int:
    """How many figures a report has."""
    return sum(1 for _ in figures_of(report, sentences))


def copies(reports: list[Report], count: int) -> Iterator[Report]:
    """Reports of which no two have a sentence in common."""
    for number, report in enumerate(islice(cycle(reports), count)):
        paragraphs = tuple(_own(p, chr(RARE + number // len(reports))) for p in report.paragraphs)
        yield replace(report, id=f"{report.id}-{number}", paragraphs=paragraphs)


def _own(paragraph: Paragraph, character: str) -> Paragraph:
    return replace(paragraph, text=re.sub(r"(?=[，。；])", character, paragraph.text))


if __name__ == "__main__":
    main()

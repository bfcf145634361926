"""Questions that were written without sight of the program: ``python -m tests.evaluate.sets --output DIR [--reports DIR ...]``.

They are on five union reports and on nineteen government reports, which are not part of the repository, and on reports
that were invented for them; nothing in these is true of the places that they name. What
proves an answer in a report that is not here is kept as offsets into its file, and read from there.

A set that is asked for is written as ``NAME.jsonl``, which ``union-qa evaluate`` and ``qa.evaluate.train.sureness`` read, and the
invented reports in a folder for each of their sets. Drafts over some of these, with planted errors, are written as
``NAME.drafts.jsonl``, which ``union-qa check --drafts`` reads.
"""

import argparse
import json
import lzma
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

__all__ = ["drafts", "invented_reports", "questions", "unpack"]

Json: TypeAlias = dict[str, Any]

FOLDER = Path(__file__).parent


def questions(folders: Sequence[Path] = ()) -> dict[str, list[Json]]:
    """The questions of each set; of a set whose reports lie in none of the folders, none.

    Args:
        folders: where reports lie that are not in the repository.
    """
    files = {path.name: path for folder in folders for path in folder.glob("*.txt")}
    found: defaultdict[str, list[Json]] = defaultdict(list)
    invented = invented_reports()
    away: set[str] = set()
    for row in _lines("questions.jsonl.xz"):
        name = row.pop("set")
        spans = [span for span in row["evidence"] if not isinstance(span, str)]
        needed = {file for file, _, _ in spans} or {file for file in row["doc"] if file.endswith(".txt")}
        if not needed <= files.keys() | invented.get(name, {}).keys():
            away.add(name)
            continue
        if spans:
            row["evidence"] = [files[file].read_text("utf-8")[start:end] for file, start, end in spans]
        found[name].append(row)
    return {name: rows for name, rows in found.items() if name not in away}


def invented_reports() -> dict[str, dict[str, str]]:
    """Set → file name → text of the reports that were invented for it."""
    reports: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in _lines("reports.jsonl.xz"):
        reports[row["set"]][row["name"]] = row["text"]
    return dict(reports)


def drafts() -> dict[str, list[Json]]:
    """Set → drafts over its invented reports, each with its items: the words that are judged, the verdict, what proves it."""
    found: defaultdict[str, list[Json]] = defaultdict(list)
    for row in _lines("drafts.jsonl.xz"):
        found[row.pop("set")].append(row)
    return dict(found)


def unpack(output: Path, folders: Sequence[Path] = ()) -> None:
    """Write the sets that can be asked, the reports that were invented, and the drafts over these."""
    output.mkdir(parents=True, exist_ok=True)
    drafted = {f"{name}.drafts": rows for name, rows in drafts().items()}
    for name, rows in (questions(folders) | drafted).items():
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        (output / f"{name}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    for name, reports in invented_reports().items():
        (output / name).mkdir(exist_ok=True)
        for file, text in reports.items():
            (output / name / file).write_text(text, "utf-8")


def _lines(name: str) -> list[Json]:
    with lzma.open(FOLDER / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--reports", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    unpack(options.output, options.reports)

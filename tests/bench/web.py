"""How fast the page is up and how it bears a crowd: the real server, in a process of its own, and its figures as JSON.

    python -m tests.bench.web [--seconds 60]

First a cold start with an empty home: when the port answers, when questions are. Then eight people, then sixteen with
the index rebuilt in the middle. Questions are made from the sample reports. Three minutes at most.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice, pairwise
from pathlib import Path
from random import Random
from typing import Any

import httpx

from qa.library import SAMPLE_REPORTS
from qa.reading import read_report
from qa.web.suggestions import figure_questions, heading_questions
from tests.bench.load import Asked, crowd, summary
from tests.web.conftest import environment, free_port

_START_SECONDS = 60.0
_EACH = 12  # questions of a kind from each report


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="of the crowd of sixteen")
    options = parser.parse_args()
    questions = _questions()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with _server(home / "cold") as (url, start):
            asyncio.run(crowd(url, questions, 2, 3))  # what is made for the first questions
            eight = asyncio.run(crowd(url, questions, 8, 20))
        index = home / "index"
        _rebuild(index)
        with _server(home / "own", UNION_QA_INDEX=str(index)) as (url, _):
            sixteen, generations = asyncio.run(_rebuilt_under(url, questions, options.seconds, index))
    print(
        json.dumps(
            {
                "load_before": round(load, 1),
                "load_after": round(os.getloadavg()[0], 1),
                "start": start,
                "eight": summary(eight),
                "sixteen": {**summary(sixteen), "generations": generations},
            },
            ensure_ascii=False,
            indent=1,
        )
    )


async def _rebuilt_under(
    url: str, questions: list[str], seconds: float, index: Path
) -> tuple[list[Asked], list[int]]:
    """Sixteen people, with a rebuild half way, and the generations that served before and after."""

    async def rebuilt() -> None:
        await asyncio.sleep(seconds / 2)
        await asyncio.to_thread(_rebuild, index)

    before = _generation(url)
    asked, _ = await asyncio.gather(crowd(url, questions, 16, seconds), rebuilt())
    return asked, [before, _generation(url)]


def _questions() -> list[str]:
    reports = [read_report(path) for path in sorted(SAMPLE_REPORTS.glob("*.md"))]
    found = [
        question
        for report in reports
        for made in (figure_questions(report, reports), heading_questions(report, reports))
        for question in islice(made, _EACH)
    ]
    places = [report.place.name for report in reports]
    found += [f"{one}和{other}的法律援助，哪个更多？" for one, other in pairwise(places)]
    Random(6).shuffle(found)
    return found


def _rebuild(index: Path) -> None:
    command = [sys.executable, "-m", "qa", "rebuild", str(SAMPLE_REPORTS), "--index", str(index), "--force"]
    subprocess.run(command, check=True, capture_output=True, env=environment(index.parent, free_port()))


@contextmanager
def _server(home: Path, **settings: str) -> Iterator[tuple[str, dict[str, float]]]:
    """The page, ready, with the seconds after which its port answered and its questions were answered."""
    port = free_port()
    url, started = f"http://127.0.0.1:{port}", time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        env={**environment(home, port), **settings},
        stdout=subprocess.DEVNULL,
    )
    try:
        first = _wait(url, started, any_answer=True)
        ready = _wait(url, started, any_answer=False)
        yield url, {"port_seconds": round(first, 2), "ready_seconds": round(ready, 2)}
    finally:
        process.terminate()
        process.wait(30)


def _wait(url: str, started: float, *, any_answer: bool) -> float:
    while time.monotonic() - started < _START_SECONDS:
        try:
            answer = httpx.get(f"{url}/health", timeout=5)
            if any_answer or answer.status_code == 200:
                return time.monotonic() - started
        except httpx.HTTPError:
            pass
        time.sleep(0.02)
    raise SystemExit(f"the page was not ready after {_START_SECONDS:.0f} seconds")


def _generation(url: str) -> int:
    told: dict[str, Any] = httpx.get(f"{url}/health").json()
    return int(told["generation"])


if __name__ == "__main__":
    main()

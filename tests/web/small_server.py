"""Serve the small library in a process of its own: ``python small_server.py [--mcp] [--open] LOG``.

LOG gets what it is asked.
"""

import json
import sys
from functools import partial
from pathlib import Path

from qa.settings import read_settings
from qa.types import Answer
from qa.web.serve import serve
from tests.web.small_library import SmallLibrary


class Logged(SmallLibrary):
    """Writes every question down as a line of JSON."""

    def ask(self, question: str, **options: object) -> Answer:
        try:
            return super().ask(question, **options)  # type: ignore[arg-type]
        finally:
            with Path(sys.argv[-1]).open("a", encoding="utf-8") as log:
                log.write(json.dumps(self.asked[-1], ensure_ascii=False) + "\n")


if __name__ == "__main__":
    serve(
        read_settings(),
        Logged,
        partial(print, flush=True),
        for_all="--open" in sys.argv,
        mcp="--mcp" in sys.argv,
    )

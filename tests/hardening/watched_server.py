"""The small server of the web tests, which notes every file of a marked folder that it opens and every look-up it tries.

Usage: ``watched_server.py MARK NOTES [--mcp] LOG``: paths that hold MARK are noted in NOTES, and hosts beyond loopback.
"""

import runpy
import sys
from pathlib import Path


def main(mark: str, notes: str) -> None:
    noted = Path(notes).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115  # for as long as the server runs

    def note(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and mark in str(arguments[0]):
            noted.write(f"open {arguments[0]}\n")
        elif event == "socket.getaddrinfo" and str(arguments[0]) not in ("127.0.0.1", "None"):
            noted.write(f"look-up {arguments[0]}\n")

    sys.addaudithook(note)
    del sys.argv[1:3]
    runpy.run_path("tests/web/small_server.py", run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:3])

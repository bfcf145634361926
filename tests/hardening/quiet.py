"""Run by a test as a process of its own: build, serve and ask fifty questions, and tell who was looked up or called.

Usage: quiet.py INDEX. Prints a line of JSON: every look-up or connection beyond loopback that anything tried.
"""

import json
import sys
from pathlib import Path

import network_guard  # loaded by sitecustomize already, which the tests' environment names; its list is the one


def main(index: str) -> None:
    from dataclasses import replace

    import app  # noqa: F401  # importing it is part of what is watched
    from qa.index import rebuild
    from qa.library import SAMPLE_REPORTS, Library
    from qa.settings import read_settings
    from qa.web.serve import Listener, serving
    from tests.hardening.questions import questions
    from tests.hardening.serving import asked, page

    rebuild([SAMPLE_REPORTS], Path(index))
    library = Library(Path(index))
    with Listener() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        with serving(library, replace(read_settings(), port=port), listener):
            bodies = [len(page(port, path)) for path in ("/", "/health", "/config")]
            told = [asked(port, question) for question in questions(50)]
    answered = sum(not answer["abstained"] for answer in told)
    print(json.dumps({"tried": network_guard.violations, "bodies": bodies, "answered": answered}))


if __name__ == "__main__":
    main(*sys.argv[1:])

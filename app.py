"""Start the web chat: ``python app.py``. Settings, library, page; nothing else happens here."""

from __future__ import annotations

import sys
from functools import partial

from embeddings import EncoderError
from qa.errors import QAError
from qa.library import open_library
from qa.settings import read_settings
from qa.web.serve import serve

__all__ = ["main"]


def main() -> int:
    """Serve until Ctrl-C or SIGTERM; 1 where a user's error prevents it."""
    say = partial(print, flush=True)
    try:
        settings = read_settings()
        serve(settings, partial(open_library, settings=settings, say=say), say)
    except (QAError, EncoderError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

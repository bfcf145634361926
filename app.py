"""Start the web chat: ``python app.py``, the same as ``union-qa serve``, with its options."""

import sys

from qa.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))

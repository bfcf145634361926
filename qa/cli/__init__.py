"""The command line: ``union-qa``, the same as ``python -m qa``."""

from qa.cli.main import main

__all__ = ["main"]

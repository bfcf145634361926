"""Answer → checked Answer: its own stage, so that no writer, ours or a model, can go round it."""

from __future__ import annotations

from qa.checking.check import check
from qa.checking.verify import citation_stands, verify_figures

__all__ = ["check", "citation_stands", "verify_figures"]

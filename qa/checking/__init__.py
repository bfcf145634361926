"""Answer → checked Answer: a stage of its own that no writer of answers, ours or a model, can bypass."""

from qa.checking.check import check
from qa.checking.verify import amounts, citation_stands, verify_figures

__all__ = ["amounts", "check", "citation_stands", "verify_figures"]

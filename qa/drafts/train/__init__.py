"""Fit the ranking of what a figure of a draft may mean, on marked drafts; run in a checkout."""

from __future__ import annotations

__all__: list[str] = []

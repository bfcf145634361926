"""Recipes of the models of the layout: ``ngrams`` and ``seams``; run in a checkout."""

from __future__ import annotations

__all__: list[str] = []

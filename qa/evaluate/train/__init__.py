"""Recipes of what ranks and judges answers: ``rankers``, ``sureness`` and ``salience``; run in a checkout."""

from __future__ import annotations

__all__: list[str] = []

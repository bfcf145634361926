"""The recipe of the question reader: ``rows`` are what it learns, ``network`` is what learns, ``export`` ships it."""

from __future__ import annotations

__all__: list[str] = []

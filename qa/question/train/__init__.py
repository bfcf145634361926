"""The recipe that fits what a message wants of the program itself; run in a checkout."""

from __future__ import annotations

__all__: list[str] = []

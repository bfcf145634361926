"""Train the classifier of what a message wants; run in a checkout."""

from __future__ import annotations

__all__: list[str] = []

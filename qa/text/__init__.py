"""Text without reports: sentences, spans, normal forms, figures, divisions."""

from __future__ import annotations

__all__: list[str] = []

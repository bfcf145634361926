"""The error of this package."""

from __future__ import annotations

__all__ = ["EncoderError"]


class EncoderError(Exception):
    """An encoder cannot be opened or does not fit; the message (Chinese) says what to do."""

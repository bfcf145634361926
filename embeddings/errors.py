"""The errors of this package."""

from __future__ import annotations


class EncoderError(Exception):
    """An encoder cannot be opened or does not fit; the message (Chinese) says what to do."""


class MilvusError(Exception):
    """Milvus cannot be reached, is too slow, or refuses; the message is what it or its client said."""


class MilvusGone(MilvusError):
    """There is no such collection or alias, or there no longer is."""

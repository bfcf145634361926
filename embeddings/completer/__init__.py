"""A follow-up and the turns before it → the question in full, by a small network that copies characters."""

from __future__ import annotations

from .completer import Completer, default_completer
from .encoding import TURNS

__all__ = ["TURNS", "Completer", "default_completer"]

"""A follow-up and the turns before it → the question in full, by a small network that says which character follows which."""

from __future__ import annotations

from .completer import Completed, Completer, default_completer
from .encoding import TURNS

__all__ = ["TURNS", "Completed", "Completer", "default_completer"]

"""A follow-up and the turns before it → the question in full: one network writes forms of it and judges them."""

from .completer import BEHIND, TURNS, Completed, Completer, default_completer, default_judge

__all__ = ["BEHIND", "TURNS", "Completed", "Completer", "default_completer", "default_judge"]

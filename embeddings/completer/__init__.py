"""A follow-up and the turns before it → the question in full: one network writes forms of it and judges them."""

from .completer import BEHIND, Completed, Completer, default_completer, default_judge
from .encoding import TURNS

__all__ = ["BEHIND", "TURNS", "Completed", "Completer", "default_completer", "default_judge"]

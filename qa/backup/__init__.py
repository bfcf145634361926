"""Back up all data of the program to one file, and restore it on another machine."""

from __future__ import annotations

from qa.backup.restoring import restore
from qa.backup.saving import Copied, Places, back_up

__all__ = ["Copied", "Places", "back_up", "restore"]

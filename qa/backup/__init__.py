"""Everything that the program keeps, as one file that another machine takes over."""

from __future__ import annotations

from qa.backup.archive import Places
from qa.backup.putting_back import restore
from qa.backup.saving import Copied, back_up

__all__ = ["Copied", "Places", "back_up", "restore"]

"""The one door to everything: open a library, retrieve passages, ask questions."""

from __future__ import annotations

from qa.library.facade import Library, LibraryStatus
from qa.library.opening import open_library

__all__ = ["Library", "LibraryStatus", "open_library"]

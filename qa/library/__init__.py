"""The entry point of the program: open a library, retrieve passages, ask questions."""

from __future__ import annotations

from qa.library.facade import Library
from qa.library.opening import open_library
from qa.library.status import LibraryStatus

__all__ = ["Library", "LibraryStatus", "open_library"]

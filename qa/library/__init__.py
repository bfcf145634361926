"""The entry point of the program: open a library, retrieve passages, ask questions."""

from __future__ import annotations

from qa.library.facade import Library
from qa.library.opening import ask, open_library, retrieve
from qa.library.serving import LibraryStatus

__all__ = ["Library", "LibraryStatus", "ask", "open_library", "retrieve"]

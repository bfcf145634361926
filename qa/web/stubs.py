"""Skip the stubs for editors that Gradio writes at every import, which take a second of its start."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def without_stubs() -> Iterator[None]:
    """Import Gradio within the block: classes without a file get no stub (``gradio.component_meta``)."""
    known = inspect.getfile

    def getfile(what: Any) -> str:
        if str(getattr(what, "__module__", "")).startswith("gradio."):
            raise OSError("no file is looked for")
        return known(what)

    inspect.getfile = getfile  # type: ignore[assignment]  # its argument has another name
    try:
        yield
    finally:
        inspect.getfile = known

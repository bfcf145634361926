"""Cited question answering over Chinese trade-union reports.

>>> import qa
>>> library = qa.open_library("my-index")  # doctest: +SKIP
>>> hits = library.retrieve("法律援助办了多少件？", k=5, place="温州", period=(2018, 2023))  # doctest: +SKIP
>>> answer = library.ask("那漳州呢？", history=["温州的法律援助办了多少件？"])  # doctest: +SKIP

``qa.retrieve`` and ``qa.ask`` do the same on the default index. Each name is imported on first use (PEP 562).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.errors import QAError
    from qa.library import Library, ask, open_library, retrieve
    from qa.types import Answer, Citation, Hit, Paragraph, Period, Place, Report, Sentence

__all__ = [
    "Answer", "Citation", "Hit", "Library", "Paragraph", "Period", "Place", "QAError", "Report", "Sentence", "ask",
    "open_library", "retrieve",
]  # fmt: skip

_HOMES = {
    "QAError": "qa.errors",
    **dict.fromkeys(("Library", "open_library", "ask", "retrieve"), "qa.library"),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES.get(name, "qa.types")), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

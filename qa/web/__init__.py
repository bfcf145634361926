"""The web chat. It holds no logic that a user of the command line would miss.

Reading order: ``seam`` (what the page needs of a library), ``words`` (Chinese and English), ``evidence`` and
``chat`` (records to escaped HTML), ``failures``, ``examples``, ``ask_page`` and ``page`` (the view), ``endpoints``,
``look`` and ``guard`` (theme, headers), ``serve`` (start and stop). Gradio is touched by ``ask_page``,
``endpoints``, ``page`` and ``look`` alone.
"""

from __future__ import annotations

__all__: list[str] = []

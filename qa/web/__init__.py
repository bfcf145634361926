"""The web chat. It holds no logic that a user of the command line would miss.

Reading order: ``seam`` (what the pages need of a library), ``words`` (Chinese and English), ``evidence`` and
``chat`` (records to escaped HTML), ``failures``, ``examples``, ``conversations`` and ``verdicts`` (what is kept of a
talk), ``ask_layout``, ``ask_page`` and ``page`` (the view), the other pages, ``endpoints``, ``look`` and ``guard``
(theme, headers), ``serve`` (start and stop). Gradio is touched by the pages and ``endpoints``, ``look`` alone.
"""

from __future__ import annotations

__all__: list[str] = []

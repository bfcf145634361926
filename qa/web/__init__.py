"""The web chat. It holds no logic that a user of the command line would miss.

Reading order: ``shelf`` (the library that answers now), ``words`` (Chinese and English), ``evidence`` and
``chat`` (records to escaped HTML), ``failures``, ``examples``, ``conversations`` and ``verdicts`` (what is kept of a
talk), ``ask_layout``, ``ask_page`` and ``page`` (the view), the other pages, ``api`` and ``mcp_server``
(for other programs), ``look`` (theme). Then who may do what: ``users``, ``tokens``, ``logouts``, ``login``, ``people``, ``audit``,
and what every request passes: ``middleware``, ``guard`` with ``hosts``, ``routes`` and ``limits``,
``border``. ``application`` puts it together, ``serve`` starts and stops it.
"""

from __future__ import annotations

__all__: list[str] = []

"""Escape text for HTML."""

from __future__ import annotations

import html

from qa.text.visible import visible


def escape(text: str) -> str:
    """Return the text as HTML for bodies and attributes, without invisible characters."""
    return html.escape(visible(text))

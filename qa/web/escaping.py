"""The one way in which text becomes HTML: nothing in it is markup, and nothing in it is unseen."""

from __future__ import annotations

import html

from qa.text.visible import visible


def escape(text: str) -> str:
    """The text as HTML, quotes escaped, so that it may stand in an attribute too; invisible characters are left out."""
    return html.escape(visible(text))

"""The words of the interface in Chinese and English, from ``words.toml``.

Gradio translates labels of components (``translations``); our HTML has both languages (``both``), of which the
style sheet shows the one of ``<html lang>``, so that a switch needs no server.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import markupsafe
from markupsafe import Markup

from qa.text.visible import visible


@cache
def _words() -> dict[str, tuple[str, str]]:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {key: (zh, en) for key, (zh, en) in tomllib.loads(text).items()}


def chinese(key: str) -> str:
    """Return the Chinese words alone, for places that cannot switch."""
    return _words()[key][0]


def has(key: str) -> bool:
    """Whether there are words under this key."""
    return key in _words()


def both(key: str, **values: object) -> Markup:
    """Return HTML with both languages, one of which the style sheet hides.

    >>> print(both("copied"))
    <span class="zh" lang="zh-CN">已复制</span><span class="en" lang="en">Copied</span>
    """
    zh, en = (escape(words.format(**values) if values else words) for words in _words()[key])
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(
        zh, en
    )


def english(key: str) -> str:
    """Return the English words alone, not escaped."""
    return _words()[key][1]


def translations() -> dict[str, dict[str, str]]:
    """Return the words by locale, as Gradio's ``I18n`` takes them."""
    zh = {key: words[0] for key, words in _words().items()}
    return {"zh-CN": zh, "zh-TW": zh, "en": {key: words[1] for key, words in _words().items()}}


def escape(text: str) -> Markup:
    """Return the text as HTML for bodies and attributes, without invisible characters."""
    return markupsafe.escape(visible(text))

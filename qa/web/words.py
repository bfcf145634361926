"""The words of the interface, Chinese and English side by side, from ``words.toml``.

Labels of components go through Gradio's own translation (``translations``). HTML that the server writes carries
both languages (``both``) and the style sheet shows the one that ``<html lang>`` names: a switch needs no server.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from qa.web.escaping import escape


@cache
def _words() -> dict[str, tuple[str, str]]:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {key: (zh, en) for key, (zh, en) in tomllib.loads(text).items()}


def chinese(key: str) -> str:
    """The Chinese words alone, for places that cannot switch."""
    return _words()[key][0]


def has(key: str) -> bool:
    """Whether there are words under this key."""
    return key in _words()


def both(key: str, **values: object) -> str:
    """Escaped HTML with both languages, one of which the style sheet hides.

    >>> both("copied")
    '<span class="zh" lang="zh-CN">已复制</span><span class="en" lang="en">Copied</span>'
    """
    zh, en = (escape(words.format(**values) if values else words) for words in _words()[key])
    return f'<span class="zh" lang="zh-CN">{zh}</span><span class="en" lang="en">{en}</span>'


def english(key: str) -> str:
    """The English words alone, not escaped."""
    return _words()[key][1]


def translations() -> dict[str, dict[str, str]]:
    """Words by locale, as Gradio's ``I18n`` takes them."""
    zh = {key: words[0] for key, words in _words().items()}
    return {"zh-CN": zh, "zh-TW": zh, "en": {key: words[1] for key, words in _words().items()}}

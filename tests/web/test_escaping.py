"""Text becomes HTML in one way only, in which nothing is markup and nothing unseen."""

import re
from pathlib import Path

import qa.web
from qa.web.markup import escape

FOLDER = Path(qa.web.__file__).parent


def test_markup_is_text_and_the_unseen_is_gone() -> None:
    assert escape("<b title='a\u202e\x00\"'>\u200b&") == "&lt;b title=&#39;a&#34;&#39;&gt;&amp;"


def test_no_other_file_of_the_page_escapes_by_itself() -> None:
    assert [
        p.name
        for p in FOLDER.rglob("*.py")
        if re.search(r"html import|import html", p.read_text(encoding="utf-8"))
    ] == []

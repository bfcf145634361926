"""Restoring loses and invents nothing, whatever the damage."""

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.reading.formats import Extract
from qa.reading.formats.text import text_blocks
from qa.reading.layout import Restored, restore
from qa.reading.layout.characters import ink_spans
from tests.reading.damage import DAMAGES, damage
from tests.reading.prose import ARTICLES, CAPTIONS


def restored(text: str) -> Restored:
    return restore(Extract(text, "utf-8", "txt", tuple(text_blocks(text))))


def check(text: str) -> None:
    """Every ink character stands in exactly one place, and every text is what its spans say.

    The marks of a heading that turns out to be text are in none.
    """
    result = restored(text)
    pieces = [(p.text, p.spans) for p in result.paragraphs]
    heads = [("", h.spans) for h in (*result.titles, *result.headings)]
    used: Counter[int] = Counter()
    for content, spans in pieces + heads:
        assert spans
        for start, end in spans:
            assert 0 <= start < end <= len(text)
            used.update(range(start, end))
        source = "".join(text[start:end] for start, end in spans)
        if content:
            assert "".join(content.replace("*", "").split()) == "".join(source.replace("*", "").split())
            assert content == content.strip()
    visible = [k for start, end in ink_spans(text, 0, len(text)) for k in range(start, end)]
    ink = [k for k in visible if text[k] != "*" and not text[k].isspace()]
    marks = {k for k in ink if text[k] == "#" and not f"{text[:k]}#".splitlines()[-1].strip(" #")}
    assert not [text[k] for k in ink if used[k] != 1 and not (k in marks and not used[k])]


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("article", range(len(ARTICLES)))
def test_damage_is_repaired_without_loss(kind: str, article: int) -> None:
    for seed in range(4):
        check(damage(kind, ARTICLES[article], seed, CAPTIONS))


SCRAPS = st.sampled_from(
    [
        "一、", "（二）", "3 ", "# ", "## ", "职工", "会", "，", "。", "\n", "\n\n", "\n\n\n\n", " ", "\u3000", "**", "*", "12",
        "。”", "“", "关键词：", "■张三", "图为", "— 3 —", "A", "的职工之家", "\u200b", "\u202e", "\x1b[31m", "\r\n", "|", "……",
        "工会为职工送去清凉", "全市共有八十六座驿站，每座都有热水，", "\t", "\u2028", "𠮷", "👩\u200d👧", "《", "》",
    ]
)  # fmt: skip


@settings(max_examples=120)
@given(st.lists(SCRAPS, max_size=60).map("".join))
@example("一、\u2028■张三\u2028一、")
@example("一、\n# 。")
def test_any_text_is_kept_whole(text: str) -> None:
    check(text)


@settings(max_examples=40)
@given(st.text(max_size=200))
def test_any_characters_are_kept_whole(text: str) -> None:
    check(text)

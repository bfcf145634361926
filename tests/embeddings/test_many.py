"""Many texts are cut into the words that each alone is cut into, to the last tie."""

from __future__ import annotations

import random
import warnings
from functools import cache
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings.words import words
from embeddings.words.lists import many_words, together, word_lists
from embeddings.words.tokenizer import frequency

ODD = (
    "\ud800𠀀㐀龥鿕鿖鿿〇\uff41\uff22①½.:,-_%‰\n\t \x00十百万亿的了和工会会员劳动模范总工会中华人民共和国ẞﬁΣé"
)


SAMPLE = Path(__file__).parents[2] / "qa" / "sample"


@cache
def entries() -> list[tuple[str, int]]:
    """The words of jieba's dictionary that begin with a Chinese character, and how often each was counted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escape sequences in jieba's own source
        import jieba
    with jieba.get_dict_file() as file:
        lines = (line.decode("utf-8").split(" ") for line in file)
        return [(word, int(count)) for word, count, *_ in lines if "一" <= word[0] <= "龥"]


def same(texts: list[str]) -> None:
    each = word_lists(map(words, texts))
    for many in (many_words(texts), together(texts)):
        assert many.vocabulary == each.vocabulary
        assert np.array_equal(many.numbers, each.numbers)
        assert np.array_equal(many.starts, each.starts)


@settings(max_examples=60)
@given(st.lists(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(ODD)), max_size=40), max_size=6))
def test_any_text(texts: list[str]) -> None:
    same(texts)


def test_words_of_the_dictionary_in_a_row_without_a_stop() -> None:
    choose = random.Random(7)
    known = [word for word, _ in entries()]
    same(["".join(choose.choices(known, k=choose.randint(1, 60))) for _ in range(200)])


def test_characters_at_random() -> None:
    choose = random.Random(7)
    same(["".join(chr(choose.randint(0x3400, 0xA000)) for _ in range(200)) for _ in range(20)])


def test_reports() -> None:
    same([line for path in sorted(SAMPLE.glob("*.md")) for line in path.read_text("utf-8").splitlines()])


def test_nothing() -> None:
    same([])
    same(["", "。", " "])


def test_every_word_counts_as_it_does_where_it_is_looked_up_alone() -> None:
    for word, count in random.Random(7).choices(entries(), k=200):
        assert abs(frequency(word) * 60.101967 - count) < 1e-3

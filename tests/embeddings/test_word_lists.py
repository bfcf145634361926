"""Words as numbers say the same as lists of words, whoever numbered them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from embeddings.sparse import WordLists, joined, word_lists
from embeddings.words.tokenizer import tagged

LISTS = st.lists(st.lists(st.sampled_from(["工会", "会员", "驿站", "职工"]), max_size=5), max_size=6)


def spelled(lists: WordLists) -> list[list[str]]:
    words = [lists.vocabulary[number] for number in lists.numbers]
    return [words[start:end] for start, end in zip(lists.starts, lists.starts[1:], strict=False)]


@given(LISTS)
def test_lists_come_back(lists: list[list[str]]) -> None:
    assert spelled(word_lists(lists)) == lists
    assert len(word_lists(lists)) == len(lists)


def test_half_a_surrogate_pair_is_tagged_as_a_mark() -> None:
    text = "瑞安市\ud800总工会"
    words = tagged(text)
    assert [text[word.start : word.end] for word in words if word.text != "?"] == ["瑞安市", "总工会"]
    assert words[-1].end == len(text)


@given(st.lists(LISTS, max_size=4))
def test_parts_are_numbered_as_if_together(parts: list[list[list[str]]]) -> None:
    together = word_lists(each for part in parts for each in part)
    apart = joined(word_lists(part) for part in parts)
    assert apart.vocabulary == together.vocabulary
    assert np.array_equal(apart.numbers, together.numbers)
    assert np.array_equal(apart.starts, together.starts)


@given(LISTS, st.data())
def test_combined_lists_are_their_parts_in_order(lists: list[list[str]], data: st.DataObject) -> None:
    group = st.lists(st.integers(0, len(lists) - 1), max_size=4) if lists else st.just([])
    groups = data.draw(st.lists(group, max_size=4))
    order = np.array([place for group in groups for place in group], dtype=np.int64)
    combined = word_lists(lists).combined(order, np.array([len(group) for group in groups], dtype=np.int64))
    assert spelled(combined) == [[word for place in group for word in lists[place]] for group in groups]

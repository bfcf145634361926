"""Counts of words say the same as lists of words, whoever numbered them."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from embeddings.sparse import WordCounts, counted, joined
from embeddings.words.tokenizer import tagged

LISTS = st.lists(st.lists(st.sampled_from(["工会", "会员", "驿站", "职工"]), max_size=5), max_size=6)


def spelled(words: WordCounts) -> list[Counter[str]]:
    return [
        +Counter(dict(zip(words.vocabulary, row, strict=True))) for row in words.counts.toarray().tolist()
    ]


@given(LISTS)
def test_counts_are_those_of_the_lists(lists: list[list[str]]) -> None:
    assert spelled(counted(lists)) == [Counter(own) for own in lists]
    assert counted(lists).counts.shape[0] == len(lists)


def test_half_a_surrogate_pair_is_tagged_as_a_mark() -> None:
    text = "瑞安市\ud800总工会"
    words = tagged(text)
    assert [text[word.start : word.end] for word in words if word.text != "?"] == ["瑞安市", "总工会"]
    assert words[-1].end == len(text)


@given(st.lists(LISTS, max_size=4))
def test_parts_are_numbered_as_if_together(parts: list[list[list[str]]]) -> None:
    together = counted(each for part in parts for each in part)
    apart = joined([counted(part) for part in parts])
    assert apart.vocabulary == together.vocabulary
    assert spelled(apart) == spelled(together)


@given(LISTS, st.data())
def test_longer_texts_have_the_words_of_what_they_take_in(
    lists: list[list[str]], data: st.DataObject
) -> None:
    group = st.lists(st.integers(0, len(lists) - 1), max_size=4) if lists else st.just([])
    groups = data.draw(st.lists(group, max_size=4))
    sums = [number for number, group in enumerate(groups) for _ in group]
    texts = [place for group in groups for place in group]
    longer = counted(lists).summed(sums, texts, len(groups))
    assert spelled(longer) == [Counter(word for place in group for word in lists[place]) for group in groups]

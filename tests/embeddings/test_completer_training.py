"""The completer's recipe: what is copied from where, places and years exchanged alike, a network that learns."""

from __future__ import annotations

import random

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from embeddings.completer.train.aligned import WRITTEN, alignment
from embeddings.completer.train.evaluation import alike, equal
from embeddings.completer.train.examples import Example, glue_of, varied
from embeddings.completer.train.export import completer_of
from embeddings.completer.train.learning import batch_of, loss_of
from embeddings.completer.train.network import Completion
from embeddings.reader.encoding import Alphabet
from embeddings.reader.train.network import Shape

ONE = Example(("2016年苏州建成几家书屋",), "泉州呢", "2016年泉州建成几家书屋", "place_switch")


@given(st.text("ab年", max_size=12), st.text("ab年c", max_size=12))
def test_an_alignment_points_at_the_characters_themselves(source: str, target: str) -> None:
    places = alignment(source, target)
    assert len(places) == len(target)
    for place, character in zip(places, target, strict=True):
        assert place == WRITTEN or source[place] == character
        assert place != WRITTEN or character not in source or len(target) > 1


def test_an_alignment_goes_on_where_it_can() -> None:
    assert alignment("州呢|苏州有几家", "州有几家").tolist() == [4, 5, 6, 7]


def test_places_and_years_are_exchanged_alike_throughout() -> None:
    seen = set()
    for seed in range(20):
        other = varied(ONE, random.Random(seed))
        year, place = other.history[0][:4], other.question.removesuffix("呢")
        assert other.complete == f"{year}年{place}建成几家书屋"
        seen.add((year, place))
    assert len(seen) > 5


def test_glue_is_what_complete_forms_need_and_conversations_lack() -> None:
    asked = Example(("苏州书屋",), "花钱", "苏州书屋花多少钱", "detail")
    assert set(glue_of([asked] * 3)) == set("多少0123456789")
    assert set(glue_of([asked] * 2)) == set("0123456789")


@pytest.mark.parametrize(
    ("text", "same", "near"),
    [
        ("2016年泉州建成几家书屋呢？", True, True),
        ("2016年泉州建成了多少家书屋", False, False),
        ("2017年泉州建成几家书屋", False, False),
        ("2016年苏州建成几家书屋", False, False),
        ("泉州2016年建成几家书屋", False, True),
    ],
)
def test_a_completion_is_right_where_places_years_and_words_are(text: str, same: bool, near: bool) -> None:
    assert (equal(text, ONE.complete), alike(text, ONE.complete)) == (same, near)


def test_a_small_network_learns_one_conversation_by_heart() -> None:
    torch.manual_seed(0)
    alphabet, glue = Alphabet("".join(sorted(set(ONE.complete + ONE.question)))), "\n了"
    network = Completion(Shape(len(alphabet), 32, 2, 1, 0.0), len(glue))
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01)
    batch = batch_of([ONE], alphabet, glue)
    for _ in range(100):
        character, whole = loss_of(network, batch)
        optimiser.zero_grad()
        (character + whole).backward()
        optimiser.step()
    assert character.item() < 0.05
    assert completer_of(network, alphabet, glue).completions(ONE.question, ONE.history)[0] == ONE.complete

"""The reader of pairs: how what two clauses count relates, a model that is whole or refused, and its recipe."""

import random
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from embeddings import EncoderError
from embeddings import reader as package
from embeddings.reader.base import CLS, SEP, Alphabet
from embeddings.reader.pairs import (
    AROUND,
    RELATIONS,
    Mention,
    PairReader,
    default_pair_reader,
    pair_row,
)
from embeddings.reader.train.network import Shape
from embeddings.reader.train.pairs import __main__ as recipe
from embeddings.reader.train.pairs.network import PairNetwork
from embeddings.reader.train.pairs.rows import DEVELOPMENT, OWN, Pair, development, drawn
from embeddings.reader.train.passages.network import PassageNetwork
from embeddings.train.data import read_lines

FOLDER = Path(package.__file__).with_name("pair_model")
DATA = Path(__file__).parents[2].parent / "shared" / "data"


def mention(text: str, said: str) -> Mention:
    start = text.index(said)
    return text, start, start + len(said)


def likeliest(one: Mention, other: Mention) -> str:
    told = default_pair_reader().read(one, other)
    return max(told, key=told.__getitem__)


def test_a_row_marks_the_mentions_and_hides_the_numbers() -> None:
    alphabet = Alphabet("建成书屋家0")
    ids, parts, _ = pair_row(alphabet, mention("建成书屋12家", "12家"), mention("书屋345家", "345家"))
    assert (ids[0], ids[-1], Counter(ids.tolist())[SEP]) == (CLS, SEP, 2)
    assert [int(n) for n in parts] == [0] * 5 + [1] * 3 + [0] * 3 + [2] * 4 + [0]
    zero = int(alphabet.ids("0")[0])
    assert ids[parts > 0].tolist().count(zero) == 5
    long = pair_row(alphabet, mention("建" * 500 + "9家" + "成" * 500, "9家"), mention("1家", "1家"))
    assert long.shape[1] == 2 * AROUND + 2 + 2 + 3


@pytest.mark.parametrize(
    ("one", "said", "other", "stated", "relation"),
    [
        ("建成爱心食堂50座", "50座", "建成爱心食堂30座", "30座", "same"),
        ("扬州市建成爱心食堂50座", "50座", "全省建成爱心食堂300座", "300座", "same"),
        ("吸纳新会员4.1万人", "4.1万人", "会员总数88万人", "88万人", "total_new"),
        ("“暖阳行动”圆满收官", "暖阳行动", "大力实施“暖阳行动”", "暖阳行动", "planned_achieved"),
        ("接待来访职工2100人次", "2100人次", "接待来访职工900人", "900人", "people_times"),
    ],
)
def test_what_two_clauses_count(one: str, said: str, other: str, stated: str, relation: str) -> None:
    first, second = mention(one, said), mention(other, stated)
    assert likeliest(first, second) == likeliest(second, first) == relation
    told = default_pair_reader().read(first, second)
    assert tuple(told) == RELATIONS and sum(told.values()) == pytest.approx(1.0, abs=1e-5)
    assert told == pytest.approx(default_pair_reader().read(second, first))


def test_numbers_do_not_tell_a_relation() -> None:
    one, other = mention("建成食堂12座", "12座"), mention("建有食堂34座", "34座")
    again = mention("建成食堂98座", "98座"), mention("建有食堂11座", "11座")
    assert default_pair_reader().read(one, other) == default_pair_reader().read(*again)


def test_a_model_that_was_altered_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(FOLDER, folder)
    (folder / "characters.txt").write_text("x", "utf-8")
    with pytest.raises(EncoderError, match="校验和不符"):
        PairReader.open(folder)


def test_the_pairs_are_of_known_relations_and_name_what_they_hold() -> None:
    own = read_lines(OWN)
    assert len(own) > 3000
    assert set(DEVELOPMENT) < {item["writer"] for item in own}
    for item in own:
        assert item["relation"] in RELATIONS
        assert all(item[side]["figure"] in item[side]["clause"] for side in "ab"), item


def test_the_recipe_learns_and_each_pair_is_drawn_once() -> None:
    torch.manual_seed(0)
    alphabet = Alphabet("建成新增书屋食堂家座0全市")
    pairs = [
        Pair(mention("建成书屋0家", "0家"), mention("新增书屋0家", "0家"), "total_new"),
        Pair(mention("建成食堂0座", "0座"), mention("建成书屋0家", "0家"), "other"),
    ]
    made = drawn(pairs * 8, random.Random(1))
    assert 16 <= len(made) < 24 and {pair.relation for pair in made} <= {"total_new", "other", "same"}
    network = PairNetwork(PassageNetwork(Shape(len(alphabet), 64, 1, 2)))
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3)
    losses = []
    for _ in range(25):
        optimiser.zero_grad()
        loss = recipe._loss(network, pairs, alphabet)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(loss.item())
    assert np.mean(losses[-3:]) < 0.7 * losses[0]


def test_some_mentions_stand_beside_strangers_in_the_same_unit() -> None:
    said = ("建成书屋0家", "新办食堂0家", "走访企业0家", "发展会员0人")
    own = [mention(text, text[-2:]) for text in said]
    made = drawn([Pair(one, one, "same") for one in own] * 30, random.Random(1))
    strangers = [pair for pair in made if pair.relation == "other"]
    assert len(strangers) > 5
    for one, other in ((pair.one, pair.other) for pair in strangers):
        assert one[0][-1] == other[0][-1] == "家" and one[0] != other[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("工会会员总数0万人", "走访慰问困难职工0万人"),
        ("建成书屋0家", "为企业减负惠及0家"),
        ("发放慰问金0万元", "返还工会经费0万元"),
    ],
)
def test_what_counts_something_else_in_the_same_unit_is_not_comparable(one: str, other: str) -> None:
    first, second = (mention(text, text[text.index("0") :]) for text in (one, other))
    assert not default_pair_reader().comparable(first, second)


@pytest.mark.skipif(not DATA.is_dir(), reason="the development data is not here")
def test_it_tells_what_it_has_not_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "figure_pairs_dev"
    monkeypatch.setattr(recipe, "development", lambda data: {name: development(data)[name]})
    assert recipe.measured(default_pair_reader(), DATA)[f"{name}: same or not, of 120"] >= 0.85

"""The completer's recipe: what is copied from where, places and years exchanged alike, a network that learns."""

from __future__ import annotations

import json
import lzma
import random
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from embeddings.completer import Completed, Completer
from embeddings.completer.encoding import FURTHEST, judged_row, row_of
from embeddings.completer.judge import CompletionJudge
from embeddings.completer.train import judging
from embeddings.completer.train.evaluation import alike, equal
from embeddings.completer.train.examples import (
    WRITTEN,
    WRITTEN_BY_ONE,
    Example,
    alignment,
    dialogues_in,
    glue_of,
    reworded,
    varied,
)
from embeddings.completer.train.learning import batch_of, labels_of, loss_of
from embeddings.completer.train.network import Completion, export
from embeddings.reader.encoding import Alphabet
from embeddings.reader.train.network import Network, Shape

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


def test_words_are_exchanged_alike_throughout() -> None:
    one = Example(("泉州建成驿站几家",), "花多少钱", "泉州驿站花多少钱", "detail")
    other = reworded(one, ("驿站", "食堂"), random.Random(1))
    assert other.history[0] in ("泉州建成食堂几家", "泉州建成驿站几家")
    assert ("食堂" in other.history[0]) == ("食堂" in other.complete)


def test_glue_is_what_complete_forms_need_and_conversations_lack() -> None:
    asked = Example(("苏州书屋",), "花钱", "苏州书屋花多少钱", "detail")
    assert glue_of([asked] * 4) == ["", "多少"]
    assert glue_of([asked] * 2) == [""]


def test_labels_lead_through_the_complete_form() -> None:
    one = Example(("2018到2023年苏州的书屋",), "上一届呢", "2013到2018年苏州的书屋", "period_switch")
    row = row_of(Alphabet("苏州书屋"), one.question, one.history)
    following, stays, glue, years = labels_of(row, one.complete, [""])
    at, said = int(following[0]), ""
    while at:
        said += row.text[at]
        at = int(following[at])
    assert said == "2018到2023年苏州的书屋"  # the years of the conversation, both moved
    first = row.text.index("2018")
    assert years[first] == FURTHEST - 5 and years[row.text.index("2023")] == FURTHEST - 5
    assert stays[first] == 1 and stays[1] == 0 and glue[first] == 0


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


def test_a_small_network_learns_one_conversation_by_heart_and_is_exported(tmp_path: Path) -> None:
    torch.manual_seed(0)
    alphabet, glue = Alphabet("".join(sorted(set(ONE.complete + ONE.question)))), ["", "了"]
    network = Completion(Shape(len(alphabet), 32, 2, 1, 0.0), len(glue))
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01)
    batch = batch_of([ONE], alphabet, glue)
    for _ in range(120):
        losses = loss_of(network, batch)
        optimiser.zero_grad()
        sum(losses).backward()
        optimiser.step()
    assert losses[0].item() < 0.05
    with pytest.warns():
        export(network, alphabet, glue, tmp_path)
    assert Completer.open(tmp_path).complete(ONE.question, ONE.history).text == ONE.complete


def test_halves_are_of_different_stretches_of_each_file(tmp_path: Path) -> None:
    (tmp_path / "train").mkdir()
    for name, count in (("dialogues", 3 * WRITTEN_BY_ONE), ("followups", 1)):
        rows = [{"history": [], "question": f"{name}{n}", "standalone": ""} for n in range(count)]
        with lzma.open(tmp_path / "train" / f"{name}.jsonl.xz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    first, second = ({one.question for one in dialogues_in(tmp_path, half)} for half in (0, 1))
    ends = {f"dialogues{n}" for at in (0, 2) for n in range(at * WRITTEN_BY_ONE, (at + 1) * WRITTEN_BY_ONE)}
    middle = {f"dialogues{n}" for n in range(WRITTEN_BY_ONE, 2 * WRITTEN_BY_ONE)}
    assert ends | {"followups0"} <= first - second and middle <= second - first


class Wrong:
    """A completer that never gives the right form."""

    def forms(self, question: str, history: object) -> tuple[Completed, ...]:
        return (Completed("2016年苏州泉州"), Completed("泉州"), Completed("泉州建成"))


def test_forms_to_be_judged_hold_what_was_written_if_none_is_right() -> None:
    item = judging.judged(ONE, Wrong())  # type: ignore[arg-type]
    assert item.forms[0] == (ONE.question, 0.0) and not any(right for _, right in item.forms)
    drawn = judging.drawn(item, random.Random(1))
    assert (ONE.complete, 1.0) in drawn and sum(right == 0 for _, right in drawn) == judging.WRONG


def test_a_small_judge_learns_one_conversation_by_heart_and_is_exported(tmp_path: Path) -> None:
    torch.manual_seed(0)
    alphabet = Alphabet("".join(sorted(set(ONE.complete + ONE.question))))
    network = judging.JudgeNetwork(Network(Shape(len(alphabet), 32, 2, 1, 0.0)))
    forms = ((ONE.complete, 1.0), ("苏州泉州", 0.0), ("泉州呢", 0.0))
    rows = [judged_row(alphabet, text, ONE.question, ONE.history) for text, _ in forms]
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(60):
        labels = torch.tensor([right for _, right in forms])
        loss = judging.loss_of(network(*judging.batch_of(rows)), labels, [3])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss.item() < 0.1
    with pytest.warns():
        judging.export(network, alphabet, tmp_path)
    texts = [text for text, _ in forms]
    last, _, first = CompletionJudge.open(tmp_path).log_odds(texts[::-1], ONE.question, ONE.history)
    assert first > last


def test_places_and_years_are_exchanged_alike_in_what_is_judged() -> None:
    alphabet = Alphabet("".join(sorted(set(ONE.complete + ONE.question))))
    item = judging.judged(ONE, Wrong())  # type: ignore[arg-type]
    seen = set()
    for seed in range(20):
        for row, right in judging._rows(item, alphabet, (), random.Random(seed)):
            form, question, turn, _ = [*row.text.strip("\n").split("\n"), ""]
            place, year = question.removesuffix("呢"), turn[:4]
            seen.add(place)
            assert right < 1 or form == f"{year}年{place}建成几家书屋"
    assert len(seen) > 5


def test_a_judge_learns_all_items_and_ends_in_evaluation() -> None:
    torch.manual_seed(0)
    alphabet = Alphabet("".join(sorted(set(ONE.complete + ONE.question))))
    network = judging.JudgeNetwork(Network(Shape(len(alphabet), 32, 2, 1, 0.0)))
    before = network.verdict[0].weight.detach().clone()
    judging.learn(network, [judging.judged(ONE, Wrong())] * 9, alphabet, 1, 1e-2, 1)  # type: ignore[arg-type]
    assert not network.training and not torch.equal(before, network.verdict[0].weight)

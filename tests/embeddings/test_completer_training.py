"""The completer's recipe: what is copied from where, places and years exchanged alike, a network that learns."""

import json
import lzma
import random
import subprocess
import sys
from functools import partial
from itertools import islice
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from embeddings.completer import Completed, Completer
from embeddings.completer.completer import FURTHEST, CompletionJudge, row_of
from embeddings.completer.train import forms, losses
from embeddings.completer.train.evaluation import alike, equal
from embeddings.completer.train.examples import (
    WRITTEN,
    WRITTEN_BY_ONE,
    Example,
    alignment,
    dialogues_in,
    glue_of,
    places_in,
    reworded,
    varied,
)
from embeddings.completer.train.labels import labels_of
from embeddings.completer.train.network import INPUTS, CompleterNetwork, export
from embeddings.completer.train.packing import pack_dialogues, pack_forms
from embeddings.completer.train.whole import whole_questions
from embeddings.reader.base import CLS, PAD, Alphabet
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.encoder import Shape, shape_of
from embeddings.reader.train.packed import NOTHING, Packed, Packer
from embeddings.reader.train.pieces import load_pieces, save_pieces

ONE = Example(("2016年苏州建成几家书屋",), "泉州呢", "2016年泉州建成几家书屋", "place_switch")
ALPHABET = Alphabet("".join(sorted(set(ONE.complete + ONE.question))))
GLUE = ("", "了")


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


def arrays(folder: Path, alphabet: Alphabet, *items: forms.Judged) -> Path:
    """What the packing command writes of one conversation and of forms."""
    folder.mkdir()
    (folder / "glue.txt").write_text("\n".join(GLUE), "utf-8")
    pack_dialogues([ONE, ONE], alphabet, GLUE, 0).save(folder / "dialogues.npz")
    Packer.joined(pack_forms([item], alphabet, (), n) for n, item in enumerate(items)).save(
        folder / "forms.npz"
    )
    return folder


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


ITEM = forms.judged(ONE, Wrong())  # type: ignore[arg-type]


def test_whole_questions_stand_behind_others_that_they_need_nothing_of() -> None:
    talk = Example(("苏州有几家书屋？",), "泉州呢？", "泉州有几家书屋？", "place")
    made = whole_questions([talk], random.Random(0))
    assert len(made) > 1000
    assert all(one.history and one.complete not in one.history and places_in(one.complete) for one in made)
    left_out = [one for one in made if not one.whole]
    assert 0.2 < len(left_out) / len(made) < 0.6
    for one in left_out:  # the question before names its place last
        assert one.complete == places_in(one.history[-1])[-1] + one.question
    behind_talk = [one for one in made if one.history[-1] == talk.question]
    assert 0.3 < len(behind_talk) / (len(made) - len(left_out)) < 0.5
    assert whole_questions([talk], random.Random(0)) == made


def test_forms_to_be_judged_hold_what_was_written_if_none_is_right() -> None:
    assert ITEM.forms[0] == (ONE.question, 0.0) and not any(right for _, right in ITEM.forms)
    drawn = forms.drawn(ITEM, random.Random(1))
    assert (ONE.complete, 1.0) in drawn and sum(right == 0 for _, right in drawn) == forms.WRONG


def test_places_and_years_are_exchanged_alike_in_what_is_judged() -> None:
    seen = set()
    for seed in range(20):
        for row, right in forms.rows_of(ITEM, ALPHABET, (), random.Random(seed)):
            form, question, turn, _ = [*row.text.strip("\n").split("\n"), ""]
            place, year = question.removesuffix("呢"), turn[:4]
            seen.add(place)
            assert right < 1 or form == f"{year}年{place}建成几家书屋"
    assert len(seen) > 5


def test_packed_rows_are_those_that_were_packed_and_groups_stay_together(tmp_path: Path) -> None:
    folder = arrays(tmp_path / "packed", ALPHABET, ITEM, ITEM, ITEM)
    packed = Packed(folder / "forms.npz", "cpu", INPUTS)
    group = packed.take(torch.arange(len(packed)))[1]["group"]
    for numbers in islice(packed.batches(100, torch.Generator().manual_seed(0)), 9):
        (ids, *_), labels = packed.take(numbers)
        assert ids.shape[1] % 8 == 0 and (ids[:, 0] == CLS).all()
        for number in labels["group"].unique():
            assert (labels["group"] == number).sum() == (group == number).sum()
    (ids, *_), labels = Packed(folder / "dialogues.npz", "cpu", INPUTS).take(torch.tensor([1]))
    row = row_of(ALPHABET, ONE.question, ONE.history)
    own = slice(0, len(row.ids))
    assert ids[0, own].tolist() == row.ids.tolist() and not ids[0, len(row.ids) :].any()
    expected = labels_of(row, ONE.complete, GLUE)
    for name, values in zip(("following", "stays", "glue", "years"), expected, strict=True):
        assert labels[name][0, own].tolist() == values.tolist()
        assert (labels[name][0, len(row.ids) :] == NOTHING).all()


def small() -> CompleterNetwork:
    torch.manual_seed(0)
    return CompleterNetwork(Shape(len(ALPHABET), 64, 2), len(GLUE))


def test_a_small_network_learns_one_conversation_by_heart_and_is_exported(
    tmp_path: Path, one_thread: None
) -> None:
    network, folder = small(), arrays(tmp_path / "packed", ALPHABET, ITEM)
    optimiser = torch.optim.Adam(network.parameters(), lr=0.005)
    told, asked = Packed(folder / "dialogues.npz", "cpu", INPUTS), Packed(folder / "forms.npz", "cpu", INPUTS)
    for _ in range(120):
        losses_ = (
            losses.completed(network, *told.take(torch.tensor([0]))),
            losses.judged(network, *asked.take(torch.arange(len(asked)))),
        )
        optimiser.zero_grad()
        sum(losses_).backward()  # type: ignore[union-attr]
        optimiser.step()
    assert max(loss.item() for loss in losses_) < 0.1
    with pytest.warns():
        export(network, ALPHABET.characters, GLUE, tmp_path / "model")
    assert Completer.open(tmp_path / "model").complete(ONE.question, ONE.history).text == ONE.complete
    judge = CompletionJudge.open(tmp_path / "model")
    likely, unlikely = (
        judge.log_odds([text], ONE.question, ONE.history) for text in (ONE.complete, "泉州建成")
    )
    assert likely > unlikely


def test_padding_changes_no_loss(tmp_path: Path) -> None:
    network = small().eval()
    for head in (network.encoder.blocks[0].out, network.encoder.blocks[0].down):
        torch.nn.init.normal_(head.weight, std=0.1)
    rows, labels = Packed(arrays(tmp_path / "packed", ALPHABET, ITEM) / "dialogues.npz", "cpu", INPUTS).take(
        torch.tensor([0])
    )
    length = int((rows[0] != PAD).sum())
    cut = tuple(each[:, :length] for each in rows)
    own = {name: value[:, :length] if value.dim() > 1 else value for name, value in labels.items()}
    with torch.no_grad():
        padded, alone = losses.completed(network, rows, labels), losses.completed(network, cut, own)
    assert padded.item() == pytest.approx(alone.item(), abs=1e-5)


@pytest.mark.hardening
def test_the_command_goes_on_with_some_layers_and_what_it_writes_is_exported(tmp_path: Path) -> None:
    alphabet = alphabet_of()
    network = CompleterNetwork(Shape(len(alphabet), 64, 3), len(GLUE))
    encoder = {f"encoder.{name}": value for name, value in network.encoder.state_dict().items()}
    save_pieces(encoder, tmp_path / "begun", "encoder")
    packed = arrays(tmp_path / "packed", alphabet, ITEM)
    common = ("--packed", packed, "--batch", "200")
    command = (sys.executable, "-m", "embeddings.completer.train")
    run = partial(subprocess.run, check=True, timeout=120, capture_output=True)
    first, second = tmp_path / "first", tmp_path / "second"
    run((*command, *common, "--encoder", tmp_path / "begun", "--output", first, "--seconds", "2"))
    run((*command, *common, "--start", first, "--layers", "0", "2", "--output", second, "--seconds", "2"))
    before, after = (load_pieces(folder, "completer") for folder in (first, second))
    assert shape_of(before, "encoder.").layers == 3 and shape_of(after, "encoder.").layers == 2
    assert not torch.equal(before["encoder.blocks.2.mix.weight"], after["encoder.blocks.1.mix.weight"])
    model = tmp_path / "model"
    run(
        (
            *command[:2],
            "embeddings.completer.train.export",
            second,
            *common[:2],
            "--least",
            "1",
            "--output",
            model,
        )
    )
    assert set(ONE.complete) <= set((model / "characters.txt").read_text("utf-8")) < set(alphabet.characters)
    assert isinstance(Completer.open(model).complete("泉州呢", ["苏州有几家书屋", "鼍有几只"]).text, str)

"""The recipe that gives a reader more layers: it begins with what it could, and learns questions and hidden characters."""

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from embeddings.reader.base import CLS, MASK, PAD, SEP, Alphabet
from embeddings.reader.passages import INPUTS, passage_row
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.network import Shape
from embeddings.reader.train.packed import Packed, Packer
from embeddings.reader.train.passages.deep import ENDS, LENGTH, deepened, hidden_rows
from embeddings.reader.train.passages.learning import batch_of, loss_of
from embeddings.reader.train.passages.network import PassageNetwork
from embeddings.reader.train.passages.packing import pack, taken
from embeddings.reader.train.passages.rows import Asked
from embeddings.reader.train.passages.weights import PIECES, loaded
from embeddings.reader.train.pieces import save_pieces
from embeddings.reader.train.text import Shards, _shards, _written

PROSE = "全市建成书屋235家。命名工匠学院3所，设在南湾、东渡、石桥；办理援助案件1846件。\n今年要新建驿站60家。"
ASKED = (
    Asked(
        "建了多少家书屋？", "云岭市 2023 阵地", "全市建成书屋235家。办理案件18件。", True, ((6, 10),), (0, 11)
    ),
    Asked("工匠学院在哪？", "", "命名工匠学院3所。", False),
    Asked("书屋有200家吗？", "云岭市 2023 阵地", "全市建成书屋235家。", True, yes=True),
)


@pytest.fixture(scope="module")
def alphabet() -> Alphabet:
    return alphabet_of()


@pytest.fixture(scope="module")
def small(alphabet: Alphabet) -> PassageNetwork:
    torch.manual_seed(0)
    return PassageNetwork(Shape(len(alphabet), 64, 1, 4)).eval()


@pytest.fixture
def shards(alphabet: Alphabet, tmp_path: Path) -> Path:
    for part in _shards(tmp_path, alphabet.ids(PROSE * 40).astype(np.uint16)):
        _written(part)
    return tmp_path


def test_a_deeper_network_begins_with_what_the_other_could(small: PassageNetwork, alphabet: Alphabet) -> None:
    rows = batch_of(ASKED, alphabet).rows
    deeper = deepened(small, (0, 1, 1, 2, 2, 3)).eval()
    assert len(deeper.blocks) == 6
    # the third layer of six still sees single sentences alone, as the second of four did
    with torch.no_grad():
        expected, told = small(rows), deeper(rows)
    assert torch.equal(expected.verdicts, told.verdicts)
    assert torch.equal(expected.marks, told.marks)


def held(folder: Path, *packers: Packer) -> Packed:
    Packer.joined(packers).save(folder / "rows.npz")
    return Packed(folder / "rows.npz", "cpu", INPUTS)


def test_packed_rows_are_those_that_are_learned_one_by_one(alphabet: Alphabet, tmp_path: Path) -> None:
    packed = held(tmp_path, *(pack([one], alphabet, 0) for one in ASKED))
    told = taken(packed, torch.tensor([2, 0]))
    assert len(packed) == 3 and told.rows.shape[2] % 8 == 0
    for row, number in enumerate((2, 0)):
        own = batch_of([ASKED[number]], alphabet, random.Random(0))
        length = own.rows.shape[2]
        assert torch.equal(told.rows[row, :, :length], own.rows[0])
        assert torch.equal(told.marks[row, :, :length], own.marks[0])
        assert (told.rows[row, 0, length:] == PAD).all() and (told.marks[row, :, length:] == -1).all()
        assert told.answered[row] == own.answered[0] and told.yes[row] == own.yes[0]


def test_padding_changes_no_loss(small: PassageNetwork, alphabet: Alphabet, tmp_path: Path) -> None:
    packed = held(tmp_path, pack(ASKED[:1], alphabet, 0))
    batch, alone = taken(packed, torch.tensor([0])), batch_of(ASKED[:1], alphabet, random.Random(0))
    with torch.no_grad():
        assert loss_of(small(batch.rows), batch).item() == pytest.approx(
            loss_of(small(alone.rows), alone).item(), abs=1e-5
        )


def test_a_round_takes_each_row_once_in_batches_that_fit(alphabet: Alphabet, tmp_path: Path) -> None:
    packed = held(tmp_path, *(pack(ASKED, alphabet, seed) for seed in range(20)))
    batches = packed.batches(200, torch.Generator().manual_seed(0))
    seen: list[int] = []
    while len(seen) < len(packed):
        batch = next(batches)
        assert len(batch) == 1 or taken(packed, batch).rows.shape[2] * len(batch) <= 200 + 8 * len(batch)
        seen += batch.tolist()
    assert sorted(seen) == list(range(60))


def test_hidden_characters_stand_in_rows_like_those_of_questions(shards: Path, alphabet: Alphabet) -> None:
    torch.manual_seed(1)
    ends = torch.from_numpy(alphabet.ids(ENDS)).long()
    rows, hide, ids = hidden_rows(Shards(shards, "cpu"), ends, 8)
    assert rows.shape == (8, len(INPUTS), LENGTH)
    assert 0.05 < hide.float().mean() < 0.3
    assert (rows[:, 0][hide] == MASK).all() and torch.equal(rows[:, 0][~hide], ids[~hide])
    characters = alphabet.characters
    for row, whole in zip(rows, ids, strict=True):
        cut = int((whole[1:] == SEP).nonzero()[0]) + 1
        assert whole[0] == CLS and whole[-1] == SEP
        text = "".join(characters[i - 5] for i in whole[cut + 1 : -1].tolist())
        expected = passage_row(alphabet, "问" * (cut - 2), "", text)  # [CLS] question [SEP] [SEP] text [SEP]
        begun = slice(expected.start, expected.start + expected.length)
        assert torch.equal(row[4, cut + 1 : -1], torch.from_numpy(expected.values[4][begun]))
        assert torch.equal(row[3, cut + 1 : -1], torch.from_numpy(expected.values[3][begun]))


def test_weights_are_the_same_in_pieces(
    small: PassageNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings.reader.train.pieces.PIECE", 400_000)
    save_pieces(small.state_dict(), tmp_path, PIECES)
    assert len(list(tmp_path.iterdir())) > 2
    again = loaded(tmp_path).state_dict()
    for name, value in small.state_dict().items():
        assert torch.allclose(again[name], value, atol=1e-3)
    with pytest.raises(FileNotFoundError, match="reader-0"):
        loaded(tmp_path.parent)


@pytest.mark.hardening
def test_the_command_learns_and_writes_weights(
    small: PassageNetwork, shards: Path, alphabet: Alphabet, tmp_path: Path
) -> None:
    start, arrays, output = (tmp_path / name for name in ("start", "packed", "output"))
    save_pieces(small.state_dict(), start, PIECES)
    arrays.mkdir()
    for name in ("passages", "found", "marked"):
        pack(ASKED, alphabet, 0).save(arrays / f"{name}.npz")
    told = subprocess.run(
        (
            *(
                sys.executable,
                "-m",
                "embeddings.reader.train.passages.deep",
                "--start",
                start,
                "--packed",
                arrays,
            ),
            *("--text", shards, "--output", output, "--batch", "512"),
            *("--layers", "0", "1", "1", "2", "2", "3", "--seconds", "3"),
        ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    learned = loaded(output)
    assert len(learned.blocks) == 6
    assert not torch.equal(learned.blocks[1].mix.weight, small.blocks[1].mix.weight)

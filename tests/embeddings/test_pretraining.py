"""The encoder: what it knows of places, padding that changes nothing, prose that it puts back, steps of the optimiser."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from embeddings.reader.base import CLS, MASK, SEP
from embeddings.reader.train.alphabet import alphabet_of
from embeddings.reader.train.encoder import Encoder, Shape, shape_of
from embeddings.reader.train.muon import Muon, orthogonal
from embeddings.reader.train.pieces import load_pieces
from embeddings.reader.train.pretraining import LENGTH, hidden_windows
from embeddings.reader.train.text import Shards, _shards, _written

PROSE = "全市建成书屋235家。命名工匠学院3所，设在南湾、东渡、石桥；办理援助案件1846件。\n今年要新建驿站60家。"


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    folder = tmp_path / "text"
    folder.mkdir()
    for part in _shards(folder, alphabet_of().ids(PROSE * 40).astype(np.uint16)):
        _written(part)
    return folder


def small() -> Encoder:
    """A small encoder whose layers add something."""
    torch.manual_seed(0)
    encoder = Encoder(Shape(50, 64, 2)).eval()
    for block in encoder.blocks:
        for weight in (block.out.weight, block.down.weight, block.beside):
            torch.nn.init.normal_(weight, std=0.2)
    return encoder


def test_padding_changes_no_state_and_order_does() -> None:
    encoder, ids = small(), torch.randint(5, 50, (1, 9))
    padded = torch.cat([ids, torch.zeros((1, 7), dtype=torch.long)], 1)
    with torch.no_grad():
        alone = encoder(ids, ids * 0, ids * 0, False)
        told = encoder(padded, padded * 0, padded * 0)[:, :9]
        turned = encoder(ids.flip(1), ids * 0, ids * 0, False).flip(1)
    torch.testing.assert_close(told, alone, atol=1e-5, rtol=1e-4)
    assert not torch.allclose(turned, alone, atol=1e-2)


def test_attention_knows_how_far_and_not_where() -> None:
    encoder, ids = small(), torch.full((1, 40), 7)
    ids[0, 20] = 9
    with torch.no_grad():
        states = encoder(ids, ids * 0, ids * 0, False)[0]
    # far from both ends and from the other character, all look nearly alike
    assert torch.dist(states[10], states[11]) < torch.dist(states[10], states[21])
    assert shape_of(encoder.state_dict()) == encoder.shape


def test_hidden_windows_show_what_is_not_hidden(shards: Path) -> None:
    torch.manual_seed(1)
    ids, parts, hidden, told = hidden_windows(Shards(shards, "cpu"), 16)
    assert ids.shape == (16, LENGTH) and 0.1 < hidden.float().mean() < 0.35
    assert torch.equal(ids[~hidden], told[~hidden])
    assert 0.8 < (ids[hidden] == MASK).float().mean() < 0.95
    assert (told[:, 0] == CLS).all() and ((told == SEP).sum(1) == 1).all()
    assert not (parts[told == SEP]).any() and parts[:, -1].all()


def test_shards_that_come_later_are_taken_when_it_is_looked(shards: Path) -> None:
    later = sorted(shards.glob("*.xz"))[-1]
    held = later.read_bytes()
    later.unlink()
    text = Shards(shards, "cpu")
    before = len(text)
    later.write_bytes(held)
    text.look()
    assert before < len(text) == len(PROSE) * 40


def test_steps_on_matrices_are_orthogonal() -> None:
    torch.manual_seed(0)
    for shape in ((3, 8, 20), (3, 20, 8)):
        values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
        assert values.min() > 0.5 and values.max() < 1.5


def test_muon_learns_what_a_matrix_should_be() -> None:
    torch.manual_seed(0)
    wanted, x = torch.randn(24, 8), torch.randn(64, 8)
    matrix = torch.nn.Parameter(torch.zeros(24, 8))
    optimiser = Muon([matrix], lr=0.2)
    losses = []
    for step in range(200):
        optimiser.param_groups[0]["lr"] = 0.2 * (1 - step / 200)
        loss = ((x @ (matrix - wanted).T) ** 2).mean()
        matrix.grad = None
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.05 * losses[0]


@pytest.mark.hardening
def test_the_command_learns_and_writes_the_encoder(shards: Path, tmp_path: Path) -> None:
    told = subprocess.run(
        (
            *(sys.executable, "-m", "embeddings.reader.train.pretraining", "--text", shards),
            *(
                "--output",
                tmp_path / "out",
                "--width",
                "64",
                "--layers",
                "1",
                "--batch",
                "512",
                "--seconds",
                "4",
            ),
        ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    state = load_pieces(tmp_path / "out", "encoder")
    assert shape_of(state, "encoder.") == Shape(len(alphabet_of()), 64, 1)
    assert state["encoder.blocks.0.out.weight"].abs().sum() > 0

"""The completer: rows of a conversation, what is copied from where, the search, a model that is whole or refused."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings import completer as package
from embeddings.completer import Completer, default_completer
from embeddings.completer.encoding import WIDTH, row_of
from embeddings.completer.search import END, written
from embeddings.errors import EncoderError
from embeddings.reader.encoding import CLS, QUESTION, SENTENCE, SEP, Alphabet

FOLDER = Path(package.__file__).with_name("model")
ALPHABET = Alphabet("苏州泉有几家书屋呢？")
GLUE = "\n的"


def test_a_row_holds_question_and_turns_with_a_character_a_position() -> None:
    row = row_of(ALPHABET, "泉州呢？", ["谁", "苏州有几家书屋"])
    assert row.text == "\n泉州呢？\n谁\n苏州有几家书屋\n"
    assert row.ids.shape == row.parts.shape == row.runs.shape == (len(row.text),)
    assert row.ids[0] == CLS and [row.ids[at] for at in (5, 7, -1)] == [SEP] * 3
    assert set(row.parts[:6]) == {QUESTION} and set(row.parts[8:]) == {SENTENCE}
    assert row.ids[2] == row.ids[9] and row.runs[2] == 1  # 州 in both


def test_the_oldest_turns_are_left_out_where_not_all_fit() -> None:
    row = row_of(ALPHABET, "泉" * 60, ["苏" * 70, "州" * 70, "书" * 50])
    assert len(row.text) <= WIDTH
    assert "苏" not in row.text and "州" * 70 in row.text and "书" * 50 in row.text


@pytest.mark.parametrize("text", ["", "\n", "\x00", "😀" * 400])
def test_any_text_makes_a_row(text: str) -> None:
    row = row_of(ALPHABET, text, [text, text])
    assert len(row.text) == len(row.ids) <= WIDTH


def copying(wanted: list[int], size: int) -> Any:
    """A decoder that copies these positions one after the other, then ends."""

    def decoder(last: Any, at: Any, latest: Any, used: Any, state: Any) -> Any:
        chances = np.full((len(last), size + len(GLUE)), -20.0, np.float32)
        for text, done in enumerate(state):
            following = wanted[done] if done < len(wanted) and at[text, 0] in (0, wanted[done - 1]) else None
            chances[text, size + END if following is None else following] = -0.01
        return chances, [done + 1 for done in state]

    return decoder


def test_the_search_copies_what_the_decoder_points_at() -> None:
    row = row_of(ALPHABET, "泉州呢？", ["苏州有几家书屋"])
    wanted = [1, 2, *range(8, 13)]
    texts = written(
        row,
        row.text,
        GLUE,
        ALPHABET,
        copying(wanted, len(row.text)),
        [0],
        lambda s, chosen: [s[i] for i in chosen],
    )
    assert texts[0] == "泉州有几家书屋"


def test_a_decoder_that_never_ends_gives_nothing() -> None:
    row = row_of(ALPHABET, "泉州呢？", ["苏州有几家书屋"])

    def decoder(last: Any, at: Any, latest: Any, used: Any, state: Any) -> Any:
        chances = np.full((len(last), len(row.text) + len(GLUE)), -20.0, np.float32)
        chances[:, 1], chances[:, len(row.text) + END] = 0.0, -np.inf
        return chances, state

    assert not [
        t for t in written(row, row.text, GLUE, ALPHABET, decoder, None, lambda s, _: s) if len(t) < 100
    ]


def test_the_shipped_completer_says_the_same_for_the_same_conversation() -> None:
    history = ["2016年苏州市总工会建成多少家书屋？"]
    first = Completer.open(FOLDER).completions("泉州呢？", history)
    assert first == default_completer().completions("泉州呢？", history)
    assert history == ["2016年苏州市总工会建成多少家书屋？"]


def test_what_it_writes_is_copied_but_for_a_closed_set_of_characters() -> None:
    history = ["2016年苏州市总工会建成多少家书屋？", "投了几万元"]
    glue = (FOLDER / "glue.txt").read_text("utf-8")
    for question in ("泉州呢？", "2021年的", "谁牵头的", "不是钱，是人"):
        for form in default_completer().completions(question, history):
            assert set(form) <= set(glue).union(question, *history)


@pytest.mark.parametrize("question", ["", "  ", "？", "泉" * 500, "\x00", "😀"])
def test_junk_gives_a_form_and_raises_nothing(question: str) -> None:
    assert all(
        isinstance(form, str) for form in default_completer().completions(question, ["苏州有几家书屋", "\n"])
    )


def test_without_history_a_question_is_itself() -> None:
    assert default_completer().completions("泉州呢？", []) == ("泉州呢？",)


@pytest.mark.parametrize("name", ["encoder.onnx", "step.onnx", "glue.txt"])
def test_a_model_that_was_altered_or_is_incomplete_is_refused(name: str, tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "model")
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(EncoderError, match="校验和"):
        Completer.open(folder)
    (folder / name).unlink()
    with pytest.raises(EncoderError, match="缺少"):
        Completer.open(folder)

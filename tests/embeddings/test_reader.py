"""The reader: rows of characters, sentences read with a question in mind, a model that is whole or refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from embeddings.errors import EncoderError
from embeddings.reader.encoding import SENTENCE, Alphabet, fold, rows_of, shared
from embeddings.reader.train import reader as package
from embeddings.reader.train.reader import Reader, Reading, default_reader

FOLDER = Path(package.__file__).with_name("model")


def test_a_row_says_where_its_sentence_begins_and_what_both_texts_share() -> None:
    alphabet = Alphabet("会员有多少共人万0123456789")
    rows = rows_of(alphabet, "会员有多少？", [("全市。", "会员共30万人"), ("", "人")])
    assert rows.ids.shape == rows.parts.shape == rows.runs.shape == (2, 4 + 6 + 3 + 7)
    start, length = rows.start[0], rows.lengths[0]
    assert length == 7
    assert set(rows.parts[0, start : start + length]) == {SENTENCE}
    assert list(rows.runs[0, start : start + 3]) == [2, 2, 0]
    assert rows.ids[0, start] == rows.ids[0, 1]  # 会 in both
    assert rows.lengths[1] == 1


def test_shared_runs_are_at_most_three_long() -> None:
    assert list(shared("法律援助案", "法律援助")) == [3, 3, 3, 3, 0]
    assert list(shared("书屋", "图书")) == [1, 0]
    assert list(shared("", "图书")) == []


@pytest.mark.parametrize("text", ["\uff21\uff22\uff11", "İstanbul", "全角：（）", "\U0001f600a", ""])
def test_folding_keeps_the_number_of_characters(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_it_tells_the_sentence_that_answers_from_one_that_does_not_and_where() -> None:
    question = "全市建成职工书屋多少家？"
    told = "五年来，全市共建成职工书屋235家，其中国家级12家。"
    reader = default_reader()
    right = reader.read(question, "", told)
    wrong = reader.read(question, "", "开展送温暖活动，走访慰问困难职工1.2万户。")
    assert right.relevance > 2 > -2 > wrong.relevance
    first, last = right.best()
    assert "235" in told[first:last]
    assert right.span(told.index("235"), told.index("235") + 4) > right.span(
        told.index("12"), told.index("12") + 3
    )


def test_a_reading_does_not_depend_on_what_was_read_before() -> None:
    rows = [
        ("法律援助办了多少件？", "", "办理法律援助案件1.45万件。"),
        ("会员多少？", "全市", "会员72.7万人。"),
    ]
    one, other = Reader.open(FOLDER), Reader.open(FOLDER)
    there = [one._read(*row) for row in rows]
    back = [other._read(*row) for row in reversed(rows)][::-1]
    for a, b in zip(there, back, strict=True):
        assert a.relevance == b.relevance
        assert np.array_equal(a.begun, b.begun)


@pytest.mark.parametrize("sentence", ["", "多", "字" * 5000, "\x00\ud800", "𠀀𠀁𠀂"])
def test_any_sentence_can_be_read(sentence: str) -> None:
    reading = default_reader().read("多少？" * 500, sentence, sentence)
    assert np.isfinite(reading.relevance)
    assert reading.span(0, 5000) <= 0


def test_what_was_not_read_has_no_span() -> None:
    reading = Reading(0.0, np.zeros(3, dtype=np.float32), np.zeros(3, dtype=np.float32))
    assert reading.span(1, 3) == 0.0
    assert reading.span(2, 4) == reading.span(-1, 1) < -10


@pytest.mark.parametrize("name", ["reader.onnx", "characters.txt"])
def test_a_damaged_or_missing_file_is_refused_before_it_is_read(tmp_path: Path, name: str) -> None:
    copy = tmp_path / "model"
    shutil.copytree(FOLDER, copy)
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(bytes(content))
    with pytest.raises(EncoderError, match="校验和"):
        Reader.open(copy)
    (copy / name).unlink()
    with pytest.raises(EncoderError, match="缺少"):
        Reader.open(copy)

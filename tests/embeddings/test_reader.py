"""What all readers share: rows of characters, and a model that is whole or refused."""

import shutil
from pathlib import Path

import pytest

from embeddings import EncoderError
from embeddings.reader.base import SENTENCE, Alphabet, fold, shared
from embeddings.reader.passages import PassageReader
from embeddings.reader.train.rows import rows_of


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


@pytest.mark.parametrize("name", ["reader.onnx", "characters.txt"])
def test_a_damaged_or_missing_file_is_refused_before_it_is_read(tmp_path: Path, name: str) -> None:
    copy = tmp_path / "model"
    shutil.copytree(PassageReader.FOLDER, copy)
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(bytes(content))
    with pytest.raises(EncoderError, match="校验和"):
        PassageReader.open(copy)
    (copy / name).unlink()
    with pytest.raises(EncoderError, match="缺少"):
        PassageReader.open(copy)

"""The passage reader: rows of whole passages, what is read in them, a model that is whole or refused."""

import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import pytest

from embeddings import EncoderError
from embeddings import reader as package
from embeddings.reader.base import SENTENCE, Alphabet
from embeddings.reader.passages import (
    INPUTS,
    LONGEST_PASSAGE,
    POSITIONS,
    PassageReader,
    PassageReading,
    _spans,
    default_answer_reader,
    default_passage_reader,
    marked,
    passage_row,
    pieces,
    windows,
)
from embeddings.reader.train.passages.evaluation import clause_span
from embeddings.reader.train.passages.network import HIDDEN

FOLDER = Path(package.__file__).with_name("passage_model")
PASSAGE = (
    "五年来，全市共建成职工书屋235家，其中国家级12家。开展送温暖活动，走访慰问困难职工1.2万户。"
    "办理法律援助案件1846件，挽回损失3200万元。命名的工匠学院设在南湾、东渡、石桥三个区。"
)
CONTEXT = "临江市 2025 一、过去五年的工作"


def test_every_sentence_of_a_row_counts_its_places_anew() -> None:
    alphabet = Alphabet("会员有多少共人万。0123456789")
    row = passage_row(alphabet, "会员有多少？", "全市", "会员共30万人。共有5人。")
    named = dict(zip(INPUTS, row.values, strict=True))
    assert row.start == 1 + 6 + 1 + 2 + 1
    assert row.length == 13
    assert set(named["parts"][row.start : row.start + row.length]) == {SENTENCE}
    assert named["ids"][row.start] == named["ids"][1]
    assert named["places"][row.start] == named["places"][row.start + 8] == row.start
    assert list(np.unique(named["pieces"])) == [0, 1, 2]
    assert list(named["runs"][row.start : row.start + 3]) == [2, 2, 0]


@pytest.mark.parametrize(
    "text", ["", "一句。", "没有句号的话" * 90, "一。" * 300, "甲，乙；丙！“丁。”戊" * 30]
)
def test_pieces_cover_a_text_without_gaps_and_fit_the_row(text: str) -> None:
    cut = pieces(text)
    assert "".join(text[start:end] for start, end in cut) == text
    row = passage_row(Alphabet("一。"), "问" * 200, "题" * 200, text)
    assert row.values[INPUTS.index("places")].max(initial=0) < POSITIONS


@pytest.mark.parametrize("length", [0, 1, LONGEST_PASSAGE, LONGEST_PASSAGE + 1, 1000, 5000])
def test_windows_cover_a_passage_of_any_length(length: int) -> None:
    cut = windows(length)
    assert cut[0][0] == 0 and cut[-1][1] == length
    assert all(end - start <= LONGEST_PASSAGE for start, end in cut)
    assert all(later[0] < earlier[1] for earlier, later in pairwise(cut))


def test_of_a_long_passage_the_window_that_shares_most_with_the_question_is_read() -> None:
    long = f"{'天气晴好，' * 1000}{PASSAGE}{'山高水长，' * 1000}"
    (told,) = default_passage_reader().read("建成多少家职工书屋？", [long], [""])
    (near,) = default_passage_reader().read("建成多少家职工书屋？", [PASSAGE], [""])
    best, own = told.spans[0], near.spans[0]
    assert long[best.start : best.end] == PASSAGE[own.start : own.end]
    assert sum(told.begun > told.begun.min()) <= LONGEST_PASSAGE


@pytest.mark.parametrize(
    "model", ["passage_model", "answer_model", "second_answer_model", "pair_model", "question_model"]
)
def test_what_is_hidden_from_attention_makes_no_denormal_numbers(model: str) -> None:
    nodes = onnx.load(FOLDER.parent / model / "reader.onnx").graph.node
    constants = [
        onnx.numpy_helper.to_array(node.attribute[0].t) for node in nodes if node.op_type == "Constant"
    ]
    least = min(float(each.min()) for each in constants if each.dtype == np.float32 and each.size)
    assert least == HIDDEN
    assert np.log(np.finfo(np.float32).tiny) / 2 < HIDDEN  # as much again is left for the logits themselves


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [("法律援助案件办了多少件？", "1846件", "3200万元"), ("法律援助挽回了多少损失？", "3200万元", "1846件")],
)
def test_of_the_answers_marked_in_a_sentence_the_one_asked_for_is_likelier(
    question: str, right: str, wrong: str
) -> None:
    sentence = "办理法律援助案件1846件，挽回损失3200万元。"
    spans = [(sentence.index(words), sentence.index(words) + len(words)) for words in (right, wrong)]
    rows = [marked(sentence, [span]) for span in spans]
    told = [default_answer_reader().log_odds(question, CONTEXT, row) for row in rows]
    assert told[0] > 0 and told[0] > told[1]


def test_it_finds_the_answer_in_the_passage_and_its_clause() -> None:
    (reading,) = default_passage_reader().read("法律援助案件办了多少件？", [PASSAGE], [CONTEXT])
    assert reading.answered > 0
    best = reading.spans[0]
    assert "1846" in PASSAGE[best.start : best.end]
    start, end = clause_span(reading.clause) or (0, 0)
    assert "法律援助" in PASSAGE[start:end]
    right, other = PASSAGE.index("1846件"), PASSAGE.index("235家")
    assert reading.span(right, right + 5) > reading.span(other, other + 4)


def test_a_passage_that_answers_is_distinguished_from_one_that_does_not() -> None:
    read = default_passage_reader().read
    right, wrong = read("全市建成职工书屋多少家？", [PASSAGE, "大力发展海洋渔业，新建码头三座。"], ["", ""])
    assert right.answered > wrong.answered


def test_a_reading_does_not_depend_on_what_else_is_read() -> None:
    one, other = PassageReader.open(FOLDER), PassageReader.open(FOLDER)
    passages = [PASSAGE, PASSAGE[:30], PASSAGE * 5]
    there = one.read("职工书屋多少家？", passages, [""] * 3)
    back = other.read("职工书屋多少家？", passages[::-1], [""] * 3)[::-1]
    for a, b in zip(there, back, strict=True):
        assert (a.answered, a.yes, a.spans) == (b.answered, b.yes, b.spans)
        assert np.array_equal(a.begun, b.begun) and np.array_equal(a.clause, b.clause)


def test_a_long_passage_is_read_to_its_end() -> None:
    filler = "各级组织认真学习有关精神，推动各项工作取得新的进展。" * 30
    (reading,) = default_passage_reader().read("法律援助案件办了多少件？", [filler + PASSAGE], [""])
    assert len(reading.begun) == len(reading.clause) == len(filler + PASSAGE)
    assert reading.spans[0].start >= len(filler)


@pytest.mark.parametrize("text", ["", "多", "字" * 3000, "\x00\ud800", "𠀀𠀁𠀂"])
def test_any_passage_can_be_read(text: str) -> None:
    (reading,) = default_passage_reader().read("多少？" * 500, [text], [text])
    assert np.isfinite(reading.answered) and np.isfinite(reading.yes)
    assert reading.span(0, 9000) <= 0
    assert bool(reading.spans) == bool(text)


def test_contexts_belong_to_passages() -> None:
    with pytest.raises(ValueError, match="zip"):
        default_passage_reader().read("多少？", ["一句。"], ["甲", "乙"])


def test_items_of_a_list_are_spans_of_their_own() -> None:
    def marks(at: dict[int, float]) -> np.ndarray:
        return np.array([at.get(i, -9.0) for i in range(12)], dtype=np.float32)

    begun, ended = marks({0: -0.7, 4: -0.8, 9: -5.0}), marks({2: -0.7, 6: -0.8, 10: -5.0})
    inside = marks(dict.fromkeys((0, 1, 2, 4, 5, 6), 4.0))
    found = _spans(begun, ended, inside)
    assert [(span.start, span.end) for span in found] == [(0, 3), (4, 7)]
    alone = _spans(begun, ended, marks({4: -1.0, 5: -1.0, 6: -1.0}))
    assert [(span.start, span.end) for span in alone] == [(4, 7)]


def test_a_clause_is_the_stretch_that_weighs_most() -> None:
    def span(*clause: float) -> tuple[int, int] | None:
        return clause_span(np.array(clause, dtype=np.float32))

    assert span(-2, 1, -0.5, 4, -4, 2) == (1, 4)
    assert span(-9, -6, -5, -7, -9, -9) == (1, 4)
    assert span() is None


@pytest.mark.parametrize("name", ["reader.onnx", "characters.txt"])
def test_a_damaged_or_missing_file_is_refused_before_it_is_read(tmp_path: Path, name: str) -> None:
    copy = tmp_path / "model"
    shutil.copytree(FOLDER, copy)
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(bytes(content))
    with pytest.raises(EncoderError, match="校验和"):
        PassageReader.open(copy)
    (copy / name).unlink()
    with pytest.raises(EncoderError, match="缺少"):
        PassageReader.open(copy)


def test_a_question_in_several_words_is_read_as_the_mean_of_them() -> None:
    reader = default_passage_reader()
    readings = [
        reader.read_one(asked, CONTEXT, PASSAGE) for asked in ("共建成多少家职工书屋？", "职工书屋多少家")
    ]
    mean = PassageReading.mean(readings)
    assert mean.answered == pytest.approx((readings[0].answered + readings[1].answered) / 2)
    assert np.allclose(mean.begun, (readings[0].begun + readings[1].begun) / 2)
    assert PASSAGE[mean.spans[0].start : mean.spans[0].end] == "235家"
    assert PassageReading.mean(readings[:1]) is readings[0]


def test_what_stands_before_a_passage_says_what_it_speaks_of() -> None:
    question, context = "班前十分钟活动宣讲覆盖职工多少人？", "云岭市 2023"
    lead, passage = "云岭市总工会开展班前十分钟活动。", "活动开展以来，宣讲覆盖职工4万人。"
    (alone,) = default_passage_reader().read(question, [passage], [context])
    (whole,) = default_passage_reader().read(question, [lead + passage], [context])
    led = whole.after(len(lead))
    assert len(led.begun) == len(passage) and passage[led.spans[0].start : led.spans[0].end].startswith(
        "4万人"
    )
    assert led.answered > alone.answered


def test_what_is_answered_before_a_passage_counts_against_it() -> None:
    question, lead, passage = "建成书屋多少家？", "全市建成书屋48家。", "职工们都说好。"
    (whole,) = default_passage_reader().read(question, [lead + passage], ["云岭市 2023"])
    assert whole.answered > 0 > whole.after(len(lead)).answered
    assert whole.after(0).spans == whole.spans

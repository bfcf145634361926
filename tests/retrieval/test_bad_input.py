"""Questions without a word, in other scripts, and encoders that fail: nothing found, or a sentence that says why."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from embeddings import EncoderError
from qa.cli import main
from qa.errors import QuestionError, StoreError
from qa.index import index_exists, rebuild
from qa.library import open_library
from qa.library.facade import Library
from qa.retrieval import search_scope
from qa.types import Scope
from tests.index.made import KUNMING, SUZHOU, HashedBigrams, write_reports
from tests.reports import memory_index, report_of

REPORT = report_of("# 年报\n\n办起夜校46所。\n\n建成驿站12个。Union Health Day参加者300人。\n", "年报.md")


INDEX = memory_index([REPORT])


def scope(topic: str) -> Scope:
    return Scope("", None, None, (REPORT.id,), topic)


class Spoilt(HashedBigrams):
    """An encoder whose question vectors are not what they should be."""

    def __init__(self, vector: NDArray[np.float32]) -> None:
        super().__init__(64)
        self._vector = vector

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return HashedBigrams(64).encode_passages(texts)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        return self._vector


@pytest.mark.parametrize("topic", ["的吗呢", "请问是什么呢？", "the of to", "？！", "😀😀", "\u200b", "\n"])
def test_a_question_without_a_word_finds_nothing(topic: str) -> None:
    assert search_scope(INDEX, scope(topic), 5) == ()


@pytest.mark.parametrize("topic", ["夜校😀几所", "夜校" * 900, "夜校\u202e几所", "夜校‍几所"])
def test_odd_characters_do_not_keep_a_word_from_being_found(topic: str) -> None:
    assert search_scope(INDEX, scope(topic), 1)[0].paragraph.number == 0


@pytest.mark.parametrize("topic", ["مرحبا بالعالم", "Сколько школ", "노동조합", "こんにちは", "𠮷𠮷"])
def test_another_script_finds_little_and_breaks_nothing(topic: str) -> None:
    for hit in search_scope(INDEX, scope(topic), 5):
        assert hit.scores.sparse == 0


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_any_characters_at_all_give_whole_hits_or_none(topic: str) -> None:
    hits = search_scope(INDEX, scope(topic), 5)
    assert len({hit.paragraph.number for hit in hits}) == len(hits) <= len(REPORT.paragraphs)
    assert all(math.isfinite(hit.scores.fused) for hit in hits)


def test_latin_words_of_a_report_are_found() -> None:
    assert search_scope(INDEX, scope("union health day"), 1)[0].paragraph.number == 1


def test_a_zero_vector_leaves_the_words_to_decide() -> None:
    index = memory_index([REPORT], Spoilt(np.zeros(64, dtype=np.float32)))
    hits = search_scope(index, scope("驿站建成几个"), 5)
    assert [hit.paragraph.number for hit in hits] == [1]
    assert hits[0].scores.dense == 0
    assert search_scope(index, scope("没见过的词"), 5) == ()


@pytest.mark.parametrize(
    "vector", [np.full(64, np.nan), np.full(64, np.inf), np.ones(63), np.ones((1, 64))], ids=str
)
def test_a_vector_that_cannot_be_used_is_the_encoders_fault(vector: NDArray[np.float64]) -> None:
    index = memory_index([REPORT], Spoilt(vector.astype(np.float32)))
    with pytest.raises(EncoderError, match="shipped"):
        search_scope(index, scope("夜校"), 5)


class Flat(HashedBigrams):
    """An encoder that gives every passage the same vector."""

    def __init__(self, value: float) -> None:
        super().__init__(64)
        self._value = value

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full((len(texts), 64), self._value, dtype=np.float32)


def test_an_index_of_vectors_that_are_no_numbers_is_not_made(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="不是数"):
        rebuild([folder.parent / "reports"], tmp_path, encoder=Flat(float("nan")))
    assert not index_exists(tmp_path)


def test_in_an_index_of_zero_vectors_the_words_decide() -> None:
    hits = search_scope(memory_index([REPORT], Flat(0.0)), scope("驿站建成几个"), 5)
    assert hits[0].paragraph.number == 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("library")
    write_reports(home / "reports", suzhou=SUZHOU, kunming=KUNMING)
    assert main(["rebuild", str(home / "reports"), "--index", str(home / "index")]) == 0
    return home / "index"


@pytest.fixture
def library(folder: Path) -> Library:
    return open_library(folder)


@pytest.mark.parametrize("question", ["的吗呢", "的？", "the of"])
def test_such_a_question_is_refused_not_guessed(question: str, library: Library) -> None:
    assert library.retrieve(question) == ()
    assert not library.ask(question).citations


@pytest.mark.parametrize(
    ("question", "says"), [("", "空"), (" \n", "空"), ("😀", "没有文字"), ("？！", "没有文字")]
)
def test_a_question_without_letters_is_an_error_that_says_so(
    question: str, says: str, library: Library
) -> None:
    with pytest.raises(QuestionError, match=says):
        library.retrieve(question)


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"place": "喀什"}, ("喀什", "苏州市", "昆明市")),
        ({"period": 1999}, ("1999", "2018–2023")),
        ({"report": "no.md"}, ("no.md", "suzhou.md", "kunming.md")),
        ({"place": "苏州", "report": "kunming.md"}, ("苏州市", "kunming.md", "昆明（2018–2023）")),
    ],
)
def test_filters_that_match_nothing_say_what_there_is(
    filters: dict[str, object], names: tuple[str, ...], library: Library
) -> None:
    with pytest.raises(QuestionError) as caught:
        library.retrieve("法律援助", **filters)  # type: ignore[arg-type]
    assert all(name in str(caught.value) for name in names)


def test_the_command_says_that_nothing_was_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "的吗呢", "--explain", "--index", str(folder)]) == 0
    printed = capsys.readouterr()
    assert (printed.out, "没有找到" in printed.err) == ("", True)
    assert main(["search", "的吗呢", "--json", "--index", str(folder)]) == 0
    assert capsys.readouterr().out == "[]\n"

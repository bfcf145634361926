"""Questions and filters that make no sense get a sensible answer or a clear refusal, and never a figure."""

from pathlib import Path

import pytest

from qa.answering import REFUSAL
from qa.errors import QuestionError
from qa.index import rebuild
from qa.library import Library

SAMPLE = Path(__file__).parents[2] / "qa" / "sample"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    index = tmp_path_factory.mktemp("odd") / "index"
    rebuild(sorted(SAMPLE.glob("*-20*.md")), index)
    return Library(index)


@pytest.mark.parametrize("turns", [2, 200, 1000])
def test_a_long_history_is_leaned_on_at_its_end(turns: int, library: Library) -> None:
    history = [f"浙江第{n}次提到法律援助办了多少件？" for n in range(turns)] + ["温州的会员有多少？"]
    answer = library.ask("那漳州呢？", history=history)
    assert "漳州" in answer.standalone_question and "会员" in answer.standalone_question
    assert len(answer.standalone_question) < 60


@pytest.mark.parametrize("history", [["你好"] * 200, ["？！"] * 200, [""] * 200, ["的了吗呢"] * 200])
def test_a_history_that_says_nothing_changes_nothing(history: list[str], library: Library) -> None:
    question = "漳州有多少会员？"
    assert library.ask(question, history=history).text == library.ask(question).text


def test_a_filter_against_the_question_is_named(library: Library) -> None:
    answer = library.ask("温州有多少会员？", place="漳州")
    assert answer.abstained and answer.reason == "unknown_place"
    assert answer.text.startswith("所选的范围不含") and "筛选" in answer.text and "只写到" not in answer.text


def test_filters_against_one_another_are_refused_with_what_there_is(library: Library) -> None:
    with pytest.raises(QuestionError, match="漳州"):
        library.ask("有多少会员？", place="漳州", period=(2013, 2016))


@pytest.mark.parametrize("question", ["在是为于以", "多少？", "有哪些", "是什么的呢"])
def test_a_question_of_stop_words_is_refused(question: str, library: Library) -> None:
    answer = library.ask(question)
    assert answer.abstained and answer.text.startswith(REFUSAL) and not answer.figures


@pytest.mark.parametrize(
    "question",
    [
        f"漳州的会员有{'9' * 40}人吗？",
        f"漳州的会员是不是{'1' * 40}.{'2' * 20}人？",
        "漳州的入会率有250%吗？",
        "温州的满意率是不是超过了120%？",
    ],
)
def test_an_impossible_figure_is_not_confirmed(question: str, library: Library) -> None:
    answer = library.ask(question)
    assert answer.abstained
    cited = "".join(c.quote for c in answer.citations)
    assert "9" * 40 not in cited and "250%" not in cited


def test_a_period_turned_round_is_read_as_it_is_meant(library: Library) -> None:
    forwards = library.ask("2018年到2023年漳州的会员总数是多少？")
    backwards = library.ask("2023–2018年漳州的会员总数是多少？")
    assert not backwards.abstained and backwards.short == forwards.short


@pytest.mark.parametrize("period", [(2023, 2018), "2023-2018"])
def test_a_filter_turned_round_is_refused(period: object, library: Library) -> None:
    with pytest.raises(QuestionError, match="2023-2018"):
        library.ask("有多少会员？", period=period)  # type: ignore[arg-type]


@pytest.mark.parametrize("question", ["会" * 2000, "漳州" * 1000, "a" * 2000, "9" * 2000, "？会" * 1000])
def test_the_longest_nonsense_is_answered_somehow(question: str, library: Library) -> None:
    answer = library.ask(question)
    assert answer.text and all(f.state != "unsupported" for f in answer.figures)

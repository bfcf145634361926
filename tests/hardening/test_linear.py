"""Work grows with what is read, and no faster: questions, histories and lines of figures in shapes that nobody types.

CPU time is compared, not time on the clock, so that other work on the machine does not matter.
"""

import gc
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from qa import Library
from qa.errors import QuestionError
from qa.index import rebuild
from qa.ledger.build import figures_of
from qa.library import SAMPLE_REPORTS
from qa.library.filters import MAX_HISTORY_CHARACTERS, MAX_QUESTION_CHARACTERS
from qa.question import catalogue_of, understand
from qa.text.figures import figures
from qa.text.rows import row_figures
from qa.text.sentences import split_clauses
from qa.text.units import sentences_of
from qa.types import Paragraph, ParagraphKind, Period, Place, Report, Source

QUESTIONS = 250  # ordinary ones, of twenty characters, as long as which the longest may take: 1.4 s of CPU on two cores
GROWTH = 8.0  # for four times the text: half way between a line, 4, and a square, 16
NOTHING = 0.02  # seconds of CPU that are not compared
TRIES = 3  # of which the quickest counts
ROUNDS = 6  # of a text and its fourfold; what grows with the square passes none
UNITS = (
    "几个", "多少", "有几家，", "“匠”", "“", "“甲”各", "《工会的报告》", "温州", "温州、漳州、", "温州多少？",
    "浙江省杭州市钱塘区", "2019年", "2018至2023年，", "1", "1+", "万件3", "12家，", "1.2.", "，", "一百零", "  ",
    "（", "会员和", "谁多", "？", "谁牵头，", "平均每", "加起来", "吗", "职工书屋多少家？", "ab", "wenzhou", "how many ",
    "第十五次代表大会", "某某集团工会", "上一届和这一届", "请问", "（不含甲）", "呢", "我们写材料。", "叫什么", "溫州職工",
    "从2019年到", "扶助了多少户，发了多少万元？", "“江岸工匠”“太湖工匠”各评了几名，", "三家企业、5万名职工和八个单位，",
)  # fmt: skip
LINES = (
    "1+", "万件3", "3家，", "5%", "2019年3家，", "2018—2023年，", "“3家”", '"3家', "（3家）", "甲和乙分别3家、5家",
    "近3年", "将建成3家，", "筹资3元，", "温州3家、", "三家企业、5万名职工，", "2019————", "比2019年",
)  # fmt: skip
ROWS = (*LINES, "甲：3万件；", "甲：乙；", "县：甲；2019年：3万人；", "会员（万人）：3；", "甲 ", "1+1 ")


def some(units: Sequence[str], every: int = 3) -> list[object]:
    """A third of them, or so, in every hardening run, all in the long one."""
    return [
        unit if k % every == 0 else pytest.param(unit, marks=pytest.mark.long) for k, unit in enumerate(units)
    ]


def shaped(unit: str, size: int) -> str:
    """A text of ``size`` characters that is one piece again and again, and ends otherwise."""
    return (unit * (size // len(unit) + 1))[: size - 1] + "甲"


def cpu(work: Callable[[str], object], text: str) -> float:
    """Seconds of CPU that one text takes."""
    gc.disable()
    before = time.process_time()
    try:
        with suppress(QuestionError):  # a refusal is an end too
            work(text)
        return time.process_time() - before
    finally:
        gc.enable()


def least(work: Callable[[str], object], unit: str, size: int, enough: float) -> float:
    """The least of three measurements, each of a text that no cache knows; fewer where one is short enough."""
    taken = []
    for added in range(TRIES):
        taken.append(cpu(work, shaped(unit, size + added)))
        if taken[-1] <= enough:
            break
    return min(taken)


def grows(work: Callable[[str], object], unit: str, size: int) -> None:
    """Assert that four times the text takes no more than twice four times as long, once in some tries.

    A text and its fourfold are measured one right after the other, so that what slows the machine slows both.
    """
    cpu(work, shaped(unit, 50))
    measured = []
    for added in range(ROUNDS):
        small, large = (cpu(work, shaped(unit, length + added)) for length in (size, 4 * size))
        measured.append((small, large))
        if large <= max(NOTHING, GROWTH * small):
            return
    pytest.fail(f"{unit}: seconds of CPU for a text and its fourfold: {measured}")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("linear")
    rebuild([SAMPLE_REPORTS], folder)
    library = Library(folder)
    library.ask("苏州的法律援助办了多少件？会员呢？")
    return library


@pytest.fixture(scope="module")
def most(library: Library) -> float:
    """The seconds of CPU that the longest question may take on this machine, as it is now."""
    asked = [
        f"{place}{what}"
        for place in ("苏州", "无锡", "南通")
        for what in ("的职工书屋有多少家？", "新发展会员多少人？")
    ]
    taken = sorted(cpu(library.ask, question) for question in asked)
    return QUESTIONS * taken[len(taken) // 2]


@pytest.mark.parametrize("unit", some(UNITS, 6))
def test_the_longest_question_is_answered_or_refused_in_time(
    library: Library, most: float, unit: str
) -> None:
    def ask(question: str) -> None:
        assert library.ask(question).text

    assert least(ask, unit, MAX_QUESTION_CHARACTERS - 2, most) <= most


@pytest.mark.parametrize("unit", some(UNITS, 6))
def test_the_longest_history_is_read_in_time(library: Library, most: float, unit: str) -> None:
    def ask(said: str) -> None:
        turns = [said[a:b] for a, b in pairwise((*range(0, len(said), 500), len(said)))]
        assert library.ask("那苏州呢？", history=turns).text

    assert least(ask, unit, MAX_HISTORY_CHARACTERS - 2, most) <= most


@pytest.mark.parametrize("unit", some(UNITS))
def test_understanding_grows_with_the_question(library: Library, unit: str) -> None:
    catalogue = catalogue_of(library.reports)
    grows(lambda question: understand(question, (), catalogue), unit, 500)


@pytest.mark.parametrize("unit", some(LINES))
@pytest.mark.parametrize("work", [figures, split_clauses], ids=["figures", "clauses"])
def test_reading_a_text_grows_with_it(work: Callable[[str], object], unit: str) -> None:
    grows(work, unit, 5000)


def ledger_of(kind: ParagraphKind) -> Callable[[str], object]:
    def work(text: str) -> object:
        source = Source("r.txt", "txt", "utf-8", text, "")
        paragraph = Paragraph("r", 0, ("总结",), text, kind, ((0, len(text)),))
        place = Place("温州市", ("浙江省",), "city")
        report = Report("r", source, "总结", "", "", place, Period(2018, 2023), (), (paragraph,))
        return list(figures_of(report, sentences_of(report)))

    return work


@pytest.mark.parametrize("unit", some(LINES))
def test_the_ledger_grows_with_its_text(unit: str) -> None:
    grows(ledger_of("prose"), unit, 5000)


@pytest.mark.parametrize("unit", some(ROWS))
def test_the_ledger_grows_with_the_row_of_a_table(unit: str) -> None:
    grows(row_figures, unit, 3000)
    grows(ledger_of("table row"), unit, 3000)


@pytest.mark.parametrize("unit", ["建成职工书屋128家，服务职工3万人次，", "职工书屋", "2018年"])
def test_a_report_that_is_one_endless_sentence_costs_a_question_little(
    tmp_path: Path, unit: str, most: float
) -> None:
    endless = unit * (40_000 // len(unit))
    head = "余姚市总工会工作报告（2018—2023年）\n\n一、回顾\n\n"
    (tmp_path / "余姚.txt").write_text(f"{head}{endless}\n", encoding="utf-8")
    rebuild([tmp_path, SAMPLE_REPORTS], tmp_path / "index")
    library = Library(tmp_path / "index")
    library.ask("温州的法律援助办了多少件？会员呢？")
    for question in ("余姚建成职工书屋多少家？", "无锡的职工书屋有多少家？"):
        assert cpu(library.ask, question) <= 2 * most


def test_what_is_asked_too_much_at_once_is_refused_with_what_to_do(library: Library) -> None:
    things = [
        "书屋",
        "驿站",
        "基地",
        "工匠",
        "劳模",
        "竞赛",
        "讲座",
        "夜校",
        "食堂",
        "志愿者",
        "工作室",
        "培训班",
        "招聘会",
        "联谊会",
        "阵地",
        "协会",
    ]
    for question in ("书屋有多少家？" * 20, "".join(f"{thing}有多少个？" for thing in things)):
        with pytest.raises(QuestionError, match="请分成几个问题来问"):
            library.ask(question)
    assert library.ask("书屋、驿站、基地各有多少家？会员有多少人？").text


def test_a_long_conversation_goes_on_and_a_long_history_is_refused(library: Library) -> None:
    turns = ["苏州的法律援助办了多少件？"] * 500
    assert library.ask("那无锡呢？", history=turns) == library.ask("那无锡呢？", history=turns[-8:])
    with pytest.raises(QuestionError, match="请新开一个对话"):
        library.ask("那无锡呢？", history=["长" * 2000] * 3)


def test_the_years_of_a_line_of_dashes() -> None:
    """Each dash could once be taken in two ways: thirty of them took minutes."""
    figures = ledger_of("prose")
    before = time.process_time()
    assert figures(f"2019{'—' * 400}共建成书屋3家。")
    assert time.process_time() - before < 4.0

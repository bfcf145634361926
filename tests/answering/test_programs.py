"""What is computed: the figures and the formula that are meant, told by a learned model; nothing where the result is printed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from embeddings.reader import default_question_reader
from qa.answering.programs import choice
from qa.answering.programs.candidates import FORMULAS, mentions_in, programs
from qa.answering.programs.choice import computed_answer, is_sure_result, likeliest, may_compute, sounds
from qa.answering.programs.features import FEATURES, Asked
from qa.answering.sureness.span_answers import read_passages
from qa.answering.wording import wording_of
from qa.checking.verify import adds_up
from qa.retrieval import PASSAGES, found_and_ranked
from qa.text.arithmetic import beside
from qa.text.figures import figures
from tests.reports import Desk, assert_sound, report_of

Rows = npt.NDArray[np.float64]

REPORT = """# 苏州市总工会2023年工作报告

## 帮扶

走访困难职工1520户，发放慰问金30.4万元，其中春节期间走访800户。

8.9万人次参加医疗互助，为2316人次发放补助金527万元。

## 阵地

全市建成职工书屋43家、爱心驿站120个、妈妈小屋65个。

农民工保险的保费1.2亿元，其中财政补贴占75%。

货车司机意外险的保费每人120元，为全市2000名货车司机投保。

## 组织

会员由2018年的40万人增加到50万人。

## 今年的打算

新建爱心驿站150个。
"""


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.over(report_of(REPORT, "苏州.md", "苏州市", (2023, 2023)))


@pytest.mark.parametrize(
    ("question", "formula"),
    [
        ("苏州走访困难职工，平均每户拿到多少慰问金？", "30.4万元 / 1520户 = 200元/户"),
        ("苏州的职工书屋、爱心驿站、妈妈小屋加起来一共多少个？", "43家 + 120个 + 65个 = 228家"),
        ("苏州走访的困难职工里，春节期间的占百分之几？", "800户 / 1520户 = 52.63%，约52.6%"),
        ("苏州走访困难职工1520户，除去春节期间的还有多少户？", "1520户 - 800户 = 720户"),
        ("苏州农民工保险的保费里，财政补贴了多少钱？", "1.2亿元 × 75% = 9000万元"),
        ("苏州的会员五年里增长了百分之几？", "(50万人 - 40万人) / 40万人 = 25%"),
    ],
)
def test_the_figures_and_the_formula_are_those_that_are_meant(
    question: str, formula: str, desk: Desk
) -> None:
    query = desk.understand(question)
    _, passages = found_and_ranked(desk.index, query, PASSAGES)
    found = likeliest(query, passages, wording_of(desk.index))
    assert found and found.program.result.formula == formula
    assert adds_up(formula)
    answer = desk.ask_in_full(question)
    assert_sound(answer, desk)
    made = computed_answer(query, passages, wording_of(desk.index))
    assert answer.calculation == (formula,) or not (made and is_sure_result(query, made)), answer.text
    assert answer.calculation in ((), (formula,)), answer.text


def test_most_of_these_are_sure(desk: Desk) -> None:
    for question in ("苏州走访困难职工，平均每户拿到多少慰问金？", "苏州的会员五年里增长了百分之几？"):
        assert desk.ask_in_full(question).calculation, question


@pytest.mark.parametrize(
    "question",
    [
        "苏州建成了多少家职工书屋？",  # printed
        "苏州货车司机意外险每人多少钱？",  # a mean that is printed is no dividend
        "苏州走访困难职工花了50万元，平均每户多少元？",  # an amount that no report has
        "苏州的职工书屋比上一年多了多少家？",  # one figure is lacking
        "苏州建成了多少家职工书屋，多少个妈妈小屋？",  # each is asked for by itself
    ],
)
def test_nothing_is_computed_where_nothing_is_to_be_computed_or_can_be(question: str, desk: Desk) -> None:
    answer = desk.ask_in_full(question)
    assert_sound(answer, desk)
    assert not answer.calculation, answer.text


def test_a_plan_and_a_result_of_two_paragraphs_are_set_against_each_other(desk: Desk) -> None:
    query = desk.understand("苏州今年计划新建的爱心驿站比已经建成的多多少个？")
    _, passages = found_and_ranked(desk.index, query, PASSAGES)
    asked = Asked(query, wording_of(desk.index), sounds(query.standalone).tolist())
    made = programs(query, read_passages(query, passages), asked.relevance)
    assert "150个 - 120个 = 30个" in {one.result.formula for one in made}


def test_units_say_which_formulas_there_are(desk: Desk) -> None:
    query = desk.understand("苏州走访困难职工，平均每户拿到多少慰问金？")
    _, passages = found_and_ranked(desk.index, query, PASSAGES)
    read = read_passages(query, passages)
    asked = Asked(query, wording_of(desk.index), sounds(query.standalone))
    made = programs(query, read, asked.relevance)
    results = {one.result.formula for one in made}
    assert "1520户 - 800户 = 720户" in results and "30.4万元 / 1520户 = 200元/户" in results
    assert not any("30.4万元 + 1520户" in one for one in results)
    assert all(len(asked.features(one)) == len(FEATURES) for one in made)
    assert all(adds_up(one.result.formula) for one in made)
    assert [one.figure.text for one in mentions_in(read[0])] == ["1520户", "30.4万元", "800户"]


def test_what_is_printed_for_each_is_multiplied_and_not_divided(desk: Desk) -> None:
    query = desk.understand("苏州货车司机的意外险一共要交多少保费？")
    _, passages = found_and_ranked(desk.index, query, PASSAGES)
    asked = Asked(query, wording_of(desk.index), sounds(query.standalone))
    made = programs(query, read_passages(query, passages), asked.relevance)
    assert any(one.result.formula.startswith("120元 × 2000名 = ") for one in made)
    assert not any(one.formula == "ratio" and one.operands[0].figure.text == "120元" for one in made)


def test_of_two_places_each_is_computed_with() -> None:
    files = (("苏州.md", "苏州市", "全市职工书屋30家。"), ("泉州.md", "泉州市", "全市职工书屋50家。"))
    desk = Desk.over(
        *(report_of(f"# 工会工作报告\n\n{text}", name, place, (2018, 2023)) for name, place, text in files)
    )
    for question, formula in (
        ("苏州和泉州的书屋加起来一共多少家？", "30家 + 50家 = 80家"),
        ("泉州的书屋是苏州的几倍？", "50家 / 30家 = 1.67倍"),
    ):
        answer = desk.ask_in_full(question)
        assert_sound(answer, desk)
        assert answer.calculation == (formula,), answer.text
        assert {cited.report for cited in answer.citations} == {"苏州.md", "泉州.md"}


@pytest.mark.parametrize(("share", "first"), [(0.3, "4.7万人"), (0.001, "287万人")])
def test_what_is_of_one_time_goes_before_only_if_it_is_likely(
    share: float, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {
        ("苏州.md", "苏州市", (2013, 2018)): "工会会员287万人。",
        ("苏州新.md", "苏州市", (2018, 2023)): "工会会员4.7万人。",
        ("泉州.md", "泉州市", (2018, 2023)): "工会会员72.7万人。",
    }
    desk = Desk.over(*(report_of(f"# 工会工作报告\n\n{text}", *own) for own, text in texts.items()))
    query = desk.understand("苏州和泉州比，谁的会员多？")
    _, passages = found_and_ranked(desk.index, query, PASSAGES)
    chances = {"287万人": 0.6, "4.7万人": 0.6 * share}

    class Told:
        def scores(self, rows: Rows) -> Rows:
            own = [
                next((chances[o.figure.text] for o in one.operands if o.figure.text in chances), 1e-6)
                for one in made
            ]
            return np.log(
                [
                    chance if one.formula == "difference" else 1e-6
                    for one, chance in zip(made, own, strict=True)
                ]
            )

    asked = Asked(query, wording_of(desk.index), sounds(query.standalone).tolist())
    made = programs(query, read_passages(query, passages), asked.relevance)
    monkeypatch.setattr(choice, "programs", lambda *_: made)
    monkeypatch.setattr(choice, "_network", Told)
    found = likeliest(query, passages, wording_of(desk.index))
    assert found and first in [one.figure.text for one in found.program.operands]


def test_what_no_program_may_answer_is_not_looked_at(desk: Desk) -> None:
    assert not may_compute(desk.understand("苏州工会怎样帮助困难职工？"))
    query = desk.understand("苏州工会有哪些阵地？")
    assert not may_compute(query)
    assert likeliest(desk.understand("苏州平均每户多少元？"), (), wording_of(desk.index)) is None


def test_how_a_question_sounds_is_a_distribution() -> None:
    chances = dict(zip((*FORMULAS, "none"), sounds("两样加起来一共多少"), strict=True))
    assert max(chances, key=chances.__getitem__) == "sum"
    assert np.exp([*chances.values()]).sum() == pytest.approx(1.0)
    read = default_question_reader().read("两样加起来一共多少")
    assert sum(chance for _, chance in read.operations) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("question", "words", "formula"),
    [
        ("苏州的职工书屋和妈妈小屋，哪样建得多？", "妈妈小屋", "65个 - 43家 = 22个"),
        ("苏州的爱心驿站和妈妈小屋，哪样少？", "妈妈小屋", "120个 - 65个 = 55个"),
    ],
)
def test_of_two_figures_the_larger_is_named(question: str, words: str, formula: str, desk: Desk) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert formula in answer.calculation and f"{words}" in answer.text.split("\n")[-1], answer.text


@pytest.mark.parametrize(
    ("question", "figure", "told"),
    [
        ("苏州走访的困难职工超过2000户了吗？", "1520户", "没有达到所问的数"),
        ("苏州农民工保险的保费里财政补贴过八成了没有？", "75%", "没有达到所问的数"),
    ],
)
def test_a_figure_is_set_against_what_the_question_states(
    question: str, figure: str, told: str, desk: Desk
) -> None:
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert figure in answer.text and told in answer.text and not answer.abstained, answer.text


@pytest.mark.parametrize(
    ("figure", "limit", "told"),
    [
        ("553家", "600家", "没有达到所问的数"),
        ("超过600家", "600家", "已超过所问的数"),
        ("90%以上", "90%", "已达到所问的数"),
        ("近600家", "600家", "没有达到所问的数"),
        ("700家", "600家", "已超过所问的数"),
        ("600家", "600家", None),  # it confirms the question
        ("超590家", "600家", None),  # it may be 601
        ("约590家", "600家", None),
    ],
)
def test_a_figure_is_below_at_or_above_a_limit_or_cannot_be_told(
    figure: str, limit: str, told: str | None
) -> None:
    (own,), (asked,) = figures(figure), figures(limit)
    found = beside(own, asked)
    assert (found and found.text) == told

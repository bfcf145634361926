"""What stands in the sentence that is told is not named as missing; the short answer has the one thing that is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answering.comparison import likeness
from qa.answering.sureness.span_answers import Read, SpanAnswer, likeliest, marked_row, read_passages
from qa.question import catalogue_of, understand
from qa.retrieval import PASSAGES, found_and_ranked
from qa.text.figures import figures
from qa.types import Span
from tests.reports import Desk, assert_sound, report_of

CITY = """# 苏州市工会工作报告（2018—2023年）

推进建会入会，保安、环卫等行业组建工会415家，吸收会员2.6万人。

五年来，培养“江苏工匠”35名、评出“苏州工匠”186名。

职工平均阅读时间比上届提高12分钟、达到58分钟。

工伤事故下降14.7%，当年争议结案率达100%。

新建、扩建职工学校46所，增加座位2.4万个。
"""


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.over(report_of(CITY, "苏州.md", "苏州市", (2018, 2023)))


def read_for(question: str, words: str, desk: Desk) -> tuple[Read, list[Span]]:
    """The reading of the passage that holds some words, and the spans of its figures."""
    query = understand(question, (), catalogue_of(desk.index.reports))
    _, passages = found_and_ranked(desk.index, query, PASSAGES)
    read = next(one for one in read_passages(query, passages) if words in one.hit.paragraph.text)
    return read, [(figure.start, figure.end) for figure in figures(read.hit.paragraph.text)]


@pytest.mark.parametrize(
    "question",
    [
        "苏州在保安、扫马路的师傅这些人里吸收了多少会员？",
        "苏州给保安、环卫这些行业建了多少家工会、吸收了多少会员？",
    ],
)
def test_what_the_sentence_tells_is_not_missing(question: str, desk: Desk) -> None:
    answer = desk.ask_in_full(question)
    assert_sound(answer, desk)
    assert "2.6万人" in answer.text and not answer.missing, answer.text


def test_what_it_does_not_tell_is_named(desk: Desk) -> None:
    answer = desk.ask_in_full("苏州保安、环卫行业组建了多少家工会，花了多少钱？")
    assert_sound(answer, desk)
    assert answer.missing == ("花了多少钱",), answer.text


def test_a_figure_that_answers_another_thing_does_not_tell_what_is_missing() -> None:
    text = "# 工会2024年工作报告\n\n全市会员达到64.8万人，比五年前多出不少。\n"
    own = Desk.over(report_of(text, "苏州.md", "苏州市", (2024, 2024)))
    answer = own.ask_in_full("苏州有多少会员，有多少工会？")
    assert "64.8万人" in answer.text and answer.missing == ("有多少工会",), answer.text


def test_what_is_counted_in_another_measure_word_is_the_short_answer_too() -> None:
    text = "五年里共有省级工匠12名、工人先锋号集体4个、“桂花奖章”获得者9名。"
    own = Desk.over(report_of(f"# 工会2024年工作报告\n\n{text}\n", "苏州.md", "苏州市", (2024, 2024)))
    assert own.ask_in_full("“桂花奖章”获得者苏州几个？").short == "9名"


def test_two_things_of_two_terms_are_not_called_unlike_where_nothing_compares_them() -> None:
    new = report_of("# 工会工作报告\n\n全市建成职工书屋412家。\n", "新.md", "苏州市", (2018, 2023))
    old = report_of("# 工会工作报告\n\n五年来培训护工3260人。\n", "旧.md", "苏州市", (2013, 2018))
    answer = Desk.over(new, old).ask_in_full("苏州建了多少家职工书屋、培训护工多少人？")
    assert "412家" in answer.text and "3260人" in answer.text
    assert answer.reason is None and "相比" not in answer.text, answer.text


def test_one_of_two_figures_is_the_short_answer(desk: Desk) -> None:
    answer = desk.ask_in_full("苏州这五年评出了多少名“苏州工匠”？")
    assert_sound(answer, desk)
    assert answer.short == "186名"
    read, (other, own) = read_for("苏州这五年评出了多少名“苏州工匠”？", "江苏工匠", desk)
    assert SpanAnswer(read, (other, own), other, -1.0).without_doubtful().spans == (own,)
    both = desk.ask_in_full("苏州这五年的“江苏工匠”和“苏州工匠”各有多少名？")
    assert "35名" in both.text and "186名" in both.text


def test_what_something_reached_is_not_by_how_much_it_rose(desk: Desk) -> None:
    assert desk.ask_in_full("苏州职工平均阅读时间达到多少分钟？").short == "58分钟"
    assert desk.ask_in_full("苏州职工平均阅读时间提高了多少分钟？").short == "12分钟"
    assert desk.ask_in_full("苏州工伤事故的降幅是多少？").short == "14.7%"
    for question, own in (("达到多少分钟", "58分钟"), ("提高了多少分钟", "12分钟"), ("是多少分钟", "58分钟")):
        read, (by, _) = read_for(f"苏州职工平均阅读时间{question}？", "阅读时间", desk)
        spans = [replace(span, start=by[0], end=by[1]) for span in read.reading.spans[:1]]
        found = likeliest([replace(read, reading=replace(read.reading, spans=tuple(spans)))])
        assert [one.text for one in found] == [own]
    rise, level = "平均阅读时间提高12分钟", "平均阅读时间58分钟"
    assert likeness((rise, figures(rise)[0]), (level, figures(level)[0])) == 0.0


def test_what_is_found_from_a_blank_on_is_read_with_the_sentence_before_it() -> None:
    text = "慰问重病职工39人。 发放补助金71万元，另有米面。"
    own = Desk.over(report_of(f"# 工会2024年工作报告\n\n{text}\n", "苏州.md", "苏州市", (2024, 2024)))
    read, ((first, last), _) = read_for("苏州慰问了多少职工？", "慰问", own)
    at = text.index(" ")
    found = SpanAnswer(read, ((at, at + 4),), (at, at + 4), -1.0)
    assert found.in_unit("人") is found and "慰问重病职工" in marked_row(found)[2]
    assert text[slice(*found.sentence)] == "慰问重病职工39人。"
    assert replace(found, best=(first, last)).sentence == found.sentence


def test_nothing_is_computed_from_unlike_things(desk: Desk) -> None:
    answer = desk.ask_in_full("苏州盖了多少所职工学校，由此多出来多少个座位？")
    assert_sound(answer, desk)
    assert not answer.calculation, answer.text


def test_a_passage_is_read_without_the_name_of_its_organisation(desk: Desk) -> None:
    text = "# 江岸机械集团工会2024年工作报告\n\n慰问重病职工39人，发放补助金71万元。\n"
    report = report_of(text, "厂.md", "苏州市", (2024, 2024))
    firm = Desk.over(replace(report, organisation="江岸精密机械集团有限公司工会"))
    named = firm.ask_in_full("江岸机械去年给生大病的工友发了多少钱？")
    assert_sound(named, firm)
    plain = firm.ask_in_full("去年给生大病的工友发了多少钱？")
    assert named.short == plain.short and named.chance == pytest.approx(plain.chance, abs=0.02)


def test_each_of_two_figures_is_told_where_no_sum_is_asked(desk: Desk) -> None:
    answer = desk.ask_in_full("苏州保安、环卫这些行业一共建了多少家工会，吸收了多少会员？")
    assert_sound(answer, desk)
    assert not answer.calculation and "415家" in answer.text


def test_a_figure_of_something_else_tells_nothing_of_what_is_asked_in_a_measure_word_for_anything() -> None:
    text = "# 工会2024年工作报告\n\n全市工会建成妈妈小屋30个，讲座20场。\n"
    own = Desk.over(report_of(text, "苏州.md", "苏州市", (2024, 2024)))
    answer = own.ask_in_full("苏州妈妈小屋多少个，职工书屋多少个？")
    assert "30个" in answer.text and answer.missing == ("职工书屋多少个",), answer.text


def test_what_is_asked_in_a_measure_word_for_anything_is_told_by_a_figure_of_any() -> None:
    text = "# 工会2024年工作报告\n\n县里举行手工编竹大赛，212名选手同场竞技，24人被授予“县技术能手”称号。\n"
    own = Desk.over(report_of(text, "苏州.md", "苏州市", (2024, 2024)))
    answer = own.ask_in_full("苏州手工编竹比赛有多少人上场？评出了几个技术能手？")
    assert "212名" in answer.text and "24人" in answer.text and not answer.missing, answer.text


def test_of_figures_in_one_list_the_one_that_counts_what_is_asked_for_answers_whatever_its_measure_word() -> (
    None
):
    told = (
        "全市236家工会驿站，71个“妈妈小屋”，19个医生休息室、33个“共享职工之家”联合构筑起服务职工的工会阵地。"
    )
    own = Desk.over(report_of(f"# 工会五年工作报告\n\n{told}\n", "苏州.md", "苏州市", (2018, 2023)))
    asked = {"苏州驿站有几个？": "236家", "苏州有几个驿站？": "236家", "苏州有几家妈妈小屋？": "71个"}
    assert {question: own.ask(question).short for question in asked} == asked


def test_the_figure_of_a_thing_that_is_asked_for_is_not_exchanged_for_that_of_another() -> None:
    told = "2023年，计划新建职工书屋20家，新建工会驿站50个。"
    own = Desk.over(report_of(f"# 工会五年工作报告\n\n{told}\n", "苏州.md", "苏州市", (2018, 2023)))
    answer = own.ask("苏州2023年计划新建职工书屋多少家？驿站呢？")
    assert "20家" in answer.text and "50个" in answer.text


def test_a_total_that_the_next_clause_gives_without_naming_it_is_told_with_what_is_new() -> None:
    told = "新建劳模工作室3家，累计达到21家，评选工匠40名。"
    own = Desk.over(report_of(f"# 工会2024年工作总结\n\n{told}\n", "苏州.md", "苏州市", (2024, 2024)))
    answer = own.ask("苏州有几家劳模工作室？")
    assert "累计达到21家" in answer.text and "40名" not in answer.text, answer.text

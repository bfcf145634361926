"""Whatever is asked, an answer is sound: marks have citations, quotes are copied, figures are supported."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.text.sentences import split_clauses
from qa.types import Period
from tests.reports import Desk, assert_sound, report_of, sample

PLACES = (
    "",
    "温州",
    "温州上一届",
    "漳州",
    "浙江和漳州",
    "苏州",
    "钱塘区2023年",
    "温州两届",
    "福建",
    "鹿城区",
)
TOPICS = (
    "法律援助",
    "职工书屋",
    "慰问金",
    "“五小”创新",
    "会员总数",
    "疗休养的职工",
    "三项机制",
    "食堂",
    "新建工会",
)
ASKS = (
    "有多少？",
    "分别是多少，为什么",
    "有哪些？",
    "是谁牵头的？",
    "是哪年的",
    "加起来多少",
    "谁更多",
    "有100万吗？",
    "做得怎么样",
    "",
)


@given(st.sampled_from(PLACES), st.sampled_from(TOPICS), st.sampled_from(ASKS), st.sampled_from(ASKS))
@settings(max_examples=10)
def test_answers_are_sound(place: str, topic: str, ask: str, follow: str) -> None:
    desk = sample()
    assert_sound(desk.ask(f"{place}{topic}{ask}"), desk)
    assert_sound(desk.ask(f"那漳州{follow}", f"{place}{topic}{ask}"), desk)


def test_a_question_in_the_words_of_a_clause_finds_its_report() -> None:
    """Asked with the words of a sentence and the place and term of its report, its report is found first."""
    desk = sample()
    asked = right = 0
    for report in desk.index.reports:
        assert isinstance(report.period, Period)
        for paragraph in report.paragraphs[::8]:
            start, end = split_clauses(paragraph.text)[-1]
            answer = desk.ask(
                f"{report.place.name}{report.period.start}年至{report.period.end}年{paragraph.text[start:end]}对吗？"
            )
            assert_sound(answer, desk)
            asked += 1
            right += answer.passages[0].report.id == report.id
    assert right >= 0.9 * asked


def desk_of(*lines: str) -> Desk:
    body = "\n\n".join(lines)
    return Desk.over(
        report_of(f"# 宜宾市总工会工作报告\n\n## 一、服务\n\n{body}\n", "宜宾.md", "宜宾市", (2019, 2023))
    )


def test_a_figure_is_chosen_by_what_it_counts_not_by_its_position() -> None:
    desk = desk_of("全市办起夜校46所，开课812门，结业学员1.9万名。", "建成驿站230个，配备药箱460只。")
    for question, short in (
        ("宜宾办起几所夜校？", "46所"),
        ("宜宾的夜校开了多少门课？", "812门"),
        ("宜宾的夜校有多少名学员结业？", "1.9万名"),
        ("宜宾建成多少个驿站？", "230个"),
    ):
        answer = desk.ask_in_full(question)
        assert_sound(answer, desk)
        assert answer.short == short, question


def test_a_source_broken_into_lines_is_quoted_by_its_characters() -> None:
    desk = desk_of("全市办起\n夜校46所，结业学员\n1.9万名。")
    (citation,) = desk.ask("宜宾办起几所夜校？").citations
    assert len(citation.spans) == 3 and citation.quote == "全市办起夜校46所，结业学员1.9万名。"


def test_stated_figures_are_compared_with_what_reports_state() -> None:
    desk = desk_of("全市办起夜校46所，结业学员近1.9万名。")
    for stated, right in (
        ("办起夜校46所吗", True),
        ("办起夜校超过40所吗", True),
        ("办起夜校不到50所吗", True),
        ("办起夜校约45所吗", True),
        ("办起夜校50所吗", False),
        ("夜校有4所吗", False),
        ("夜校的结业学员是不是1.9万名", True),
        ("夜校的结业学员有2.9万名没有", False),
    ):
        answer = desk.ask(f"宜宾{stated}？")
        assert_sound(answer, desk)
        assert answer.reason == (None if right else "false_premise"), (stated, answer.text)
        assert answer.abstained is not right


@pytest.mark.parametrize(
    ("stated", "told"),
    [("办起夜校超过50所吗", "没有达到"), ("办起夜校不到40所吗", "已超过"), ("夜校达到100所了吗", "没有达到")],
)
def test_a_limit_that_was_not_passed_is_no_false_premise(stated: str, told: str) -> None:
    answer = desk_of("全市办起夜校46所，结业学员近1.9万名。").ask(f"宜宾{stated}？")
    assert_sound(answer, desk_of("全市办起夜校46所，结业学员近1.9万名。"))
    assert "46所" in answer.text and told in answer.text and not answer.abstained, answer.text


def test_a_library_of_one_report_answers_without_its_place() -> None:
    desk = desk_of("全市办起夜校46所。")
    assert desk.ask("办起几所夜校？").short == "46所"


def test_an_empty_library_refuses() -> None:
    desk = Desk.over()
    answer = desk.ask("办起几所夜校？")
    assert_sound(answer, desk)
    assert answer.abstained


def test_a_sentence_that_asks_states_nothing() -> None:
    desk = desk_of("怎样吸引外卖骑手加入工会？", "在站点设入会窗口，吸引外卖骑手加入工会1200名。")
    for question in ("宜宾怎样吸引外卖骑手加入工会？", "宜宾吸引多少外卖骑手加入工会？"):
        answer = desk.ask_in_full(question)
        assert all("怎样吸引" not in citation.quote for citation in answer.citations), question


def test_a_line_of_a_year_that_a_report_only_plans_for_says_so() -> None:
    reports = [
        report_of(
            f"# 2026年{place}政府工作报告\n\n## 一、2025年工作回顾\n\n城镇新增就业{done}万人。\n\n"
            f"## 二、2026年主要目标\n\n城镇新增就业{planned}万人。\n",
            f"{place}.md",
            place,
            (2025, 2025),
        )
        for place, done, planned in (("苏州市", 21, 22), ("无锡市", 17, 18))
    ]
    answer = Desk.over(*reports).ask_in_full("苏州和无锡2026年城镇新增就业目标分别是多少？")
    assert "苏州（2026，计划）" in answer.text and "无锡（2026，计划）" in answer.text
    assert "（2025）" not in answer.text

"""Quotes hold 8 to 300 characters of the source, and what is said of them reads well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answering.statement import readable
from qa.text.spans import without_blanks
from tests.reports import Desk, assert_sound, report_of


def desk_of(*lines: str, title: str = "# 遵义市总工会工作报告") -> Desk:
    body = "\n\n".join(lines)
    return Desk.over(report_of(f"{title}\n\n## 一、服务\n\n{body}\n", "遵义.md", "遵义市", (2019, 2023)))


def test_a_sentence_of_a_thousand_characters_is_quoted_in_part() -> None:
    endless = "，".join(f"第{n}分会为会员送去春联和祝福" for n in range(1, 60))
    desk = desk_of(f"{endless}，全市建成骑手驿站86个，{endless}。")
    answer = desk.ask("遵义建成多少个骑手驿站？")
    assert_sound(answer, desk)
    assert answer.short == "86个" and "86个" in answer.citations[0].quote
    assert len(answer.text) < 200


def test_a_sentence_of_six_characters_is_quoted_with_its_surroundings() -> None:
    desk = desk_of("全市有夜校。", "夜校共46所。灯亮到很晚。")
    answer = desk.ask("遵义有多少所夜校？")
    assert_sound(answer, desk)
    assert answer.short == "46所" and len(without_blanks(answer.citations[0].quote)) >= 8


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("五年来，办起夜校 46 所。", "办起夜校46所"),
        ("其中，**女工** 3,200人；", "女工3,200人"),
        ("慰问骑手,送去药箱,", "慰问骑手，送去药箱"),
        ("开展“冬送温暖活动", "开展冬送温暖活动"),
        ("被评为模范”集体", "被评为模范集体"),
        ("上线“APP 2.0 版”", "上线“APP 2.0版”"),
        ("第一步。第二步。", "第一步，第二步"),
        ("建成书屋[3]57家[12]。", "建成书屋57家"),
    ],
)
def test_clauses_are_made_readable(text: str, said: str) -> None:
    assert readable(text) == said


def test_a_mark_of_a_footnote_is_quoted_and_no_citation() -> None:
    desk = desk_of("全市建成职工书屋57家[3]，比上年增加9家。", "书屋由遵义市[4]总工会牵头建设。")
    counted, led = desk.ask("遵义建成多少家职工书屋？"), desk.ask("遵义的书屋由谁牵头建设？")
    for answer in (counted, led):
        assert_sound(answer, desk)
        assert "[1]" in answer.text and "[3]" not in answer.text and "[4]" not in answer.text
    assert counted.short == "57家" and "57家[3]" in counted.citations[0].quote
    assert led.short and "[" not in led.short and "[4]" in led.citations[0].quote


def test_a_report_without_place_and_years_is_headed_with_its_title() -> None:
    desk = Desk.over(report_of("# 红星厂工会小结\n\n全厂办起夜校3期，结业学员86名。\n", "小结.md"))
    answer = desk.ask("夜校的结业学员有多少名？")
    assert_sound(answer, desk)
    assert answer.text.startswith("《红星厂工会小结》：") and answer.short == "86名"
    assert answer.citations[0].period is None and answer.citations[0].place == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("本报记者 王小禾 本报通讯员 陈大川", "本报记者王小禾，本报通讯员陈大川"),
    ],
)
def test_the_names_of_a_byline_stand_apart(line: str, told: str) -> None:
    report = report_of(f"# 工会五年\n\n全市建成书屋30家。\n\n{line}\n", "今.md", "苏州市", (2018, 2023))
    *others, last = report.paragraphs
    desk = Desk.over(replace(report, paragraphs=(*others, replace(last, kind="byline"))))
    answer = desk.ask("苏州这篇报道的作者、署名的记者和通讯员是谁？")
    assert_sound(answer, desk)
    assert told in answer.text, answer


@pytest.mark.parametrize(
    "question",
    [
        "遵义为了管好驿站出了个什么办法？",
        "遵义总工会和财政局合发的文件标题是什么？",
        "遵义印发的是哪份管理办法？",
    ],
)
def test_a_document_is_asked_for_in_many_words(question: str) -> None:
    desk = desk_of("联合财政局印发《遵义市户外驿站管理办法》，驿站由街道代管。", "全市建成驿站86个。")
    answer = desk.ask(question)
    assert_sound(answer, desk)
    assert "《遵义市户外驿站管理办法》" in answer.text, answer

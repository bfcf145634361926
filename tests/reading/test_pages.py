"""Reports as they are copied from websites, with all that stands around them: invented pages in eight layouts.

``pages/gold.json`` says of each what is printed on it: title, dates, speaker, the years of its results and of its
plans, where its text begins and ends, and of some sentences whether they are results or plans, and of which years.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa.reading import read_report
from qa.reading.overrides import suggested_lines, uncertain_inferences
from qa.text.units import sentences_of
from qa.types import Period, Report

PAGES = Path(__file__).with_name("pages")
GOLD: dict[str, dict[str, Any]] = json.loads((PAGES / "gold.json").read_text("utf-8"))
EVERY = pytest.mark.parametrize("name", GOLD)


def page(folder: Path, text: str, toml: str = "") -> Report:
    path = folder / "网页.txt"
    path.write_text(text, encoding="utf-8")
    (folder / "reports.toml").write_text(toml, encoding="utf-8")
    return read_report(path)


@EVERY
def test_the_head_is_read(name: str) -> None:
    report, gold = read_report(PAGES / name), GOLD[name]
    assert report.title == gold["title"]
    assert report.place.name == gold["place"]
    assert (report.published, report.delivered) == (gold["published"], gold["delivered"])
    assert report.speaker == gold["speaker"]
    assert (report.period, report.plans) == (Period(*gold["results"]), Period(*gold["plans"]))
    assert not uncertain_inferences(report, date(2026, 12, 31))


@EVERY
def test_what_the_site_printed_is_no_prose_and_the_report_is(name: str) -> None:
    report, gold = read_report(PAGES / name), GOLD[name]
    text = report.source.text
    first, last = text.index(gold["first"]), text.index(gold["last"]) + len(gold["last"])
    inside = [p for p in report.paragraphs if first <= p.spans[0][0] and p.spans[-1][1] <= last]
    outside = [p for p in report.paragraphs if p not in inside]
    assert {p.kind for p in inside} == {"prose"}
    assert {p.kind for p in outside} <= {"furniture", "byline", "caption"}
    assert not any(p.heading for p in outside if p.spans[0][0] < first)


@EVERY
def test_every_sentence_is_a_result_or_a_plan_of_its_years(name: str) -> None:
    told = sentences_of(report := read_report(PAGES / name))
    for words, state, first, last in GOLD[name]["told"]:
        sentence = next(sentence for sentence in told if words in sentence.text)
        assert (sentence.text, sentence.state, sentence.period) == (sentence.text, state, Period(first, last))
    prose = {p.number for p in report.paragraphs if p.kind == "prose"}
    assert all(sentence.state for sentence in told if sentence.paragraph in prose)


BODY = "各位代表：\n现在，我向大会报告工作，请予审议。\n去年，新建工会驿站86座。\n今年，计划再建40座。\n"


def test_a_page_without_its_text_is_told(tmp_path: Path) -> None:
    report = page(
        tmp_path,
        "首页\n政务公开\n互动交流\n当前位置：\n首页\n>\n2026年清丰县政府工作报告\n【字体：\n大\n中\n小\n】\n",
    )
    assert any("没有读到成句的正文" in note for note in report.notes)
    assert not page(tmp_path, "政府工作报告\n" + BODY).notes


def test_a_credit_behind_the_last_sentence_hides_no_section(tmp_path: Path) -> None:
    head = "首页 > 工会要闻 > 正文\n2026年清丰县工会工作报告\n2026-01-20 09:30 来源：本网\n"
    report = page(
        tmp_path, f"{head}{BODY}展望：再出发\n明年，将新建驿站50座。（记者 林一舟）\n上一篇\n下一篇\n"
    )
    (last,) = (p for p in report.paragraphs if "50座" in p.text)
    assert (last.kind, last.heading) == ("prose", ("展望：再出发",))


def test_a_heading_without_a_number_right_above_the_first_prose_is_one(tmp_path: Path) -> None:
    head = "首页 > 工会要闻 > 正文\n2026年清丰县工会工作报告\n2026-01-20 09:30 来源：本网\n凝聚职工力量\n"
    prose = "去年，全县各级工会团结动员职工，新建工会驿站86座，服务职工3万人次。\n"
    report = page(tmp_path, f"{head}{prose}二、维权服务\n{prose}上一篇\n下一篇\n")
    assert next(p for p in report.paragraphs if "86座" in p.text).heading == ("凝聚职工力量",)


def test_without_a_date_it_is_said_which_line_settles_the_years(tmp_path: Path) -> None:
    text = "首页 > 政务公开 > 正文\n清丰县工作报告\n" + BODY
    doubtful = page(tmp_path, text)
    assert any(line.startswith(("period", "# period")) for line in suggested_lines(doubtful))
    settled = page(tmp_path, text, '["网页.txt"]\nperiod = 2025\nplans = 2026\ndelivered = "2026-01-20"\n')
    assert not any("period" in line for line in suggested_lines(settled))
    told = {s.text[:2]: (s.state, s.period) for s in sentences_of(settled)}
    assert told["去年"] == ("result", Period(2025, 2025))
    assert told["今年"] == ("plan", Period(2026, 2026))


def test_dates_that_contradict_each_other_are_told(tmp_path: Path) -> None:
    head = "2026年清丰县政府工作报告\n——2026年1月20日在清丰县第九届人民代表大会第一次会议上\n时间：{}\n县长 林一舟\n"
    early = page(tmp_path, head.format("2025-03-02") + BODY)
    assert [doubt.field for doubt in uncertain_inferences(early, date(2026, 12, 31))] == ["published"]
    assert 'published = "2025-03-02"' in suggested_lines(early)
    other = page(tmp_path, head.format("2026-01-29").replace("2026年清丰", "2019年清丰") + BODY)
    assert [doubt.field for doubt in uncertain_inferences(other, date(2026, 12, 31))] == ["period"]


def test_a_report_of_the_future_is_told_until_it_is_confirmed(tmp_path: Path) -> None:
    text = (
        "2026年清丰县政府工作报告\n——2026年1月20日在清丰县第九届人民代表大会第一次会议上\n县长 林一舟\n"
        + BODY
    )
    report = page(tmp_path, text)
    assert {doubt.field for doubt in uncertain_inferences(report, date(2025, 6, 1))} >= {"delivered"}
    assert not uncertain_inferences(report, date(2026, 1, 20))
    toml = '["网页.txt"]\ndelivered = "2026-01-20"\npublished = "2026-01-20"\n'
    assert not uncertain_inferences(page(tmp_path, text, toml), date(2025, 6, 1))

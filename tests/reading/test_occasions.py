"""The head of a report: whose it is and when it was given are told by the place and the shape of a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.reading import read_report
from qa.reading.layout.surroundings import is_row
from qa.types import Period, Place, Report
from tests.reports import Desk

BODY = "一、过去的工作\n五年来，新建驿站86座，书屋2027年再建三家。全县职工三万人。\n二、今后的任务\n今后五年，再建40座。\n"
SPEECH = "各位代表：\n现在，我向大会报告工作，请予审议。\n" + BODY
CONGRESS = "同心协力谱新篇\n——在清丰县工会第八次代表大会上的报告\n"


def read(folder: Path, text: str) -> Report:
    path = folder / "报告.txt"
    path.write_text(text, encoding="utf-8")
    return read_report(path)


def confidence(report: Report, field: str) -> float:
    return next(i.confidence for i in report.inferences if i.field == field)


@pytest.mark.parametrize(
    "given",
    [
        "2022年6月8日\n清丰县总工会党组书记、主席 林一舟\n\n",
        "时间：2022年6月8日\n报告人：林一舟\n\n",
        "2022年6月8日，濮阳\n清丰县总工会主席 林一舟\n\n",
        "2022年6月8日 清丰县总工会主席 林一舟\n\n",
        "在清丰县工会第八次代表大会第一次会议上\n2022年6月8日 清丰县总工会主席林一舟\n\n",
        "在清丰县工会第八次代表大会第一次会议上 2022年6月8日 清丰县总工会主席林一舟\n\n",
    ],
)
def test_the_day_below_the_title_of_a_speech_dates_its_term(tmp_path: Path, given: str) -> None:
    report = read(tmp_path, CONGRESS + given + SPEECH)
    assert (report.delivered, report.speaker) == ("2022-06-08", "林一舟")
    assert (report.period, report.plans) == (Period(2017, 2022), Period(2022, 2027))
    assert [p.text for p in report.paragraphs if p.kind == "prose"][:1] == ["各位代表："]
    assert not any("林一舟" in heading for p in report.paragraphs for heading in p.heading)


def test_a_meeting_with_its_day_and_the_speaker_is_no_subtitle(tmp_path: Path) -> None:
    line = "在集团第八届职工代表大会第二次会议上 2022年6月8日 工会主席林一舟"
    report = read(tmp_path, f"清丰重工集团工会2021年工作报告\n{line}\n" + SPEECH)
    assert (report.subtitle, report.speaker, report.delivered) == ("", "林一舟", "2022-06-08")
    assert report.paragraphs[0].kind == "byline"


def test_a_day_above_what_is_no_speech_is_only_when_it_appeared(tmp_path: Path) -> None:
    report = read(
        tmp_path, "清丰县总工会五年工作回眸\n2022年6月8日\n五年来，新建驿站86座，书屋30家。\n" + BODY
    )
    assert (report.delivered, report.published) == ("", "2022-06-08")


def test_a_row_of_short_items_is_no_line_of_the_title(tmp_path: Path) -> None:
    row = "[ 大字版 ] [ 朗读 ] [ 办事大厅 ]\n"
    occasion = "——2022年1月8日在河南省第九届人民代表大会第二次会议上\n"
    towns = "郑州市、洛阳市新开工地铁。" * 30
    report = read(tmp_path, "首页 > 公开 > 正文\n" + row + "政府工作报告\n" + occasion + SPEECH + towns)
    assert (report.title, report.subtitle) == ("政府工作报告", "")
    assert occasion.strip() in [p.text for p in report.paragraphs if p.kind == "byline"]
    assert report.place == Place("河南省", (), "province")
    assert report.paragraphs[1].kind == "furniture"
    assert is_row("大字版   朗读   办事大厅   EN")
    assert not is_row("齐心协力   实干争先   再谱新篇") and not is_row("县长 林 一 舟")


def test_a_row_of_buttons_that_tells_the_day_is_no_line_about_the_report(tmp_path: Path) -> None:
    bar = "今天是2022年3月7日 星期一 | 无障碍 | 长辈版 | 登录 | 注册"
    head = f"{bar}\n清丰县总工会2021年工作总结\n发布时间：2022年1月19日 来源：县总工会\n"
    report = read(tmp_path, head + "一年来，新建驿站86座，书屋30家。\n" + BODY)
    assert [p.kind for p in report.paragraphs[:2]] == ["furniture", "byline"]
    assert report.published == "2022-01-19"


def test_the_lines_above_the_name_of_the_congress_are_one_title(tmp_path: Path) -> None:
    lines = "同心协力谱新篇 实干争先开新局\n奋力书写清丰工会工作新答卷\n"
    report = read(tmp_path, lines + CONGRESS.split("\n")[1] + "\n（2022年6月8日）\n" + SPEECH)
    assert report.title == "同心协力谱新篇 实干争先开新局 奋力书写清丰工会工作新答卷"
    assert report.subtitle == "——在清丰县工会第八次代表大会上的报告"


def test_the_labelled_date_is_that_of_publication(tmp_path: Path) -> None:
    head = "首页 > 公开 > 正文\n2022年3月1日 晴\n清丰县政府工作报告\n成文日期：2022年1月8日\n发布时间：2022年1月19日\n"
    report = read(tmp_path, head + "2022年1月8日在清丰县第九届人民代表大会第二次会议上\n" + SPEECH)
    assert (report.delivered, report.published) == ("2022-01-08", "2022-01-19")


def test_the_next_term_is_as_long_as_the_report_says(tmp_path: Path) -> None:
    term = "2020年3月至2022年6月的两年，新建驿站86座。\n今后五年，再建40座。今后五年，书屋再建三家。\n"
    report = read(tmp_path, CONGRESS + "（2022年6月8日）\n各位代表：\n" + term)
    assert (report.period, report.plans) == (Period(2020, 2022), Period(2022, 2027))


@pytest.mark.parametrize(
    "ahead",
    [
        "今后五年（2023—2027年）的目标是：再建40座。\n",
        "二、今后五年（2023—2027年）工作安排\n\n再建40座，书屋再建三家。\n",
    ],
)
def test_the_years_in_brackets_behind_the_next_term_are_its_years(tmp_path: Path, ahead: str) -> None:
    term = "过去五年（2018—2022年），新建驿站86座，全县职工三万人，各项工作都有了新的进展。\n"
    report = read(tmp_path, CONGRESS + "（2022年12月8日）\n各位代表：\n\n" + term + "\n" + ahead)
    assert report.plans == Period(2023, 2027)


def test_an_early_figure_is_not_what_the_present_figures_hold_for(tmp_path: Path) -> None:
    early = "截至2018年6月，发放口罩三万只。\n"
    report = read(tmp_path, CONGRESS + "（2022年6月8日）\n" + SPEECH + early)
    assert report.as_of == "2022"


def test_a_day_in_full_width_digits_is_the_occasion(tmp_path: Path) -> None:
    head = "清丰县工会２０２１—２０２３年工作报告\n（２０２４年３月６日在县工会第八次代表大会上）\n顾明珠\n"
    found = read(tmp_path, head + BODY)
    assert (found.delivered, found.speaker, found.subtitle) == ("2024-03-06", "顾明珠", "")


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("清丰县总工会的报告是谁作的", "林一舟"),
        ("报告人是谁", "林一舟"),  # what its line is about is read with it
        ("清丰县总工会的报告是哪天作的", "2022年6月8日"),
    ],
)
def test_who_gave_a_report_and_when_is_answered_from_its_head(
    tmp_path: Path, question: str, short: str
) -> None:
    head = "清丰县总工会工作报告\n——2022年6月8日在清丰县工会第九次代表大会上\n清丰县总工会主席 林一舟\n\n"
    answer = Desk.over(read(tmp_path, head + SPEECH)).ask_in_full(question)
    assert short in (answer.short or "")
    assert "、林一舟" not in answer.text
    assert "——" not in answer.text

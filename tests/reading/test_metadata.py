"""Title, place, organisation and period are inferred with their basis, and reports.toml has the last word."""

import json
import lzma
from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest

from qa.errors import ReportError
from qa.reading import load_overrides, read_report
from qa.reading.overrides import suggested_lines
from qa.reading.period import infer_period, infer_years
from qa.reading.unlisted import MOST, unlisted
from qa.text.normal import without_punctuation
from qa.text.units import sentences_of
from qa.types import Period, Place

BODY = (
    "五年来，宁德市总工会坚持服务大局，新建职工驿站86座。全市各级工会学习贯彻党的二十大精神，2022年举办技能竞赛120场。\n\n"
    "福安市工会探索的做法在全省推广。宁德工会将继续努力，不断提升职工的获得感。\n"
)


def report(folder: Path, text: str, name: str = "报告.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_infers_place_with_its_province(tmp_path: Path) -> None:
    read = read_report(report(tmp_path, "奋楫扬帆谱写新篇\n\n——宁德市总工会五年工作回眸\n\n" + BODY))
    assert read.place == Place("宁德市", ("福建省",), "city")
    assert read.organisation == "宁德市总工会"
    assert read.title == "奋楫扬帆谱写新篇"
    assert read.subtitle == "——宁德市总工会五年工作回眸"
    assert read.period == Period(2018, 2023)
    assert {i.field for i in read.inferences} == {"title", "place", "organisation", "period", "as_of"}
    assert all(i.basis and 0 <= i.confidence <= 1 for i in read.inferences)


def test_dates_of_publication_and_of_its_figures_are_read_and_can_be_set(tmp_path: Path) -> None:
    text = (
        "宁德市总工会五年工作回眸\n\n《宁德晚报》2023年11月18日 星期六\n\n"
        + BODY
        + "\n截至2023年9月底，会员达到61.5万人。\n"
    )
    read = read_report(report(tmp_path, text))
    assert read.published == "2023-11-18"
    assert read.as_of == "2023-09"
    plain = read_report(report(tmp_path, "宁德市总工会五年工作回眸\n\n" + BODY, "无日期.txt"))
    assert plain.published == ""
    assert plain.as_of == "2023"
    (tmp_path / "reports.toml").write_text(
        '["无日期.txt"]\npublished = "2023-12-01"\nas_of = "2023-10"\n', "utf-8"
    )
    told = read_report(tmp_path / "无日期.txt")
    assert (told.published, told.as_of) == ("2023-12-01", "2023-10")
    (tmp_path / "reports.toml").write_text('["无日期.txt"]\npublished = "去年"\n', "utf-8")
    with pytest.raises(ReportError, match="published"):
        load_overrides(tmp_path)


@pytest.mark.parametrize(
    ("name", "title", "period"),
    [
        ("003_宁德总结", "宁德总结", Period(2022, 2022)),
        ("2021年宁德总结", "2021年宁德总结", Period(2021, 2021)),
        ("01 2019—2021年宁德总结", "2019—2021年宁德总结", Period(2019, 2021)),
    ],
)
def test_a_report_without_a_title_takes_the_name_of_its_file(
    tmp_path: Path, name: str, title: str, period: Period
) -> None:
    read = read_report(report(tmp_path, BODY.replace("五年来", "全年"), f"{name}.txt"))
    assert (read.title, read.period) == (title, period)
    assert next(i for i in read.inferences if i.field == "title").confidence < 0.5


@pytest.mark.parametrize(
    ("text", "place", "organisation"),
    [
        (
            "经开区总工会这一年\n\n2023年，芜湖经济技术开发区总工会新建驿站八座，与安徽农业大学、安徽财经学院共建课堂，"
            "三人获安徽省五一劳动奖章。\n",
            Place("芜湖市", ("安徽省",), "city"),
            "芜湖经济技术开发区总工会",
        ),
        (
            "海川重型机械集团有限公司工会2024年工作报告\n\n集团总部位于辽宁省鞍山市，六人获辽宁省技术能手称号，"
            "省总工会领导到会祝贺。\n",
            Place("鞍山市", ("辽宁省",), "city"),
            "海川重型机械集团有限公司工会",
        ),
        (
            "工会工作总结\n\n2023年，清丰县总工会在濮阳市总工会和河南省总工会的领导下新建驿站八座。\n",
            Place("清丰县", ("河南省", "濮阳市"), "district"),
            "清丰县总工会",
        ),
        (
            "芜湖市总工会工作报告\n\n全市新建驿站八座。芜湖经济技术开发区总工会新建三座，三山经开区工会新建一座。\n",
            Place("芜湖市", ("安徽省",), "city"),
            "芜湖市总工会",
        ),
        (
            "苏州工业园区总工会工作综述\n\n五年来，园区新建驿站八座，得到江苏省总工会表彰。\n",
            Place("苏州市", ("江苏省",), "city"),
            "苏州工业园区总工会",
        ),
        (
            "同心筑梦新征程\n\n——江苏省能源化学工会第三届委员会工作回顾\n\n五年来，江苏省能源化学工会新建驿站八座，省总工会到会祝贺。\n",
            Place("江苏省", (), "province"),
            "江苏省能源化学工会",
        ),
        (
            "云岭县总工会工作报告\n\n2023年，云岭县总工会新建驿站八座。全县职工三万人。\n",
            Place("云岭县", (), "district"),
            "云岭县总工会",
        ),
    ],
)
def test_whose_report_it_is(tmp_path: Path, text: str, place: Place, organisation: str) -> None:
    read = read_report(report(tmp_path, text))
    assert (read.place, read.organisation) == (place, organisation)
    assert all(i.confidence >= 0.5 for i in read.inferences if i.field in ("place", "organisation"))


def test_the_name_of_its_first_table_names_a_sheet(tmp_path: Path) -> None:
    rows = "宁德市总工会2019—2021年指标一览表,,\n指标,2019年,2020年\n会员（万人）,3,4\n"
    read = read_report(report(tmp_path, rows, "b.csv"))
    assert (read.title, read.period) == ("宁德市总工会2019—2021年指标一览表", Period(2019, 2021))
    zone = read_report(report(tmp_path, rows.replace("宁德市", "银沙经济技术开发区"), "c.csv"))
    assert (zone.place.name, zone.organisation) == ("银沙经济技术开发区", "银沙经济技术开发区总工会")


def test_the_city_of_a_hospital_is_its_place_and_what_a_company_mentions_is_not(tmp_path: Path) -> None:
    hospital = "嘉兴市第二人民医院工会2024年工作报告\n\n浙江省的专家多次来指导。医院工会新建驿站8座。\n"
    assert read_report(report(tmp_path, hospital)).place.name == "嘉兴市"
    company = "远岭矿业集团工会2024年工作报告\n\n班组到安徽合肥学习。集团工会新建驿站8座。\n"
    assert read_report(report(tmp_path, company)).place == Place("")


@pytest.mark.parametrize(
    ("title", "plans"),
    [
        ("2024年上半年工作总结和下半年工作安排", Period(2024, 2024)),
        ("2023年工作总结和2024年上半年工作安排", Period(2024, 2024)),
        ("2024年上半年工作总结和2025年工作安排", Period(2025, 2025)),
        ("2024年上半年工作总结", None),
    ],
)
def test_the_first_half_of_a_year_plans_the_other_half(
    tmp_path: Path, title: str, plans: Period | None
) -> None:
    read = read_report(report(tmp_path, f"合肥市总工会{title}\n\n新建驿站8座。职工都说好。\n"))
    assert read.plans == plans


def test_nobody_speaks_for_a_company_that_is_not_named(tmp_path: Path) -> None:
    text = "# 同心筑梦\n\n各位代表：\n\n我代表集团工会向大会报告工作，请审议。\n\n新建职工书屋9家。\n"
    assert read_report(report(tmp_path, text, "报告.md")).organisation == ""


def test_years_in_characters_are_years(tmp_path: Path) -> None:
    body = "\n\n全年新建驿站8座。\n\n二、二〇二四年工作打算\n\n新建驿站9座。\n"
    year = read_report(report(tmp_path, f"云岭市工会二〇二三年工作报告{body}"))
    assert (year.period, year.plans) == (Period(2023, 2023), Period(2024, 2024))
    term = read_report(report(tmp_path, f"云岭市工会工作报告（二〇一八—二〇二三年）{body}"))
    assert term.period == Period(2018, 2023)


def test_a_term_that_a_paragraph_opens_with_is_planned(tmp_path: Path) -> None:
    text = "合肥市总工会2021—2023年工作报告\n\n一、三年工作\n三年来新建驿站8座。2023—2024学年资助30人。\n\n二、今后的打算\n2024年至2026年，要再建4座。\n"
    assert read_report(report(tmp_path, text)).plans == Period(2024, 2026)


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("2023年度工会工作报告", "全年新建驿站八座。", Period(2023, 2023)),
        ("2018—2022年工作总结", "五年来成绩显著。", Period(2018, 2022)),
        ("工作回眸", "过去五年成效明显，2021年建成中心。五年来不断进步。", Period(2016, 2021)),
        ("工作回眸", "三年来不断进步，到2030年力争实现目标，2020年建成中心。", Period(2017, 2020)),
        ("工作回眸", "2019年至2023年，全市工会五年来新建驿站。2024年将召开大会。", Period(2019, 2023)),
        ("工作总结", "2022年，全市工会新建驿站。全年发放补助金。", Period(2022, 2022)),
        ("工作总结", "工会新建了驿站。", None),
        (
            "工作回眸",
            "2011年3月召开大会以来，五年来新建书屋。驿站由2011年的3座增加到2016年的9座。",
            Period(2011, 2016),
        ),
        (
            "工作回眸",
            "五年来，书屋由2015年的2家增加到2020年的8家。面向2025年，再建九家。",
            Period(2015, 2020),
        ),
        ("工作回眸", "五年来，书屋由2011年的2家增加到2016年的8家。", Period(2011, 2016)),
        ("工作情况", "2012年5月至2017年4月的五年，成果丰硕。2015年获奖，全年服务万人。", Period(2012, 2017)),
        (
            "在工会第九次代表大会上的报告",
            "过去五年不平凡。2016年建成中心，全年开放，全年接待千人。",
            Period(2011, 2016),
        ),
    ],
)
def test_periods(title: str, text: str, expected: Period | None) -> None:
    period, why = infer_period([title], text)
    assert period == expected
    assert why.basis
    assert (why.confidence > 0) == (expected is not None)


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("五年来，会员增加。站点2025年建成，2026年启用。", 2023, Period(2018, 2023)),
        ("五年来，会员增加。学习贯彻党的二十大精神。", 2022, Period(2017, 2022)),
        ("五年来，会员增加。学习贯彻党的二十大精神。", None, Period(2018, 2023)),
        ("本届指2021年3月至2023年11月。三年来，会员增加。", 2023, Period(2021, 2023)),
        ("2008年至2010年的旧账已清。五年来，会员增加，到了2023年。", 2023, Period(2018, 2023)),
        ("五年来，会员增加。2021年至2023年连办三届艺术节。", 2024, Period(2019, 2024)),
    ],
)
def test_a_report_tells_of_no_year_after_the_one_in_which_it_is_given(
    text: str, today: int | None, expected: Period
) -> None:
    assert infer_period(["在星城市工会第八次代表大会上的报告"], text, today)[0] == expected


@pytest.mark.parametrize(
    ("date", "expected"), [("2024-01-16", Period(2019, 2023)), ("2024-05-16", Period(2019, 2024))]
)
def test_the_term_before_the_one_reported_is_not_its_own(date: str, expected: Period) -> None:
    titles = ["团结动员再出发", "——星城区总工会第六届委员会工作报告"]
    text = "回望再往前的五年，即2014年至2018年，建会803家。过去的五年，基层工会达到1274家，2023年底有会员10万人。"
    ahead = "从2024年到2028年，今后五年的目标是新建基层工会400家。"
    found = infer_years(titles, [], f"{text}\n{ahead}", "", date, "")
    assert (found.results, found.plans) == (expected, Period(2024, 2028))


def test_a_report_of_two_years_is_not_of_the_year_in_which_it_is_given() -> None:
    text = "2021—2022年，新发展会员1.2万人。两年来，建家12个。2023年1月，召开大会。两年来，办理援助320件。"
    found = infer_years(["星城区总工会工作报告"], [], text, "", "2023-01-20", "")
    assert (found.results, found.plans) == (Period(2021, 2022), None)
    headings = ["2021—2022年工作回顾", "2023年工作安排"]
    text = "两年来，建家12个。两年来，办理援助320件。\n2023年，将建成书屋20家。2023年，新建驿站5个。"
    found = infer_years(["星城区总工会工作报告"], headings, text, "", "2023-01-20", "")
    assert found.results == Period(2021, 2022) and found.plans and found.plans.end == 2023


def test_a_year_that_is_only_compared_with_is_not_told() -> None:
    text = "今年以来，新建驿站36个，去年同期为20个。4月举办竞赛12场。"
    assert infer_years(["驿站更多了"], [], text, text, "", "2024-05-08").results == Period(2024, 2024)


def test_a_title_that_names_a_plan_of_five_years_is_of_these() -> None:
    found, _ = infer_period(["把家建到茶山上", "——工会“十四五”时期工作纪实"], "五年来，新建驿站8座。", 2025)
    assert found == Period(2021, 2025)
    ahead, _ = infer_period(["工会“十五五”发展规划"], "2025年，新建驿站8座。", 2025)
    assert ahead == Period(2025, 2025)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本届自2018年1月选举产生以来服务职工，至2022年12月任期届满。五年来，会员增加。", Period(2018, 2022)),
        ("2020年以来，全区新建驿站。三年来，会员增加，截至2022年底。", Period(2020, 2022)),
    ],
)
def test_a_report_given_after_its_term_states_when_that_began(text: str, expected: Period) -> None:
    assert infer_period(["工作情况"], text, 2023, ended=2022)[0] == expected


@pytest.mark.parametrize("title", ["福安市总工会工作报告 2024年1月", "福安市总工会工作报告 （2024年1月）"])
def test_a_title_may_end_with_its_month(tmp_path: Path, title: str) -> None:
    read = read_report(report(tmp_path, f"{title}\n\n全市新建书屋八家，驿站六座。\n"))
    assert (read.title, read.place.name) == (title.replace(" ", ""), "福安市")


def test_what_was_done_in_a_month_is_no_signature(tmp_path: Path) -> None:
    done = "工会代表大会召开 2023年6月18日"
    read = read_report(
        report(tmp_path, f"福安市总工会大事记\n\n全市新建书屋八家。\n\n{done}\n劳模公园落成 2023年9月\n")
    )
    assert not [p.text for p in read.paragraphs if p.kind == "byline"]
    assert read.published == ""


def test_without_any_other_year_that_of_the_meeting_is_better_than_none() -> None:
    titles = ["福安市总工会工作报告", "在2023年全市工会工作会议上"]
    assert infer_period(titles, "新建书屋八家。")[0] == Period(2023, 2023)


def test_two_months_below_a_title_are_its_years_and_no_day(tmp_path: Path) -> None:
    title, years = "福安市总工会规划中期评估报告", "（2021年1月—2023年12月）"
    text = f"{title}\n{years}\n评估小组  2024年4月\n\n2024年2月，市总工会评估了三年来的工作。\n"
    read = read_report(report(tmp_path, text))
    assert (read.title, read.subtitle, read.period) == (title, years, Period(2021, 2023))
    assert (read.published, read.delivered) == ("2024-04", "")


def test_a_heading_states_the_term() -> None:
    found, why = infer_period(
        ["工会五年回眸"], "五年来，会员增加，2026年再建一座。", headings=["一、答卷（2019年5月—2024年4月）"]
    )
    assert found == Period(2019, 2024)
    assert why.basis.startswith("小标题的")


@pytest.mark.parametrize(
    ("heading", "place", "organisation"),
    [
        ("奋楫扬帆谱写新篇\n\n——在星沅市工会第十次代表大会上的报告", "星沅市", "星沅市总工会"),
        ("竹海深处有个家\n\n——星沅县工会工作纪事（2019—2024）", "星沅县", "星沅县总工会"),
        ("星沅市2024年政府工作报告", "星沅市", "星沅市人民政府"),
        ("云岸镇工会2024年工作总结", "云岸镇", "云岸镇总工会"),
        ("云岸街道总工会2024年工作总结", "云岸街道", "云岸街道总工会"),
        ("2024年星沅市人民政府工作报告", "星沅市", "星沅市人民政府"),
        ("山沟里办起大食堂\n\n——江西星沅县总工会服务职工纪实", "星沅县", "星沅县总工会"),
        ("星沅工业园区总工会2024年工作报告", "星沅工业园区", "星沅工业园区总工会"),
        ("南屏市教育工会2024年工作报告", "南屏市", "南屏市教育工会"),
        ("沅川省建设工会第六次代表大会工作报告", "沅川省", "沅川省建设工会"),
        ("南屏市第二人民医院工会2024年工作报告", "南屏市", "南屏市第二人民医院工会"),
    ],
)
def test_a_division_that_no_table_lists_is_named_by_its_title(
    tmp_path: Path, heading: str, place: str, organisation: str
) -> None:
    read = read_report(
        report(tmp_path, f"{heading}\n\n五年来，全县工会新建驿站8座。福安市工会、县总工会都来学习。\n")
    )
    assert (read.place.name, read.organisation) == (place, organisation)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("老楼添新梯\n\n北屏区去年加装电梯18台。怀远路的住户说方便。北屏区还将再装9台。\n", "北屏区"),
        ("工会改革调研\n\n桐埠县有基层工会41家，工资由县财政统发。桐埠县今年再建3家。\n", "桐埠县"),
        ("把家建到茶山上\n\n茶农入会，全砚池县都一样。去年砚池县新建驿站8座，今年再建。\n", "砚池县"),
        ("三年小账本\n\n青槐街道总工会有会员1800人。三年来青槐街道新建驿站8座。\n", "青槐街道"),
        ("青岚县总工会工作总结\n\n去年新建驿站8座。\n", "青岚县"),
        ("前海合作区总工会工作总结\n\n去年新建驿站8座。\n", "前海合作区"),
        ("砚池县总工会工作总结\n\n去年是“十四五”收官之年，也是砚池县总工会成立七十周年。\n", "砚池县"),
        ("协和医院东院区工会工作总结\n\n去年新建驿站8座。\n", ""),
        ("墨溪科学城总工会工作总结\n\n去年新建驿站8座。\n", "墨溪科学城"),
        ("岚屿岛总工会工作总结\n\n去年新建驿站8座。\n", "岚屿岛"),
        ("北桥重工集团总工会工作总结\n\n去年新建驿站8座。\n", ""),
        ("全市总工会工作总结\n\n去年新建驿站8座。\n", ""),
        (
            "沅溪理工大学第八届教职工代表大会工作报告\n\n校工会组织教师到井冈山研修，井冈山之行很受欢迎。\n",
            "",
        ),
        ("工会工作总结\n\n桐乡市新建驿站80座。桐乡市濮院镇总工会新建8座。\n", "桐乡市"),
        ("食堂整改小结\n\n按照区里要求，十个贫困县的学员、四个片区的工友都来看过。\n", ""),
    ],
)
def test_a_division_that_no_table_lists_is_found_in_the_text(tmp_path: Path, text: str, place: str) -> None:
    assert read_report(report(tmp_path, text)).place.name == place


def test_a_body_whose_meeting_a_subtitle_names_wrote_the_report(tmp_path: Path) -> None:
    text = "把船造好\n——在昌屿船舶重工有限公司六届三次职工代表大会上的工会工作报告\n\n全年新建驿站八座。\n"
    assert read_report(report(tmp_path, text)).organisation == "昌屿船舶重工有限公司工会"


def test_the_name_of_the_file_says_whose_it_is_where_the_text_does_not(tmp_path: Path) -> None:
    text = "一年的账\n\n去年新建驿站8座，工会会员多了300人。\n"
    named = read_report(report(tmp_path, text, "海川重型机械集团工会2024年工作报告.txt"))
    assert named.organisation == "海川重型机械集团工会"
    assert read_report(report(tmp_path, text)).organisation == ""


def test_a_town_lies_in_the_divisions_right_before_its_name_and_what_is_counted_is_no_place(
    tmp_path: Path,
) -> None:
    text = "云岸镇工会2024年工作总结\n\n全年新建驿站8座。苏州市昆山市云岸镇总工会获评先进。\n"
    assert read_report(report(tmp_path, text)).place.parents == ("江苏省", "苏州市", "昆山市")
    assert read_report(report(tmp_path, "工作通报\n\n全年，四个片区工会新建驿站8座。\n")).place.name == ""


def test_the_lines_that_settle_a_doubt_name_what_the_report_speaks_of(tmp_path: Path) -> None:
    read = read_report(
        report(tmp_path, "工会工作\n\n安徽大学和江苏大学派人参加，合肥职工也来了。工会新建了驿站。\n")
    )
    first, *lines = suggested_lines(read)
    assert first == '["报告.txt"]'
    assert 'place = "安徽省合肥市"  # 或 安徽省、江苏省' in lines
    assert all("温州" not in line for line in lines)
    cited = replace(read, source=replace(read.source, name="某市/报告.txt"))  # beside others of its name
    assert suggested_lines(cited)[0] == first
    (tmp_path / "reports.toml").write_text("\n".join((first, *lines)), encoding="utf-8")
    assert read_report(tmp_path / "报告.txt").place == read.place


def test_overrides_have_the_last_word(tmp_path: Path) -> None:
    path = report(tmp_path, BODY)
    (tmp_path / "reports.toml").write_text(
        '["报告.txt"]\ntitle = "新标题"\nplace = "福建省福州市鼓楼区"\nperiod = [2013, 2018]\nsupersedes = "旧.txt"\n', encoding="utf-8"
    )  # fmt: skip
    read = read_report(path)
    assert read.title == "新标题"
    assert read.place == Place("鼓楼区", ("福建省", "福州市"), "district")
    assert read.period == Period(2013, 2018)
    assert {i.field: i.confidence for i in read.inferences}["period"] == 1.0
    assert load_overrides(tmp_path)["报告.txt"].supersedes == ("旧.txt",)
    assert read_report(path, {}).title != "新标题"


def test_a_place_that_is_set_says_whose_union_it_is(tmp_path: Path) -> None:
    path = report(tmp_path, "工作报告\n\n温州市总工会来信祝贺。鼓楼区总工会新建驿站8座。\n")
    (tmp_path / "reports.toml").write_text('["报告.txt"]\nplace = "福建省福州市鼓楼区"\n', encoding="utf-8")
    assert read_report(path).organisation == "鼓楼区总工会"


@pytest.mark.parametrize(
    ("toml", "advice"),
    [
        ('["a.txt"]\nplaces = "温州"\n', "不认识的键 places"),
        ('["a.txt"]\nperiod = "2018"\n', r"period = \[2018, 2023\]"),
        ('["a.txt"]\nperiod = [2023, 2018]\n', "写得不对"),
        ('["a.txt"]\ntitle = 3\n', 'title = "……"'),
        ('title = "温州"\n', "不在任何一节里"),
        ('["a.txt"\n', "不是合法的 TOML"),
        ('["a.txt"]\nsupersedes = [1]\n', "supersedes"),
    ],
)
def test_a_wrong_override_says_what_to_write(tmp_path: Path, toml: str, advice: str) -> None:
    (tmp_path / "reports.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(ReportError, match=advice):
        load_overrides(tmp_path)


def test_a_place_that_is_no_division_is_kept_as_written(tmp_path: Path) -> None:
    (tmp_path / "reports.toml").write_text('["a.txt"]\nplace = "滨海新工业园"\n', encoding="utf-8")
    assert load_overrides(tmp_path)["a.txt"].place == Place("滨海新工业园")


@pytest.mark.parametrize(
    ("date", "told", "expected"),
    [
        ("2024-01-15", "一年来，工作取得新进展。", (2023, 2023)),
        ("2024-12-28", "一年来，工作取得新进展。", (2024, 2024)),
        ("2024-03-08", "过去一年，工作取得新进展。今年将再建驿站20个。", (2023, 2023)),
        ("2024-07-05", "今年以来，工作取得新进展。", (2024, 2024)),
        ("2024-02-20", "去年，工作取得新进展。", (2023, 2023)),
        ("2024-01-15", "一年来，自2019年成立的服务中心不断改进。2024年，将再建驿站20个。", (2023, 2023)),
        ("2024-01-31", "一年来，工作取得新进展。2024年1月20日，召开了全委会。", (2023, 2023)),
        ("2024-06-18", "五年来，工作取得新进展。2019年换届以来，建家820个。", (2019, 2024)),
        ("2024-01-15", "五年来，工作取得新进展。2023年12月，会员达到8.2万人。", (2018, 2023)),
        ("2024-03-15", "自2022年列入试点以来，两年来新建驿站36个。2023年底建成12座。", (2022, 2023)),
    ],
)
def test_an_article_that_only_its_page_dates_is_of_the_years_that_it_tells_of(
    tmp_path: Path, date: str, told: str, expected: tuple[int, int]
) -> None:
    file = tmp_path / "a.txt"
    head = f"让职工的“娘家”更有温度\n\n来源：青石日报　发布时间：{date}　浏览：312次\n\n"
    file.write_text(f"{head}{told}\n\n全县建成职工驿站36个，参赛职工6200人次，职工书屋达到85家。\n", "utf-8")
    period = read_report(file).period
    assert period is not None and (period.start, period.end) == expected


def test_the_day_of_a_newspaper_page_plans_nothing_and_nobody_spoke_on_it(tmp_path: Path) -> None:
    text = "驿站的灯\n——宁德市总工会服务职工见闻\n（2024年4月29日 第3版）\n\n如今，宁德全市有驿站64间。去年，驿站接待了41.8万人次。\n"
    read = read_report(report(tmp_path, text))
    assert (read.published, read.delivered, read.speaker) == ("2024-04-29", "", "")
    assert {sentence.state for sentence in sentences_of(read) if "驿站" in sentence.text} == {"result"}


def test_the_time_to_find_new_divisions_grows_with_the_text() -> None:
    names = "".join(
        f"{a}{b}{kind}" for a in "桐澜砚沅岚汀" for b in "埠坪池岭浦溪" for kind in ("市", "县", "街道")
    )
    started = process_time()
    found = unlisted("工会工作", "", names * 200)
    assert len(found) <= MOST and process_time() - started < 10


def test_heads_in_many_forms(tmp_path: Path) -> None:
    """A hundred short reports by four writers, each in another form, half of them of places that no table lists."""
    told = {"title": list[bool](), "place": list[bool]()}
    with lzma.open(Path(__file__).with_name("heads.jsonl.xz"), "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            read = read_report(report(tmp_path, row["text"], row["name"]))
            titles = without_punctuation(f"{read.title}{read.subtitle}")
            told["title"].append(without_punctuation(row["title"]) in titles)
            name = "".join((*read.place.parents, read.place.name))
            told["place"].append(name.endswith(row["place"]) if row["place"] else not name)
    assert sum(told["title"]) >= 0.9 * len(told["title"])
    assert sum(told["place"]) >= 0.9 * len(told["place"])

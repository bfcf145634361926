"""A report as a whole: a line a section, in its order, of what was done; of what is planned only where that is asked."""

from __future__ import annotations

import pytest

from qa.answering.summary import LINES, ROOM, announced, overview_lines
from qa.answering.wording import wording_of
from qa.question.intents import asks_for_all
from tests.reports import Desk, assert_sound, report_of

REPORT = """# 南屿市总工会五年工作报告（2018—2023年）

## 一、过去五年的工作

### （一）技能竞赛

五年来，全市举办技能竞赛320场，参赛职工14万人次。竞赛的样子年年都有变化。

### （二）困难帮扶

送温暖走访困难职工8600户，发放慰问金2400万元。大家心里都是暖的。

### （三）阵地建设

建成“海风驿站”75个，户外劳动者就近歇脚。驿站里有热水和微波炉。

## 二、今后五年的打算

今后五年，计划新建职工疗休养基地12家。力争培训职工30万人次。
"""


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk.over(report_of(REPORT, "南屿.md", "苏州市", (2018, 2023)))


@pytest.mark.parametrize(
    "topic",
    ["工会主要工作", "介绍工会成绩", "综述报告", "接下来有什么打算", "最大的亮点是什么", "干得怎么样"],
)
def test_a_topic_without_a_subject_asks_for_all(topic: str) -> None:
    assert asks_for_all(topic)


@pytest.mark.parametrize(
    "topic",
    [
        "技能竞赛成绩",
        "介绍困难帮扶",
        "驿站主要工作",
        "哪四项行动",
        "“三送”有什么打算",
        "有哪些不足",
        "工会品牌有哪些",
        "有哪些单位",
    ],
)
def test_a_topic_with_a_subject_does_not(topic: str) -> None:
    assert not asks_for_all(topic)


def lines(desk: Desk, question: str) -> list[tuple[str, str]]:
    """Heading and words of each line."""
    (report,) = desk.index.reports
    found = overview_lines(question, report, wording_of(desk.index))
    return [(line.label or "", "".join(s.text for s in line.statements)) for line in found]


def test_every_section_is_stated_once_in_the_order_of_the_report(desk: Desk) -> None:
    told = lines(desk, "介绍工会五年成绩")
    assert [label for label, _ in told] == ["技能竞赛", "困难帮扶", "阵地建设"]
    for (_, words), best in zip(told, ("320场", "8600户", "75个"), strict=True):
        assert best in words, words
        assert len(words) <= ROOM


def test_what_is_planned_is_stated_only_where_plans_are_asked(desk: Desk) -> None:
    done, planned = lines(desk, "介绍工会五年成绩"), lines(desk, "今后五年有什么打算？")
    assert planned
    assert all("12家" in words or "30万人次" in words for _, words in planned), planned
    assert not any("12家" in words or "30万人次" in words for _, words in done)


def test_an_answer_is_cited_line_by_line_and_every_figure_of_it_stands(desk: Desk) -> None:
    answer = desk.ask("介绍苏州工会五年成绩")
    assert_sound(answer, desk)
    assert answer.outcome == "answered"
    assert [c.heading.rpartition(" / ")[2] for c in answer.citations] == [
        "（一）技能竞赛",
        "（二）困难帮扶",
        "（三）阵地建设",
    ]
    assert "12家" not in answer.text


def test_each_of_two_places_is_summarised_as_a_whole() -> None:
    other = REPORT.replace("南屿", "北屿").replace("320场", "410场")
    both = Desk.over(
        report_of(REPORT, "南屿.md", "苏州市", (2018, 2023)),
        report_of(other, "北屿.md", "泉州市", (2018, 2023)),
    )
    answer = both.ask_in_full("介绍苏州和泉州工会五年成绩")
    assert_sound(answer, both)
    first, second = answer.text.split("泉州（")
    assert "苏州（" in first and "320场" in first and "410场" in second, answer.text


def test_a_report_without_headings_is_summarised_paragraph_by_paragraph() -> None:
    text = (
        "# 年度报告\n\n全年举办职工讲堂26场，听课6100人次。\n\n帮助异地务工子女入学940名。\n\n"
        "化解欠薪纠纷37件，追回工资310万元。\n"
    )
    desk = Desk.over(report_of(text, "无题.md", "苏州市", (2022, 2022)))
    told = lines(desk, "介绍工会成绩")
    assert [label for label, _ in told] == ["", "", ""]
    for (_, words), figure in zip(told, ("26场", "940名", "37件"), strict=True):
        assert figure in words


def test_of_many_sections_those_that_tell_most_are_kept_in_order() -> None:
    sections = [f"## 第{n}章\n\n职工们在这里说了许多心里的话。" for n in "甲乙丙"]
    counted = [
        f"## 事项{n}\n\n全年办理实事{at + 20}件，惠及职工{at + 300}人。"
        for at, n in enumerate("子丑寅卯辰巳午未")
    ]
    report = report_of("# 报告\n\n" + "\n\n".join((*sections, *counted)) + "\n", years=(2022, 2022))
    desk = Desk.over(report)
    told = lines(desk, "介绍工会成绩")
    assert len(told) == LINES
    assert [label for label, _ in told] == [f"事项{n}" for n in "子丑寅卯辰巳午未"]


def test_a_report_that_holds_nothing_of_the_kind_gives_no_line() -> None:
    desk = Desk.over(report_of("# 年度报告\n\n全年举办职工讲堂26场，听课6100人次。\n", years=(2022, 2022)))
    assert lines(desk, "明年有什么打算和计划？") == []


def test_a_report_of_one_section_is_told_by_its_paragraphs_without_the_address_to_the_delegates() -> None:
    report = report_of(
        """# 2026年苏州市政府工作报告

各位代表：现在，我代表市人民政府向大会报告工作，请予审议。

## 一、2025年工作回顾

——产业提质升级。新增高新技术企业1200家，规上工业企业达到6300家。

——城乡面貌改善。改造老旧小区86个，新建道路420公里。

——民生持续改善。新增就业12万人，新建学校35所。

## 二、2026年重点工作

新增就业11万人。
""",
        "苏州.md",
        "苏州市",
        (2025, 2025),
    )
    told = lines(Desk.over(report), "介绍2025年成绩")
    assert [label for label, _ in told] == ["产业提质升级", "城乡面貌改善", "民生持续改善"]
    assert [words[:6] for _, words in told] == ["新增高新技术", "改造老旧小区", "新增就业12"]


@pytest.mark.parametrize("heading", ["“三种精神”广泛弘扬", "2家工人文化宫"])
def test_a_heading_that_no_quote_would_prove_is_not_shown_and_its_line_stays(heading: str) -> None:
    own = Desk.over(report_of(REPORT.replace("（二）困难帮扶", heading), "南屿.md", "苏州市", (2018, 2023)))
    answer = own.ask("介绍苏州工会五年成绩")
    assert_sound(answer, own)
    assert "8600户" in answer.text and heading not in answer.text


PARTS = """# 南屿市总工会五年工作报告（2018—2023年）

## 一、过去五年的工作

全市举办技能竞赛320场，参赛职工14万人次。在深水港区建成“海风驿站”75个。评选“海风工匠”12名、“海风班组”9个。

## 二、存在的主要问题

一是港区流动职工入会不多。二是夜间送餐职工歇脚仍不方便。三是乡镇工会干部变动快。

## 三、今后五年的工作

总体目标是：会员达到40万人，“海风驿站”达到120个，职工书屋达到60家。计划新建职工疗休养基地12家。
"""


@pytest.fixture(scope="module")
def parts() -> Desk:
    return Desk.over(report_of(PARTS, "南屿.md", "苏州市", (2018, 2023)))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("苏州工会存在的主要问题有哪些？", ["流动职工", "歇脚", "变动快"]),
        ("苏州工会存在哪些问题？", ["流动职工", "歇脚", "变动快"]),
        ("苏州工会今后五年的总体目标是什么？", ["40万人", "120个", "60家"]),
        ("给我归纳下苏州工会目前问题方面的情况和数据", ["流动职工", "歇脚", "变动快"]),
    ],
)
def test_a_part_that_its_heading_or_its_first_clause_announces_is_told_whole(
    question: str, told: list[str], parts: Desk
) -> None:
    answer = parts.ask(question)
    assert_sound(answer, parts)
    assert not answer.abstained and all(words in answer.text for words in told), answer.text
    assert "320场" not in answer.text


@pytest.mark.parametrize(
    ("topic", "told"),
    [
        ("会员", ""),  # 聚焦普惠服务 is only like it
        ("书屋有多少", ""),  # an indicator and its figure announce nothing
        ("重点", "抓好驿站管理。"),  # of two announcements the one that something stands under
        ("问题", "一是会员不多。"),  # in paragraphs behind the colon
        ("组织服务情况", ""),  # what is right before a subject belongs to it
    ],
)
def test_an_announcement_has_the_words_of_the_topic_and_something_under_it(topic: str, told: str) -> None:
    text = (
        "## 一、聚焦普惠服务\n\n发放助学金40万元。\n\n职工书屋：57家\n\n## 二、重点工作\n\n"
        "## 三、重点工作回顾\n\n抓好驿站管理。\n\n主要问题：\n\n一是会员不多。\n"
    )
    report = report_of(f"# 南屿市总工会工作报告\n\n{text}", "南屿.md", "苏州市", (2023, 2023))
    _, part = announced("", topic, report, wording_of(Desk.over(report).index))
    assert (part[0].text if part else "") == told


def test_the_announcement_is_the_one_that_holds_most_of_the_topic(parts: Desk) -> None:
    (report,) = parts.index.reports
    wording = wording_of(parts.index)
    subject, told = announced("存在哪些问题", "存在哪些问题", report, wording)
    assert "问题" in subject and [one.text[:2] for one in told] == ["一是", "二是", "三是"]
    assert announced("海风工匠", "海风工匠", report, wording) == ("", [])
    assert announced("有哪些", "有哪些", report, wording) == ("", [])


def test_a_name_of_nothing_in_particular_is_answered_with_no_overview(parts: Desk) -> None:
    answer = parts.ask("苏州那个叫啥？")
    assert answer.abstained or "320场" not in answer.text, answer.text


@pytest.mark.parametrize("question", ["苏州工会接下来有哪些安排", "苏州工会下一步打算怎么干"])
def test_what_comes_next_is_an_overview_of_plans(desk: Desk, question: str) -> None:
    told = desk.ask_in_full(question)
    assert not told.abstained and "疗休养基地12家" in told.text and "320场" not in told.text, told.text

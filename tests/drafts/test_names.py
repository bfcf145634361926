"""Names that the report has otherwise, and other ways to say the same."""

import pytest

from qa.drafts import check_report, statements_in_context
from qa.drafts.deeds import FEATURES, exchanges
from qa.drafts.draft import draft_of
from qa.drafts.judging import DraftItem
from qa.drafts.ranking import Register, register_of
from qa.ledger import Ledger
from qa.ledger.build import figures_of
from qa.reading import read_report
from qa.text.units import sentences_of

TEXT = """# 青溪市2025年工作报告

## 一、2025年工作回顾

2025年3月，市总工会联合市委宣传部推出“炉边夜话”宣讲，职工合唱团在全省职工文化节上夺得亚军。

承办了全省焊工职业技能竞赛，城东区柳湾村的职工之家获评省级模范职工小家，由何嘉木带队的班组叫响全市。

对口帮扶西岭县总工会，地铁2号线北段的建设工地建起流动驿站。
"""
OTHER = """# 白石工业园区工会联合会2025年工作报告

## 一、2025年工作回顾

白石工业园区建成职工驿站12家，职工人均培训40课时。
"""
HEAD = "青溪市2025年工作\n\n"


def register_with(folder: pytest.TempPathFactory, *texts: str) -> Register:
    reports = []
    for number, text in enumerate(texts):
        path = folder.mktemp("reports") / f"{number}.md"
        path.write_text(text, "utf-8")
        reports.append(read_report(path))
    figures = (figure for report in reports for figure in figures_of(report, sentences_of(report)))
    return register_of(tuple(reports), Ledger(tuple(reports), figures))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Register:
    return register_with(tmp_path_factory, TEXT, OTHER)


def misnamed(register: Register, draft: str) -> dict[str, DraftItem]:
    items = check_report(draft_of(HEAD + draft), register).items
    return {item.text: item for item in items if item.verdict == "wrong_name"}


@pytest.mark.parametrize(
    ("sentence", "text", "right"),
    [
        ("市总工会与市委组织部一道推出“炉边夜话”宣讲。", "组织部", "宣传部"),
        ("职工合唱团在全省职工文化节上夺得冠军。", "冠军", "亚军"),
        ("对口帮扶的东岭县总工会来信致谢。", "东岭", "西岭"),
    ],
)
def test_another_name_is_marked_with_the_right_one(
    own: Register, sentence: str, text: str, right: str
) -> None:
    item = misnamed(own, sentence)[text]
    assert item.right == right
    assert item.quote


@pytest.mark.parametrize(
    "sentence",
    [
        "市总工会携手市委宣传部开讲“炉边夜话”。",
        "全省焊工职业技能竞赛在青溪举办。",
        "地铁2号线北段工地有了流动驿站。",
        "对口支援西岭县总工会。",
    ],
)
def test_another_way_to_say_it_is_no_other_name(own: Register, sentence: str) -> None:
    assert misnamed(own, sentence) == {}


def test_what_the_report_prints_is_right_though_it_is_no_name_there(own: Register) -> None:
    assert misnamed(own, "“炉边夜话”获好评，柳湾村的职工之家获评省级模范职工小家。") == {}


def test_every_feature_has_its_value(own: Register) -> None:
    clauses = own.clauses
    found = [
        each
        for one in clauses.statements
        for other in clauses.statements
        for each in exchanges(one, other, 1.0, own)
    ]
    assert {len(each.values) for each in found} == {len(FEATURES)}
    assert all(0 < each.chance < 1 for each in found)


def test_a_place_that_no_list_has_is_one_where_it_has_a_report(own: Register) -> None:
    draft = "青溪市2025年工作\n\n市总工会推出宣讲。白石工业园区建成职工驿站12家，职工人均培训40课时。"
    verdicts = {item.text: item.verdict for item in check_report(draft_of(draft), own).items}
    assert verdicts["12家"] == verdicts["40课时"] == "agrees"


def test_a_place_in_full_is_no_other_name(tmp_path_factory: pytest.TempPathFactory) -> None:
    text = "# 温州市2025年工作报告\n\n## 一、回顾\n\n乐清在镇街园区深化产改走在前列，瑞安华峰等3家企业入选优秀案例。\n"
    register = register_with(tmp_path_factory, text)
    stated = register.clauses.statements[0]
    compared = set()
    for place in ("乐清市", "平阳县"):
        draft = draft_of(f"温州市2025年工作\n\n{place}在镇街园区推进产改。")
        deed, _ = statements_in_context(draft, register)[1][-1]
        compared |= {each.said for each in exchanges(deed, stated, 3.0, register)}
    assert "乐清市" not in compared
    assert "平阳县" in compared


def test_a_mark_in_ascii_ends_a_rank_and_the_name_of_an_award(own: Register) -> None:
    marks = check_report(draft_of(HEAD + "考核排名第三,获评省级劳模,其余不变;"), own).items
    assert [item.text for item in marks][1:] == ["第三", "省级劳模"]


def test_a_clause_as_printed_has_no_other_name(own: Register) -> None:
    assert misnamed(own, "地铁2号线北段的建设工地建起流动驿站。对口帮扶西岭县总工会。") == {}
    marks = check_report(draft_of(HEAD + "荣获—————。"), own).items
    assert [item.verdict for item in marks if item.text == "—————"] == ["not_in_reports"]


def test_the_place_itself_is_no_other_name_than_the_whole_of_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    text = "# 温州市总工会2018—2023年工作报告\n\n五年来，全市工会改革动员部署会召开，全市工运事业取得新的进展。\n"
    register = register_with(tmp_path_factory, text)
    draft = draft_of(
        "温州市总工会2018—2023年工作\n\n五年来，温州市工会改革动员部署会召开，温州市工运事业取得新的进展。"
    )
    assert not [each.text for each in check_report(draft, register).items if each.verdict == "wrong_name"]


def test_the_title_of_a_report_is_what_it_says_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    text = "# 在青溪市工会第九次代表大会上的报告\n\n## 一、五年工作回顾\n\n第八次代表大会以来，建成职工驿站12家。\n"
    found = check_report(
        draft_of("青溪市工会第九次代表大会开幕。"), register_with(tmp_path_factory, text)
    ).items
    assert [(item.text, item.verdict, item.quote) for item in found] == [
        ("第九次", "agrees", "在青溪市工会第九次代表大会上的报告")
    ]


HONOURS = "潜水厂荣获全国厂务公开先进单位。该厂工会还于当年获评全国先进职工之家。船务集团获得全国五一劳动奖状，其所属的一个班组荣获全国工人先锋号。"


@pytest.mark.parametrize(
    ("said", "verdicts"),
    [
        ("潜水厂获评全国先进职工之家。", ["agrees"]),
        ("船务集团所属班组荣获全国工人先锋号。", ["agrees"]),
        ("船务集团获全国五一劳动奖状。", ["agrees"]),
        ("潜水厂正在争创全国五一劳动奖状。", []),
    ],
)
def test_an_honour_is_not_held_to_whom_the_report_names_right_before_it(
    tmp_path_factory: pytest.TempPathFactory, said: str, verdicts: list[str]
) -> None:
    register = register_with(tmp_path_factory, HONOURS)
    found = check_report(draft_of(HEAD + said), register).items
    assert [item.verdict for item in found if item.text.startswith("全国")] == verdicts

"""Figures of one item given to another, changes turned round, deeds told of another part of the place, drafts about plans."""

from pathlib import Path

import pytest

from qa.drafts import check_report
from qa.drafts.draft import draft_of
from qa.drafts.judging import GOOD, DraftItem
from qa.drafts.ranking import Register, register_of
from qa.ledger import Ledger
from qa.ledger.build import figures_of
from qa.reading import read_report
from qa.text.units import sentences_of

TEXT = """# 泉州市2025年工作报告

## 一、2025年工作回顾

督促17家分公司立查立改，11家分公司建立了采购台账。年初看望过年不回家的工人1520人，送去慰问品30.89万元。

全年粮食总产871.6万吨，产量居全省第4位。工业增加值增速居全省第7位。

七八月份给露天作业的工人发了129.4万元。产值增长7.5%，货运量下降3.5%。退休补贴提高到每人每月200元。

居民收入从2.7万元增长到3.6万元，惠安在全省率先办起夜校。

全市运动会上，队员拿到9枚金牌、5枚银牌、6枚铜牌。牛羊存栏分别增长5.2%、1.9%。

## 二、2026年工作安排

2026年新建夜校15所，改造老旧厂房600间。
"""
STATIONS = "全市338家工会驿站，89个妈妈小屋，28个医生休息室、46个共享职工之家联合构筑起联系广泛的工会阵地。"
HEAD = "泉州市2025年工作\n\n"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Register:
    path = tmp_path_factory.mktemp("reports") / "quanzhou.md"
    path.write_text(TEXT, "utf-8")
    report = read_report(path)
    return register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))


def register_with(tmp_path_factory: pytest.TempPathFactory, told: str) -> Register:
    path = tmp_path_factory.mktemp("reports") / "quanzhou.md"
    path.write_text(f"# 泉州市2025年工作报告\n\n## 一、2025年工作回顾\n\n{told}\n", "utf-8")
    report = read_report(path)
    return register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))


def judged(register: Register, draft: str) -> dict[str, DraftItem]:
    return {item.text: item for item in check_report(draft_of(draft), register).items}


@pytest.mark.parametrize(
    ("sentence", "text", "right"),
    [
        ("17家分公司建立了采购台账，11家立查立改。", "17家", "11家"),
        ("17家分公司建立了采购台账。", "17家", "11家"),
        # in two paragraphs of the report
        ("过年不回家的工人收到129.4万元慰问品，露天作业的工人拿到30.89万元。", "129.4万元", "30.89万元"),
        ("粮食总产871.6万吨，居全省第7位。", "第7位", "第4位"),
        ("惠安在全国率先办起夜校。", "全国率先", "全省率先"),
        # one character alone tells which is meant
        ("队员在全市运动会上拿下9枚金牌、6枚银牌、5枚铜牌。", "6枚", "5枚"),
        ("队员在全市运动会上拿下9枚金牌、6枚银牌、5枚铜牌。", "5枚", "6枚"),
    ],
)
def test_a_figure_or_rank_of_another_item_is_wrong(
    own: Register, sentence: str, text: str, right: str
) -> None:
    found = judged(own, HEAD + sentence)[text]
    assert (found.verdict, found.right) == ("differs", right)


@pytest.mark.parametrize(
    "sentence",
    [
        "17家分公司立查立改，11家建立了采购台账。",
        "粮食总产871.6万吨，居全省第4位；工业增加值增速居第7位。",
        "居民收入涨到3.6万元。",
        "货运量下降3.5%，产值增长7.5%。",
        "退休补贴提高至每月200元。",
        "退休补贴最高每月200元。",
        "队员在全市运动会上拿下6枚铜牌、5枚银牌、9枚金牌。",
        "羊、牛存栏分别增长1.9%、5.2%。",
    ],
)
def test_what_is_told_in_other_words_and_another_order_agrees(own: Register, sentence: str) -> None:
    verdicts = {item.verdict for text, item in judged(own, HEAD + sentence).items() if text != "2025年"}
    assert verdicts
    assert verdicts <= {"agrees", "agrees_otherwise"}


@pytest.mark.parametrize(
    ("sentence", "text"), [("货运量增长3.5%。", "3.5%"), ("退休补贴提高200元。", "200元")]
)
def test_up_is_not_down_and_to_a_figure_is_not_by_it(own: Register, sentence: str, text: str) -> None:
    assert judged(own, HEAD + sentence)[text].verdict not in GOOD


def test_what_became_another_figure_is_of_another_time(own: Register) -> None:
    found = judged(own, HEAD + "居民收入达到2.7万元。")["2.7万元"]
    assert found.verdict not in GOOD
    assert found.right == "3.6万元"
    assert judged(own, HEAD + "居民收入由2.7万元涨到3.6万元。")["2.7万元"].verdict == "agrees"


def test_a_change_turned_round_differs(own: Register) -> None:
    found = judged(own, HEAD + "居民收入由3.6万元降到2.7万元。")
    assert [(found[text].verdict, found[text].right) for text in ("3.6万元", "2.7万元")] == [
        ("differs", "居民收入从2.7万元增长到3.6万元，"),
    ] * 2


def test_two_changes_of_one_sentence_are_not_taken_for_each_other(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    told = "驿站由20家增至30家，夜校由30个减至20个。城区职工由3万人增至5万人，乡镇职工由5万人减至3万人。"
    assert {item.verdict for item in judged(register_with(tmp_path_factory, told), HEAD + told).values()} == {
        "agrees"
    }


def test_words_before_both_figures_of_a_list_are_of_both(tmp_path_factory: pytest.TempPathFactory) -> None:
    told = "完成货运2.6亿吨、箱运813万箱，同比分别增长5.2%和9.7%。"
    found = judged(register_with(tmp_path_factory, told), HEAD + "箱运813万箱，增长9.7%。")
    assert found["9.7%"].verdict == "agrees"


def test_a_figure_is_of_the_year_that_its_own_clause_names(tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = "| 项目 | 2024年 | 2025年 |\n|---|---|---|\n| 技能培训（人次） | 9850 | 14320 |"
    found = judged(
        register_with(tmp_path_factory, rows), "2024年泉州技能培训才9850人次，2025年就有14320人次。"
    )
    assert (found["9850人次"].verdict, found["14320人次"].verdict) == ("agrees", "agrees")
    wrong = judged(register_with(tmp_path_factory, rows), "2025年泉州技能培训达到9850人次。")["9850人次"]
    assert (wrong.verdict, wrong.right) == ("other_term", "14320人次")


def test_a_name_in_plans_is_of_the_years_that_they_are_for(tmp_path_factory: pytest.TempPathFactory) -> None:
    told = "全年办夜校3所。\n\n## 二、2026年工作安排\n\n2026年新建“老厂房”夜校15所。"
    found = judged(register_with(tmp_path_factory, told), HEAD + "2026年泉州要建成“老厂房”夜校15所。")
    assert {found["老厂房"].verdict, found["15所"].verdict} == {"agrees"}


@pytest.mark.parametrize(
    "said",
    [
        "泉州市2025年工作\n\n培训14320人次（2024年9850人次），办夜校30所。",
        "| 项目 | 2024年 | 2025年 |\n|---|---|---|\n| 培训（人次） | 9850 | 14320 |",
    ],
)
def test_a_year_in_brackets_or_above_a_column_is_that_of_its_own_figure(
    tmp_path_factory: pytest.TempPathFactory, said: str
) -> None:
    rows = (
        "| 项目 | 2024年 | 2025年 |\n|---|---|---|\n| 培训（人次） | 9850 | 14320 |\n| 夜校（所） | 20 | 30 |"
    )
    found = judged(register_with(tmp_path_factory, rows), said).values()
    assert {i.verdict for i in found} <= {"agrees", "agrees_otherwise"}
    assert len(found) > 2


def test_what_is_over_a_figure_is_over_less(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = judged(register_with(tmp_path_factory, "宣讲5120余场。"), HEAD + "宣讲五千一百多场。")
    assert found["五千一百多场"].verdict == "agrees_otherwise"
    wrong = judged(register_with(tmp_path_factory, "宣讲5120余场。"), HEAD + "宣讲五千三百多场。")
    assert wrong["五千三百多场"].verdict == "differs"


def test_what_leads_up_to_two_figures_is_of_both(tmp_path_factory: pytest.TempPathFactory) -> None:
    told = "开春的返工专列从武陵山区开出，工会干部随车服务，一趟车上车718人、办卡406人。"
    found = judged(register_with(tmp_path_factory, told), HEAD + "武陵山区那趟返工专列，406人拿了卡。")
    assert found["406人"].verdict == "agrees"


def test_a_deed_of_another_part_of_the_place(own: Register) -> None:
    assert judged(own, HEAD + "安溪在全省率先办起夜校。")["安溪"].right == "惠安"
    assert "安溪" not in judged(own, HEAD + "安溪也办起夜校，惠安则在全省率先办起夜校。")
    assert "惠安" not in judged(own, HEAD + "惠安在全省率先办起夜校。")


def test_the_day_of_a_speech_is_not_the_year_that_it_is_about(own: Register) -> None:
    head = "泉州市政府2026年1月20日的报告\n\n"
    assert judged(own, head + "去年货运量下降3.5%。")["3.5%"].verdict == "agrees"
    assert judged(own, head + "2026年新建夜校15所。")["15所"].verdict == "agrees"


def test_a_draft_on_the_planned_year_may_state_plans(own: Register) -> None:
    head = "泉州市2026年怎么干\n\n"
    assert judged(own, head + "新建夜校15所。")["15所"].verdict == "agrees"
    assert judged(own, HEAD + "明年新建夜校15所。")["15所"].verdict == "agrees"
    assert judged(own, head + "已经新建夜校15所。")["15所"].verdict == "plan_for_result"


def test_what_a_figure_was_before_may_be_of_the_term_before(register: Register) -> None:
    draft = "温州市总工会2018—2023年工作汇报\n\n法律援助由3943件增至1.45万件。"
    assert [item.verdict for text, item in judged(register, draft).items() if text.endswith("件")] == [
        "agrees"
    ] * 2


def test_a_level_in_a_pasted_table_is_marked_where_it_stands_or_not_at_all(own: Register) -> None:
    draft = HEAD + "项目\t省级文明班组\t全国模范之家\n数量\t8个\t3个"
    items = check_report(draft_of(draft), own).items
    assert items
    assert all(draft[item.start : item.end] == item.text for item in items)


def test_what_agrees_stays_where_two_beside_it_are_exchanged(tmp_path: Path) -> None:
    path = tmp_path / "quanzhou.md"
    path.write_text(f"# 泉州市2025年工作报告\n\n{STATIONS}\n", "utf-8")
    report = read_report(path)
    register = register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))
    items = judged(register, f"{HEAD}全市有工会驿站338家、妈妈小屋89个、医生休息室46个、共享职工之家28个。")
    assert {text: item.verdict for text, item in items.items() if text[0].isdigit() and item.quote} == {
        "338家": "agrees", "89个": "agrees", "46个": "differs", "28个": "differs",
    }  # fmt: skip


LISTED = "入会的船员1035人、养殖工812人、养殖船司机640人、冷链车司机431人。职代会征集提案237件，立案86件。全年调处劳动争议217起，调解成功189起。轮训船员8万人次，其中东港轮训2万人次，西港轮训3万人次。"


@pytest.mark.parametrize(
    ("said", "text", "right"),
    [
        ("入会的船员1035人、养殖船司机431人。", "431人", "640人"),
        ("职代会提案立案237件。", "237件", "86件"),
        ("全年调解成功劳动争议217起。", "217起", "189起"),
        ("轮训船员2万人次。", "2万人次", "8万人次"),
        ("东港轮训船员2万人次。", "2万人次", None),
        ("入会的船员1035人、冷链车司机431人。", "431人", None),
        ("职代会收到提案237件，其中立案86件。", "237件", None),
        ("全年劳动争议调处217起，成功调解189起。", "217起", None),
    ],
)
def test_a_figure_behind_all_words_of_another_one_is_the_others(
    tmp_path_factory: pytest.TempPathFactory, said: str, text: str, right: str | None
) -> None:
    found = judged(register_with(tmp_path_factory, LISTED), HEAD + said)[text]
    assert (found.verdict, found.right) == ("differs" if right else "agrees", right)


def test_a_part_is_held_to_its_part_and_what_something_was_to_nothing_that_it_became(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    told = "渔工创新工作室增至34个，其中省级5个、市级13个、集团级16个。"
    said = "渔工创新工作室由27个增至34个，其中省级5个、市级16个。"
    found = judged(register_with(tmp_path_factory, told), HEAD + said)
    assert (found["16个"].verdict, found["16个"].right) == ("differs", "13个")
    assert found["27个"].verdict not in GOOD

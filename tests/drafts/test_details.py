"""Details of drafts: ranks, weights, the day of the speech, a neighbour's figure, and names that only look like a county's."""

from pathlib import Path

import pytest

from qa.drafts import check_report
from qa.drafts.draft import draft_of
from qa.drafts.judging import DraftItem
from qa.drafts.ranking import Register, register_of
from qa.ledger import Ledger
from qa.ledger.build import figures_of
from qa.reading import read_report
from qa.text.units import sentences_of
from qa.types import Report
from tests.reports import report_of

HEAD = "江西省2025年工作回顾\n\n"
SPEECH = """2026年江西省政府工作报告
——2026年1月27日在江西省第十四届人民代表大会第四次会议上
省长 李某某

各位代表：

现在，我代表省人民政府，向大会报告工作，请予审议。

一、2025年工作回顾

2025年，全省粮食总产440亿斤，居全国第13位。招收新会员12人，其中女会员5人。全年生产钾肥757.5万吨、增长1.1%，生产碳酸锂16.9万吨、增长25.3%。秋收机收损失率降到3.2%。机场旅客突破800万人次，新建温室6000栋。
"""


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    path: Path = tmp_path_factory.mktemp("reports") / "江西省2026.txt"
    path.write_text(SPEECH, "utf-8")
    return register_over(read_report(path))


def register_over(report: Report) -> Register:
    return register_of((report,), Ledger((report,), figures_of(report, sentences_of(report))))


def item(register: Register, sentence: str, text: str) -> DraftItem:
    found = check_report(draft_of(HEAD + sentence), register).items
    return next(each for each in found if each.text == text)


@pytest.mark.parametrize(
    ("sentence", "text", "verdict"),
    [
        ("粮食总产量列全国第13位。", "第13位", "agrees"),
        ("粮食总产量列全国第十三位。", "第十三位", "agrees_otherwise"),
        ("粮食总产量居全国第十三。", "第十三", "agrees_otherwise"),
        ("粮食总产量列全国第12位。", "第12位", "differs"),
        ("粮食总产量列中部第13位。", "第13位", "not_in_reports"),
        ("粮食总产量列全国第1十3位。", "第1十3位", "differs"),
        ("粮食总产量440亿斤。", "440亿斤", "agrees"),
        ("粮食总产量220亿公斤。", "220亿公斤", "agrees_otherwise"),
        ("粮食总产量2200万吨。", "2200万吨", "agrees_otherwise"),
        ("粮食总产量440亿公斤。", "440亿公斤", "differs"),
        ("全年生产碳酸锂16.9万吨、增长1.1%。", "1.1%", "differs"),
        ("机场旅客800万人次。", "800万人次", "differs"),
        ("新建温室6000栋。", "6000栋", "agrees"),
        ("新建温室6000户。", "6000户", "differs"),
        ("全年生产碳酸锂16.9万吨、增长25.3%。", "25.3%", "agrees"),
    ],
)
def test_ranks_weights_and_neighbours(register: Register, sentence: str, text: str, verdict: str) -> None:
    assert item(register, sentence, text).verdict == verdict


def test_the_day_of_the_speech_is_found_in_the_head_of_the_report(register: Register) -> None:
    found = item(register, "省长在1月27日召开的省第十四届人民代表大会第四次会议上作政府工作报告。", "1月27日")
    assert found.verdict == "agrees" and found.quote is not None and "2026年1月27日" in found.quote
    (report,) = register.reports.values()
    assert "".join(report.source.text[a:b] for a, b in found.spans) == found.quote
    session = item(register, "省第十四届人民代表大会第五次会议上作的政府工作报告。", "第五次")
    assert (session.verdict, session.right) == ("wrong_name", "第四次")


def test_a_plain_is_no_county(register: Register) -> None:
    assert item(register, "三江平原上秋收机收损失率降到3.2%。", "3.2%").verdict == "agrees"
    assert item(register, "三江侗族自治县秋收机收损失率降到3.2%。", "3.2%").verdict == "other_place"


def checked_against(report: str, draft: str) -> dict[str, str]:
    """Return the verdict of each item of a draft of one line against a report of 宁波 of 2018–2023, with plans."""
    return {text: each.verdict for text, each in items_against(report, draft).items()}


def items_against(report: str, draft: str, years: tuple[int, int] = (2018, 2023)) -> dict[str, DraftItem]:
    """Return each item of such a draft by its text, of a report of these years."""
    read = report_of(report, "甲.md", "浙江省宁波市", years)
    register = register_of((read,), Ledger((read,), figures_of(read, sentences_of(read))))
    return {each.text: each for each in check_report(draft_of(draft), register).items}


ROADS = "硬化村道3.4公里，改良茶园60公顷，工资不低于最低标准的120%，资助学生139名，车间温度下降6摄氏度。建会率由年初的71.3%升至88.6%，在线课堂听众由2019年底的5.1万人增至19.8万人。"


@pytest.mark.parametrize(
    ("said", "text", "verdict"),
    [
        ("硬化村道3400米。", "3400米", "agrees_otherwise"),
        ("硬化村道6.8里。", "6.8里", "agrees_otherwise"),
        ("硬化村道3.4里。", "3.4里", "differs"),
        ("改良茶园900亩。", "900亩", "agrees_otherwise"),
        ("改良茶园60亩。", "60亩", "differs"),
        ("工资不低于最低标准的1.2倍。", "1.2倍", "agrees_otherwise"),
        ("工资不低于最低标准的12倍。", "12倍", "differs"),
        ("资助学生不到140名。", "不到140名", "agrees_otherwise"),
        ("资助学生不到130名。", "不到130名", "differs"),
        ("车间温度下降6℃。", "6℃", "agrees_otherwise"),
        ("车间温度下降6%。", "6%", "differs"),
        ("建会率为71.3%。", "71.3%", "other_term"),
        ("建会率年初为71.3%。", "71.3%", "agrees"),
        ("建会率达到88.6%。", "88.6%", "agrees"),
        ("2019年，在线课堂听众为5.1万人。", "5.1万人", "agrees"),
        ("在线课堂听众为5.1万人。", "5.1万人", "other_term"),
    ],
)
def test_measures_in_other_units_and_what_a_figure_was_before(said: str, text: str, verdict: str) -> None:
    assert checked_against(ROADS, f"2018—2023年，宁波市{said}")[text] == verdict


def test_so_many_times_of_what_it_was_is_not_so_much_more() -> None:
    draft = "宁波市2018—2023年工作汇报\n\n工会{}。"
    for said, verdict in (("收入增长了1.2倍", "agrees_otherwise"), ("收入是上届的1.2倍", "differs")):
        assert checked_against("工会收入增长120%。", draft.format(said))["1.2倍"] == verdict


PLANS = "全市建成骑手驿站212处，粮食产量突破30万吨。\n\n下一步，骑手驿站达到400处以上，粮食产量30万吨以上。"


@pytest.mark.parametrize(
    ("said", "text", "verdict"),
    [
        ("全市建成骑手驿站400处以上。", "400处以上", "plan_for_result"),
        ("下一步，骑手驿站要达到400处以上。", "400处以上", "agrees"),
        ("全市粮食产量30万吨以上。", "30万吨以上", "agrees_otherwise"),  # planned, and done
    ],
)
def test_a_figure_of_the_plans_is_told_from_a_wrong_one(said: str, text: str, verdict: str) -> None:
    assert checked_against(PLANS, f"宁波市2018—2023年工作汇报\n\n{said}")[text] == verdict


@pytest.mark.parametrize(
    ("said", "verdict"),
    [("首届工匠大会", "otherwise"), ("第一届工匠大会", "otherwise"), ("首届渔歌艺术节", "unknown")],
)
def test_a_first_occasion_is_looked_for_by_what_it_is(said: str, verdict: str) -> None:
    found = checked_against(
        "五年来举办了首届“工匠大会”。", f"宁波市2018—2023年工作汇报\n\n五年来举办了{said}。"
    )
    expected = {"otherwise": ("agrees", "agrees_otherwise"), "unknown": ("not_in_reports",)}[verdict]
    assert next(v for text, v in found.items() if "届" in text) in expected


def test_the_first_time_is_no_occasion() -> None:
    found = checked_against("会员首次超过10万人。", "宁波市2018—2023年工作汇报\n\n会员首次超过10万人。")
    assert "首次" not in found and found["超过10万人"] == "agrees"


@pytest.mark.parametrize(
    ("printed", "said", "verdict"),
    [
        ("西部地区首个", "西部首个", "agrees_otherwise"),
        ("西部首个", "西部地区首个", "agrees_otherwise"),
        ("全球首个", "世界首个", "agrees_otherwise"),
        ("东部首个", "西部首个", "differs"),
    ],
)
def test_among_whom_something_is_the_first_may_be_worded_otherwise(
    printed: str, said: str, verdict: str
) -> None:
    draft = f"宁波市2018—2023年工作汇报\n\n{said}会馆建成。"
    assert checked_against(f"{printed}会馆建成。", draft)[said] == verdict


def test_who_helps_a_place_does_not_become_the_place() -> None:
    report = "杭州、绍兴结对帮扶，投入援助资金161.15亿元。"
    draft = "宁波市2018—2023年工作汇报\n\n杭州、绍兴倾力帮扶，投入援助资金161亿元左右。"
    assert checked_against(report, draft)["161亿元左右"] == "agrees_otherwise"


def test_tenths_with_hundredths_are_a_share() -> None:
    assert (
        checked_against("自来水普及率达到95%。", "宁波市汇报\n\n自来水普及率达到九成五。")["九成五"]
        == "agrees_otherwise"
    )


def test_what_the_report_has_instead_is_of_the_same_name() -> None:
    text = (
        "# 昆山市总工会2023年工作报告\n\n全区现有职工之家160个、职工书屋50个、妈咪小屋90个、爱心驿家14个。\n"
    )
    register = register_over(report_of(text, "昆山.md", "昆山市", (2023, 2023)))
    found = check_report(draft_of("昆山市2023年现有职工书屋90个。"), register).items
    assert [(one.verdict, one.right) for one in found if one.text == "90个"] == [("differs", "50个")]


def test_what_the_report_has_instead_is_no_other_thing_that_grew_too() -> None:
    text = "# 昆山市2023年政府工作报告\n\n外贸进出口增长2.3%，丝绸、陶瓷、茶具出口分别增长104.6%、43.1%、52.8%。\n"
    register = register_over(report_of(text, "昆山.md", "昆山市", (2023, 2023)))
    found = check_report(draft_of("昆山市2023年丝绸出口增长114.6%。"), register).items
    assert [(one.verdict, one.right) for one in found if one.text == "114.6%"] == [("differs", "104.6%")]


@pytest.mark.parametrize(
    ("said", "text", "verdict"),
    [
        ("千人负伤率降到0.31%。", "0.31%", "differs"),
        ("海员夜校开了9所，占考核分值。", "9所", "not_in_reports"),
        ("新建海员书屋130。", "130", "differs"),
        ("调解渔事纠纷1200件，比2021年多300件。", "300件", "not_in_reports"),
    ],
)
def test_a_figure_is_held_to_what_can_be_of_its_measure(said: str, text: str, verdict: str) -> None:
    report = "千人负伤率由0.82‰下降到0.31‰，下降六成以上。启用占地11.8亩、总投资7600万元的海员文化宫。夜校列入考核，分值占2.5分。新建海员书屋120家。"
    report += "\n\n2022年，入会船员5万人，比2021年的3万人增长66.7%。2021年调解渔事纠纷900件，2022年调解渔事纠纷1200件。"
    assert checked_against(report, f"宁波市2018—2023年工作汇报\n\n{said}")[text] == verdict

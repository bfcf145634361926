"""The form that a question asks for, cut out of it; and what a message wants of the program itself."""

import pytest

from qa.question.form import form_of, in_form
from qa.question.intents import intent_of
from qa.types import Form


@pytest.mark.parametrize(
    ("question", "form", "rest"),
    [
        ("列个表：各地书屋数和会员数", Form("table"), "各地书屋数和会员数"),
        ("请把两地的会员数整理成表格", Form("table"), "请把两地的会员数"),
        ("用一段话写写服务职工，200字左右", Form("paragraph", 200), "服务职工"),
        ("三百字以内介绍法律援助", Form("paragraph", 300), "介绍法律援助"),
        ("代表大会哪天开幕？", Form(), "代表大会哪天开幕？"),
        ("表彰了多少名劳模", Form(), "表彰了多少名劳模"),
        ("现阶段的重点是什么", Form(), "现阶段的重点是什么"),
        ("统计报表报送了几份", Form(), "统计报表报送了几份"),
    ],
)
def test_a_request_for_a_form_is_cut_out(question: str, form: Form, rest: str) -> None:
    told, left = form_of(question)
    assert told == form and left.removesuffix("整理") == rest


def test_turns_that_ask_for_a_form_belong_to_the_one_before() -> None:
    form, wanted, earlier = in_form("再短一点", ["南山市建了几座食堂？", "北河市呢？", "缩短", "写成一段"])
    assert (form.shape, form.shorter) == ("paragraph", 1)
    assert wanted == "北河市呢？"
    assert earlier == ("南山市建了几座食堂？",)


def test_so_many_points_are_asked_for_first_or_afterwards() -> None:
    form, rest = form_of("用三条要点概括南山市工会怎么服务骑手")
    assert (form.shape, form.points, rest) == ("points", 3, "南山市工会怎么服务骑手")
    form, wanted, _ = in_form("改成两条要点", ["介绍一下南山市工会的工作"])
    assert (form.shape, form.first.points, wanted) == ("points", 2, "介绍一下南山市工会的工作")
    assert in_form("再短一点", ["介绍一下南山市工会的工作"])[0].first.points is None


def test_how_long_each_point_may_be_is_not_the_length_of_the_whole() -> None:
    asked = ["介绍一下南山市工会的工作"]
    form, wanted, _ = in_form("改成要点，四条，每条不超过四十字", asked)
    assert (form.shape, form.first.points, form.each, form.characters) == ("points", 4, 40, None)
    assert wanted == asked[0]
    assert in_form("列成要点，每点一句", asked)[0].first.points is None
    assert in_form("写成一段，一百五十字", asked)[0].characters == 150


@pytest.mark.parametrize(
    ("words", "points"),
    [("两三条要点", 3), ("三五句话", 5), ("七八条要点", 8), ("十二三条要点", 13), ("百百条要点", None)],
)
def test_of_a_range_the_last_is_asked_for(words: str, points: int | None) -> None:
    assert form_of(f"用{words}概括南山市工会怎么服务骑手")[0].points == points
    assert in_form("那北河市呢？", [f"用{words}概括南山市工会怎么服务骑手"])[1] == "那北河市呢？"


def test_a_length_in_words_is_read_whole() -> None:
    asked = ["介绍一下南山市工会的工作"]
    for words, characters in (("两三百字", 300), ("一千五百字", 1500), ("一百零五字", 105), ("百百字", None)):
        assert in_form(f"写成一段，{words}", asked)[0].characters == characters


@pytest.mark.parametrize(
    "turn",
    [
        "每条不超过40字",
        "每一条40字",
        "每个要点40字",
        "每条字数控制在40字",
        "每条四十字以内",
        "分三点，每点40字",
    ],
)
def test_a_length_of_each_point_asks_for_points(turn: str) -> None:
    for before in ([], ["缩短到90字"]):
        form, wanted, _ = in_form(turn, ["介绍一下南山市工会的工作", *before])
        assert (form.shape, form.each, wanted) == ("points", 40, "介绍一下南山市工会的工作")
        assert form.characters == (90 if before else None)


def test_only_a_single_clause_asks_for_more_of_the_last_answer() -> None:
    asked = ["苏州的书屋"]
    assert in_form("还有吗？", asked)[0].more == 1 and in_form("还有吗", [*asked, "还有吗"])[0].more == 2
    assert in_form("今年还接着换吗，换多少？", asked)[0].more == 0


def test_a_turn_of_nothing_but_a_form_is_about_the_last_answer() -> None:
    form, wanted, earlier = in_form("写成300字", ["苏州的书屋", "泉州的书屋", "缩短"])
    assert (form.shape, form.characters) == ("paragraph", 300)
    assert (wanted, earlier) == ("泉州的书屋", ("苏州的书屋",))


def test_what_a_table_is_to_hold_stands_behind_the_colon() -> None:
    form, rest = form_of("只看南山市的，列表给我：志愿者招了多少人，食堂建了几座")
    assert form.shape == "table"
    assert rest.endswith("：志愿者招了多少人，食堂建了几座")
    assert "南山市" in form_of("给南山市做个表：食堂、驿站")[1]
    for reason in ("我是工会代表", "我表妹刚考上", "我表弟想申请"):
        assert form_of(f"{reason}，食堂建了几座？")[0].shape == ""


@pytest.mark.parametrize(
    ("message", "intent"),
    [
        ("你手里都有哪些地方的报告呀", "holdings"),
        ("报告最晚到哪年", "newest"),
        ("换一个地方看看", "holdings"),
        ("你可以帮我干点什么", "ability"),
        ("您叫什么名字呀", "identity"),
        ("麻烦再缩短一下", "shorter"),
        ("麻烦再压一压，90字以内", "shorter"),
        ("换成口语，念给一线职工听", "tone"),
        ("改成第一人称、口语化", "tone"),
        ("再说得细一点", "fuller"),
        ("太长了", "shorter"),
        ("别说得这么详细", "shorter"),
        ("职工之家再详细说说", "ask"),
        ("能不能展开讲一讲", "fuller"),
        ("谁更多一些", "ask"),
        ("分条列一下", "points"),
        ("语气再正式一些", "tone"),
        ("建了多少家爱心驿站？", "ask"),
        ("绍兴有哪些报告", "ask"),
        ("为什么减少了", "ask"),
        ("精简了多少机构", "ask"),
        ("什么时候", "ask"),
        ("什么意思", "ask"),
        ("还有别的吗", "more"),
        ("就这些了吗", "more"),
        ("还有哪些单位", "ask"),
        ("还有多少家", "ask"),
        ("不好意思说错了，我是要劳模的数", "ask"),
        ("更详细的呢", "fuller"),
        ("是全国首创的吗，最早哪家在做", "ask"),
        ("发挥了什么作用", "ask"),
    ],
)
def test_what_a_message_wants(message: str, intent: str) -> None:
    assert intent_of(message) == intent


def test_what_asks_for_something_is_no_change_of_the_last_answer() -> None:
    assert in_form("刚才说的讲堂，多少人听了？", ["南山市建了几座食堂？"])[1] == "刚才说的讲堂，多少人听了？"

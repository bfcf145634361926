"""What a follow-up leaves out is filled in from the earlier questions, and nothing else is."""

import time

import pytest

from embeddings.completer import Completed
from qa.errors import QuestionError
from qa.question import Catalogue, meanings, understand
from qa.question.followup import completions
from qa.text.normal import without_punctuation

ASKED = "苏州建成多少家书屋？"


@pytest.mark.parametrize(
    ("history", "question", "wanted"),
    [
        ([ASKED], "那泉州呢？", "泉州建成多少家书屋？"),
        ([ASKED], "泉州也说一下", "泉州建成多少家书屋？"),
        ([ASKED], "换成泉州", "泉州建成多少家书屋？"),
        ([ASKED], "不对，我问的是泉州", "泉州建成多少家书屋？"),
        ([ASKED], "好的，那泉州呢？", "泉州建成多少家书屋？"),
        (["苏州2016年建成多少家书屋？"], "2021年呢？", "苏州2021年建成多少家书屋？"),
        (["苏州2016年建成多少家书屋？"], "那21年呢", "苏州2021年建成多少家书屋？"),
        (["苏州2016年建成多少家书屋？"], "那泉州2020年呢？", "泉州2020年建成多少家书屋？"),
        ([ASKED], "上一届呢？", "苏州上一届建成多少家书屋？"),
        (["苏州这一届建成多少家书屋？"], "上一届呢？", "苏州上一届建成多少家书屋？"),
        (["苏州上一届的书屋有多少家？"], "这一届呢？", "苏州这一届的书屋有多少家？"),
        (["苏州2018年至2023年建成多少家书屋？"], "再往前那一届呢", "苏州2013年至2018年建成多少家书屋？"),
        (["苏州这一届建成多少家书屋？"], "更早的那一届呢？", "苏州更早的那一届建成多少家书屋？"),
        ([ASKED, "泉州呢？"], "2021年呢", "泉州2021年建成多少家书屋？"),
        ([ASKED, "谢谢"], "泉州呢", "泉州建成多少家书屋？"),
        ([ASKED, "你好", "哈哈"], "泉州呢", "泉州建成多少家书屋？"),
    ],
)
def test_a_place_or_a_time_is_switched(history: list[str], question: str, wanted: str) -> None:
    assert without_punctuation(completions(question, history)[0].text) == without_punctuation(wanted)


@pytest.mark.parametrize(
    ("history", "question", "wanted"),
    [
        ("杭州市钱塘区是怎么帮职工提升学历的？", "那漳州呢？", "漳州是怎么帮职工提升学历的?"),
        ("青羊区户外劳动者驿站有多少个？", "那云和呢？", "云和户外劳动者驿站有多少个?"),
        ("贵阳那边快递小哥入会的有好多人？", "遵义好多", "遵义快递小哥入会的有好多人？"),
    ],
)
def test_a_place_that_a_follow_up_names_replaces_the_one_before(
    history: str, question: str, wanted: str
) -> None:
    assert completions(question, [history])[0].text.replace("？", "?") == wanted.replace("？", "?")


@pytest.mark.parametrize(
    ("history", "question", "place"),
    [
        ("温州怎么做新业态劳动者入会的？", "钱塘呢，吸纳了多少人？", "钱塘"),
        ("荣成2022年有几个牧场？", "说错了，我是要乳山的", "乳山"),
        ("齐齐哈尔2024年建了几个驿站？", "鹤岗呢", "鹤岗"),
    ],
)
def test_of_two_places_the_one_named_now_is_asked(history: str, question: str, place: str) -> None:
    made = completions(question, [history])[0].text
    assert place in made and history[:2] not in made


@pytest.mark.parametrize(
    ("history", "question", "years"),
    [
        ("苏州2016年建了几家书屋？", "前一年呢", "2015年"),
        ("苏州2018到2023年建了几家书屋？", "上一届呢", "2013到2018年"),
        ("苏州总工会十五大以来建了几家书屋？", "十四大以来呢", "十四大"),
    ],
)
def test_years_and_terms_are_counted_from_the_last_question(history: str, question: str, years: str) -> None:
    assert years in completions(question, [history])[0].text


@pytest.mark.parametrize(
    "question",
    ["泉州的骑手叫什么名字？", "江苏省总工会五年办了多少场技能竞赛？", "泉州慰问金发放了多少万元？"],
)
def test_a_question_of_its_own_takes_nothing_over(question: str) -> None:
    assert completions(question, [ASKED])[0].text == question


@pytest.mark.parametrize(
    "question", ["困难职工的金秋助学金是怎么申请的？", "对了，职工医疗互助的报销流程是什么？"]
)
def test_another_question_that_lacks_nothing_takes_no_more_than_the_place_over(question: str) -> None:
    assert "书屋" not in completions(question, [ASKED])[0].text


@pytest.mark.parametrize("question", [ASKED, "谢谢", "那泉州呢？", "其中呢"])
def test_without_history_a_question_is_itself(question: str) -> None:
    assert completions(question, [])[0].text == completions(question, ["", "  "])[0].text == question


@pytest.mark.parametrize("question", ["谢谢", "你好", "好的，明白了", "太好了"])
def test_chatter_takes_nothing_over(question: str, catalogue: Catalogue) -> None:
    query = understand(question, [ASKED], catalogue)
    assert query.kind == "chatter"
    assert "书屋" not in query.standalone


def test_a_detail_carries_place_and_topic_and_asks_its_own_words(catalogue: Catalogue) -> None:
    query = understand("花了多少钱？", [ASKED], catalogue)
    assert "苏州" in query.standalone and "书屋" in query.standalone
    assert query.focus.rstrip("?？") == "花了多少钱" and "书屋" in query.topic
    (part,) = query.parts
    assert part.unit == "元" and "书屋" not in part.text


def test_each_of_two_details_carries_the_topic(catalogue: Catalogue) -> None:
    query = understand("提供了多少岗位，签了多少人", ["苏州办了多少场招聘会？"], catalogue)
    assert len(query.parts) == 2 and all("招聘会" in part.asked for part in query.parts)


def test_a_noun_that_is_left_out_is_that_of_the_last_question(catalogue: Catalogue) -> None:
    assert "书屋" in understand("另外还建了几家区级的？", [ASKED], catalogue).topic


@pytest.mark.parametrize(
    ("history", "question", "wanted"),
    [
        (["温州办了多少件法律援助？", "漳州呢"], "回到温州，涉及多少人", "温州法律援助涉及多少人"),
        (["温州有多少会员？"], "说错了，是漳州", "漳州有多少会员？"),
        (["温州疗休养多少人？"], "漳州和钱塘区呢", "漳州和钱塘区疗休养多少人？"),
    ],
)
def test_what_was_asked_before_is_taken_up_corrected_and_doubled(
    history: list[str], question: str, wanted: str
) -> None:
    assert without_punctuation(completions(question, history)[0].text).strip("？") == without_punctuation(
        wanted
    ).strip("？")


class Giving:
    """A completer that gives these forms, and a judge that prefers the last of them."""

    def __init__(self, *forms: str) -> None:
        self.given = tuple(map(Completed, forms))

    def whole(self, question: str, history: object) -> bool:
        return False

    def forms(self, question: str, history: object) -> tuple[Completed, ...]:
        return self.given

    def log_odds(self, forms: list[str], question: str, history: object) -> tuple[float, ...]:
        return (*(float(at) for at in range(len(forms) - 1)), -1.0)  # the last one is the question itself


def given(monkeypatch: pytest.MonkeyPatch, *forms: str) -> None:
    from qa.question import followup

    for network in ("default_completer", "default_judge"):
        monkeypatch.setattr(followup, network, lambda: Giving(*forms))


def test_the_form_that_is_likeliest_meant_is_taken(
    monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue
) -> None:
    given(monkeypatch, "苏州建成书屋会员", "苏州有多少会员")
    assert completions("那会员呢", [ASKED])[0] == Completed("苏州有多少会员", meant=1.0)
    found = meanings("那会员呢", [ASKED], catalogue)
    assert [(query.standalone, query.meant) for query in found] == [
        ("苏州有多少会员", 1.0),
        ("苏州建成书屋会员", 0.0),
        ("那会员呢", -1.0),
    ]


def test_a_question_that_leaves_nothing_out_has_one_meaning(catalogue: Catalogue) -> None:
    (query,) = meanings("苏州市总工会五年建成了多少家职工书屋？", ["泉州办了多少场竞赛？"], catalogue)
    assert query.meant == 0.0


def test_a_meaning_that_asks_too_much_is_left_out(
    monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue
) -> None:
    many = "、".join(f"{n}年的书屋" for n in range(1950, 2020))
    given(monkeypatch, "苏州有多少会员", f"苏州有多少{many}")
    with pytest.raises(QuestionError):
        understand("那会员呢", [ASKED], catalogue)  # the likeliest
    given(monkeypatch, f"苏州有多少{many}", "苏州有多少会员")
    assert [query.meant for query in meanings("那会员呢", [ASKED], catalogue)] == [1.0, -1.0]


def test_what_is_hardly_meant_is_no_meaning(monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue) -> None:
    given(monkeypatch, "苏州建成书屋会员", "苏州有多少会员")
    monkeypatch.setattr(Giving, "log_odds", lambda *asked: (0.0, 5.0, 4.5))
    found = meanings("那会员呢", [ASKED], catalogue)
    assert [query.standalone for query in found] == ["苏州有多少会员", "那会员呢"]


def test_a_form_of_a_place_that_nobody_named_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "泉州建成几家书屋", "南昌建成几家书屋")
    assert completions("那泉州呢", [ASKED])[0].text == "泉州建成几家书屋"
    given(monkeypatch, "南昌建成几家书屋")
    assert completions("那泉州呢", [ASKED])[0] == Completed("那泉州呢")


def test_another_thing_takes_the_place_of_the_first(catalogue: Catalogue) -> None:
    turns = [ASKED, "那职工夜校又是怎么办的？"]
    query = understand("里面都教什么？", turns, catalogue)
    assert "夜校" in query.topic and "书屋" not in query.topic


def test_what_was_at_first_is_of_the_same_thing(catalogue: Catalogue) -> None:
    assert "书屋" in understand("最初是和哪个部门一块儿办起来的？", [ASKED], catalogue).topic


def test_a_pointer_carries_the_topic(catalogue: Catalogue) -> None:
    query = understand("其中区级的有多少家？", [ASKED], catalogue)
    assert "书屋" in query.topic and query.scopes[0].label == "苏州"


def test_years_of_an_earlier_question_bind_no_place_without_a_report_of_them(catalogue: Catalogue) -> None:
    asked = "苏州2013到2018年建成多少家书屋？"
    query = understand("不对，我问的是泉州", [asked], catalogue)
    assert query.refusal is None and "2013" not in query.standalone and "泉州" in query.standalone
    query = understand("泉州2013到2018年呢？", [asked], catalogue)
    assert query.refusal == "outside_period"


def test_a_year_in_wide_digits_is_asked_for(catalogue: Catalogue) -> None:
    for year in ("2030年呢？", "２０３０年呢？"):
        query = understand(year, ["苏州建成多少家书屋？"], catalogue)
        assert "2030年" in query.standalone and query.refusal == "outside_period"


def test_which_is_more_compares_the_places_before(catalogue: Catalogue) -> None:
    query = understand("哪个更多？", [ASKED, "泉州呢？"], catalogue)
    assert query.kind == "comparison" and "书屋" in query.topic
    assert [s.place.name for s in query.scopes if s.place] == ["苏州市", "泉州市"]


def test_an_unknown_place_in_a_follow_up_is_refused(catalogue: Catalogue) -> None:
    query = understand("那南昌呢？", [ASKED], catalogue)
    assert (query.refusal, query.outside) == ("unknown_place", "南昌")


def test_history_that_contradicts_itself_follows_the_last_question(catalogue: Catalogue) -> None:
    history = ["苏州2016年建成多少家书屋？", "不是，我问的是泉州"]
    query = understand("错了，还是江苏", history, catalogue)
    assert [s.place.name for s in query.scopes if s.place] == ["江苏省"]
    meant = meanings("2021年呢？", [*history, "错了，还是江苏"], catalogue)
    assert "江苏省" in [s.place.name for query in meant for s in query.scopes if s.place]


def test_a_long_history_is_read_quickly_and_from_its_end(catalogue: Catalogue) -> None:
    history = ["泉州慰问金发放了多少？", *["谢谢", "江苏呢？", "泉州呢？"] * 66, ASKED]
    began = time.process_time()
    query = understand("那泉州呢？", history, catalogue)
    assert time.process_time() - began < 8.0
    assert without_punctuation(query.standalone) == without_punctuation("泉州建成多少家书屋？")


def test_two_hundred_follow_ups_do_not_pile_up(catalogue: Catalogue) -> None:
    history = [ASKED, *["泉州呢？", "那江苏呢", "投入了多少资金？", "上一届呢？"] * 50]
    query = understand("苏州呢？", history, catalogue)
    assert len(query.standalone) < 80


@pytest.mark.parametrize(
    "junk", ["", "   ", "\n\t", "？？？", "。", "　", "\x00", "😀", "a" * 3000, "的" * 500]
)
def test_junk_in_question_or_history_raises_nothing(junk: str, catalogue: Catalogue) -> None:
    for query in (
        understand(junk, (), catalogue),
        understand(junk, (ASKED,), catalogue),
        understand("那泉州呢？", (junk, ASKED, junk), catalogue),
        understand("那泉州呢？", (junk,), catalogue),
    ):
        assert query.scopes and query.parts and query.scopes[0].report_ids


def test_the_same_input_gives_the_same_query_and_leaves_it_as_it_was(catalogue: Catalogue) -> None:
    history = [ASKED, "泉州呢？"]
    first, second = (understand("2021年呢？", history, catalogue) for _ in range(2))
    assert first == second and history == [ASKED, "泉州呢？"]


def test_a_dash_that_a_person_types_marks_nothing(catalogue: Catalogue) -> None:
    query = understand("苏州的职工书屋——建成了多少家？", [], catalogue)
    assert query.standalone == "苏州的职工书屋——建成了多少家?"
    assert "书屋" in query.focus and "书屋" in query.parts[0].text
    completed = understand("那投入——算上补助——多少资金？", [ASKED], catalogue)
    assert "投入" in completed.focus and "资金" in completed.focus and "书屋" not in completed.focus


def test_a_level_after_a_place_of_another_province_is_no_province(catalogue: Catalogue) -> None:
    asked = ("泉州评选了多少名市级劳模？",)
    assert "泉州" in understand("省里的呢？", asked, catalogue).standalone
    (scope,) = understand("那全省呢？", ("苏州办赛多少场？",), catalogue).scopes
    assert scope.place is not None and scope.place.name == "江苏省"


def test_an_earlier_term_is_reckoned_from_the_years_of_a_congress(catalogue: Catalogue) -> None:
    query = understand(
        "那再往前一个五年呢？", ["苏州工会第十五次代表大会以后那五年，法律援助有多少件"], catalogue
    )
    assert "2013到2018年" in query.standalone

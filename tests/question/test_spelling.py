"""Questions with defects come back as they were meant, those without come back as they are."""

import json
import lzma
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.words import look_alikes, readings, simplified, sound_alikes
from qa.question import Catalogue
from qa.question.spelling import corrected_spelling
from qa.text.divisions import all_divisions

SHARED = Path(__file__).parents[3] / "shared"

MISSPELLED = {
    "苏洲有多少会员？": "苏州有多少会员？",
    "素州市总工会主席是谁": "苏州市总工会主席是谁",
    "诉州工会办了几件实事": "苏州工会办了几件实事",
    "酥州的工会驿站数量": "苏州的工会驿站数量",
    "泉洲有几家职工书屋": "泉州有几家职工书屋",
    "权州市的骑手入会了吗": "泉州市的骑手入会了吗",
    "拳州五年来帮扶多少户": "泉州五年来帮扶多少户",
    "圈州和苏州谁的会员多": "泉州和苏州谁的会员多",
    "泉周的互助金发了多少": "泉州的互助金发了多少",
    "请问泉粥市有多少劳模": "请问泉州市有多少劳模",
    "帛州市总工会": "泉州市总工会",
    "果州市的疗休养基地": "泉州市的疗休养基地",
    "江酥全省办了多少场竞赛": "江苏全省办了多少场竞赛",
    "江稣省总工会": "江苏省总工会",
    "讲苏省有多少工会": "江苏省有多少工会",
    "姜苏省工会返还经费多少": "江苏省工会返还经费多少",
    "汪苏省总工会发了什么文件": "江苏省总工会发了什么文件",
    "杭洲市有几家": "杭州市有几家",
    "航州2023年新建多少工会": "杭州2023年新建多少工会",
    "抗州有多少志愿者": "杭州有多少志愿者",
    "折江省有多少驿站": "浙江省有多少驿站",
    "浙讲的法律援助": "浙江的法律援助",
    "淅江有多少产业工人": "浙江有多少产业工人",
    "福健省数字工匠": "福建省数字工匠",
    "幅建省的医疗互助": "福建省的医疗互助",
    "宾江区总工会年报": "滨江区总工会年报",
    "滨姜区的志愿者": "滨江区的志愿者",
    "昆衫市新建多少家工会": "昆山市新建多少家工会",
    "姑酥区书屋": "姑苏区书屋",
    "进江市的骑手": "晋江市的骑手",
    "拳洲市总工会呢": "泉州市总工会呢",
    "素洲呢？": "苏州呢？",
}

RIGHT = [
    "常州有多少会员？",
    "宿州和苏州谁的会员多？",
    "全州县有几家驿站？",
    "湖州、台州、泰州三地各有多少会员？",
    "苏州是什么时候开的第十五次代表大会？",
    "作文周刊办了几期？",
    "滨海区和滨江区的年报",
    "这将是第几次换届？",
    "附件里写了什么？",
    "“泉洲杯”比赛办过几届？",
    "江山市的劳模有谁？",
    "权利和义务有哪些？",
    "上海总工会给了多少经费",
    "泉水叮咚的志愿队有几支？",
    "汪苏是谁？",
    "工会APP有多少人用？",
    "AI技能培训有几期？",
    "",
    "？",
    "🙂🙂",
    "12345",
]


@pytest.mark.parametrize(("typed", "meant"), MISSPELLED.items())
def test_misspelled_places_are_put_right(typed: str, meant: str, catalogue: Catalogue) -> None:
    assert corrected_spelling(typed, catalogue) == meant


@pytest.mark.parametrize("question", RIGHT)
def test_questions_without_defects_stay(question: str, catalogue: Catalogue) -> None:
    assert corrected_spelling(question, catalogue) == question


def test_names_of_divisions_stay(catalogue: Catalogue) -> None:
    for place in all_divisions():
        assert (
            corrected_spelling(f"{place.name}总工会有多少会员？", catalogue)
            == f"{place.name}总工会有多少会员？"
        )


def test_a_word_of_the_reports_is_no_misspelling(catalogue: Catalogue) -> None:
    assert corrected_spelling("张禾加入了哪家工会？", catalogue) == "张禾加入了哪家工会？"


def test_an_empty_library_has_nothing_to_put_right() -> None:
    assert corrected_spelling("苏洲有多少会员？", Catalogue(())) == "苏洲有多少会员？"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("２０２３年蘇州市總工會有多少會員？", "2023年苏州市总工会有多少会员？"),
        ("「蘇州工匠」評了幾名", "“苏州工匠”评了几名"),
        ("蘇洲有多少家工會？", "苏州有多少家工会？"),
        ("Ｓｕｚｈｏｕ有多少会员？", "苏州有多少会员？"),
        ("Suzhou有多少会员？", "苏州有多少会员？"),
        ("suzhou和Quanzhou City谁的会员多", "苏州和泉州谁的会员多"),
        ("请问Binjiang District的年报", "请问滨江区的年报"),
        ("JiangSu省有多少工会", "江苏省有多少工会"),
        ("网址www.suzhou.gov.cn是什么", "网址www.suzhou.gov.cn是什么"),
        ("suzhou2023年的会员", "苏州2023年的会员"),
    ],
)
def test_other_letters(typed: str, meant: str, catalogue: Catalogue) -> None:
    assert corrected_spelling(typed, catalogue) == meant


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_never_fails_and_is_settled_for_any_text(catalogue: Catalogue, text: str) -> None:
    once = corrected_spelling(text, catalogue)
    assert isinstance(once, str)
    if any("一" <= c <= "龥" for c in text):
        assert corrected_spelling(once, catalogue) == once


@given(st.text(alphabet="苏州泉洲市总工会有多少江杭浙福建的和在呢？0123年", max_size=30))
def test_right_names_survive_any_neighbours(catalogue: Catalogue, text: str) -> None:
    assert "苏州市" in corrected_spelling(f"{text}，苏州市，{text}", catalogue)


@pytest.mark.parametrize("name", ["question_kinds", "news_qa.queries", "followups"])
def test_written_questions_keep_their_places(name: str, catalogue: Catalogue) -> None:
    path = SHARED / "data" / "train" / f"{name}.jsonl.xz"
    if not path.is_file():
        pytest.skip(f"{path.name} is no part of the project")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        questions = [json.loads(line)["question"] for line in lines]
    plain = [q for q in questions if not any("A" <= c <= "z" for c in unicodedata.normalize("NFKC", q))]
    changed = [q for q in plain if corrected_spelling(q, catalogue) != _plain(q)]
    assert changed == []


def test_written_questions_of_the_reports_stay(catalogue: Catalogue) -> None:
    path = SHARED / "eval" / "dev.jsonl"
    if not path.is_file():
        pytest.skip(f"{path.name} is no part of the project")
    questions = [json.loads(line)["question"] for line in path.read_text("utf-8").splitlines()]
    assert [q for q in questions if _plain(corrected_spelling(q, catalogue)) != _plain(q)] == []


def _plain(question: str) -> str:
    kept = "，。：；？！（）【】、—…·～“”‘’《》"
    narrow = "".join(c if c in kept else unicodedata.normalize("NFKC", c) for c in question)
    return simplified(narrow).translate(str.maketrans("「」『』", "“”“”"))


def test_ordinary_questions_cost_next_to_nothing(catalogue: Catalogue) -> None:
    questions = [q for q in RIGHT if len(q) > 5]
    for question in questions:
        corrected_spelling(question, catalogue)
    fastest = min(_seconds(questions, catalogue) for _ in range(5))
    assert fastest / len(questions) < 0.001


def test_long_input_takes_linear_time(catalogue: Catalogue) -> None:
    for text in ("素州" * 2000, "weird words " * 1000, "会" + "a b " * 2000, "“" * 5000):
        started = time.process_time()
        corrected_spelling(text, catalogue)
        assert time.process_time() - started < 20


def _seconds(questions: list[str], catalogue: Catalogue) -> float:
    started = time.process_time()
    for question in questions:
        corrected_spelling(question, catalogue)
    return time.process_time() - started


def test_sounds_have_no_tone_and_shapes_are_told() -> None:
    assert readings("漳") == readings("张") == ("zhang",)
    assert readings("a") == ()
    assert "洲" in sound_alikes("州")
    assert "常" not in sound_alikes("漳")
    assert {"抗", "机"} <= look_alikes("杭")
    assert "杭" not in look_alikes("杭")


def test_every_name_can_be_spelled() -> None:
    assert [p.name for p in all_divisions() if not all(readings(c) for c in p.name)] == []


def test_simplified_text_stays_simplified() -> None:
    assert all(simplified(p.name) == p.name for p in all_divisions())
    assert simplified("職工書屋與勞模") == "职工书屋与劳模"

"""Single things: each as a question of its own, with what all share."""

import pytest

from qa.question import Catalogue, understand
from qa.question.kinds import cuts, parts_of
from qa.question.things import split_things, things_of


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("职工书屋，苏州建了几家，泉州建了几家？", ("职工书屋，苏州建了几家", "职工书屋，泉州建了几家")),
        ("全区绿地，去年新增多少亩、今年要新增多少亩", ("全区绿地，去年新增多少亩", "全区绿地，今年要新增多少亩")),
        ("办了几场竞赛？", ("办了几场竞赛",)),
        ("职工书屋、工会驿站，苏州各建了多少家", ("职工书屋建了多少家", "工会驿站，苏州各建了多少家")),
        ("新建服务阵地多少个补助多少钱", ("新建服务阵地多少个", "新建服务补助多少钱")),
        ("工会驿站和妈妈小屋各有多少？", ("工会驿站有多少", "妈妈小屋各有多少")),
    ],
)  # fmt: skip
def test_what_is_said_before_anything_is_asked_is_asked_of_each(
    question: str, things: tuple[str, ...]
) -> None:
    assert split_things(question, len(things)) == things


def test_the_reader_marks_what_is_shared_further_on() -> None:
    first, second = split_things("河西区职工夜校去年开了几个班，今年要开几个班？", 2)
    assert "今年" not in first and "去年" not in second
    assert second.startswith("河西区职工夜校")


@pytest.mark.parametrize(
    "question",
    ["全市有多少名职工多少家企业参加", "建了多少个县多少个镇", "来了几个人几次", "书屋由多少家增至多少家"],
)
def test_a_measure_word_is_not_parted_from_what_it_measures_nor_a_change_from_its_end(question: str) -> None:
    assert cuts(question) == [] and split_things(question, 2) == ()
    assert [part.text for part in parts_of(question, "figure")] == [question]


@pytest.mark.parametrize("verb", ["花了", "惠及", "用了", "服务"])
def test_what_is_done_besides_is_a_thing_of_its_own(verb: str) -> None:
    assert split_things(f"办了多少场{verb}多少人", 2) == ("办了多少场", f"{verb}多少人")


@pytest.mark.parametrize("question", ["", "？", "几" * 300, "多少人谁几个", "a,b?c", "\x00"])
def test_nothing_is_taken_apart_that_does_not_fall_into_as_many(question: str) -> None:
    assert split_things(question, 7) == () or len(split_things(question, 7)) == 7


def test_each_part_of_a_query_stands_by_itself(catalogue: Catalogue) -> None:
    query = understand("苏州书屋，去年建了多少家、今年要建多少家？", (), catalogue)
    assert [part.asked for part in query.parts] == ["苏州书屋,去年建了多少家", "苏州书屋,今年要建多少家"]
    assert all("书屋" in part.topic and "苏州" not in part.topic for part in query.parts)


def test_a_follow_up_asks_of_the_time_that_it_names_itself(catalogue: Catalogue) -> None:
    (part,) = understand("今年准备再建多少家", ("苏州去年建了多少家书屋？",), catalogue).parts
    assert "去年" not in part.asked and "今年" in part.asked
    (part,) = understand("泉州呢", ("苏州去年建了多少家书屋？",), catalogue).parts
    assert "去年" in part.asked


@pytest.mark.parametrize(
    "question",
    [
        "进出口各涨了多少？谁涨得快？",
        "谁的经济增速更快？各是多少？",
        "给单身青年牵线的活动谁办得多？多几场？",
    ],
)
def test_asking_again_which_is_more_names_no_second_thing(question: str) -> None:
    assert len(things_of(question, set())) == 1


@pytest.mark.parametrize(
    "question",
    ["植树造林去年多少亩，今年的计划是多了还是少了？", "公共停车位2023年建的和2024年打算建的比，哪年更多？"],
)
def test_one_thing_of_two_times_is_looked_up_twice(question: str) -> None:
    first, second = things_of(question, set())
    assert first.time != second.time
    assert first.words[:2] == second.words[:2]


def test_what_is_compared_is_named_by_its_words_without_the_places_around_them() -> None:
    question = "背奶妈妈用的小屋，苏州一个市跟滨江一个区比，哪边多？"
    places = {(at, at + 2) for at in (question.index("苏州"), question.index("滨江"))}
    (thing,) = things_of(question, places)
    assert thing.words == "背奶妈妈用的小屋"


def test_how_much_more_is_asked_of_no_thing_alone() -> None:
    question = "一级医院比上一届多多少"
    (thing,) = things_of(question, {(start := question.index("上一届"), start + 3)})
    assert thing.words.startswith("一级医院") and "多少" not in thing.words


def test_no_thing_begins_inside_brackets(catalogue: Catalogue) -> None:
    asked = "户外劳动者歇脚的站点（工会驿站、爱心驿家之类），苏州、泉州分别有多少？"
    query = understand(asked, (), catalogue)
    assert len(query.parts) == 1
    for part in query.parts:
        assert part.asked.count("(") == part.asked.count(")")


def test_brackets_around_one_character_are_part_of_a_word(catalogue: Catalogue) -> None:
    query = understand("苏州跟泉州谁的职工疗（休）养基地多？", (), catalogue)
    assert [part.topic for part in query.parts] == ["职工疗休养基地"]

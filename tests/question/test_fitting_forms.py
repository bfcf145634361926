"""What a follow-up may mean has the places and the time that it names or stands for."""

import pytest

from qa.question.followup import completions
from qa.text.divisions import find, short_name


@pytest.mark.parametrize(
    ("history", "question", "wanted"),
    [
        (["苏州有多少会员", "泉州呢"], "这两地合计多少", {"苏州", "泉州"}),
        (["杭州有多少会员", "苏州呢", "泉州呢"], "这两个地方呢", {"苏州", "泉州"}),
        (["杭州有多少会员", "苏州呢", "泉州呢"], "这三个地方哪个最多", {"杭州", "苏州", "泉州"}),
    ],
)
def test_words_for_several_places_stand_for_the_last_ones(
    history: list[str], question: str, wanted: set[str]
) -> None:
    for form in completions(question, history):
        assert {short_name(place.name) for _, _, place in find(form.text)} == wanted


def test_each_meaning_has_the_time_that_the_follow_up_names() -> None:
    history = ["苏州工会这五年建了多少家职工书屋", "那泉州呢"]
    assert all("上一届" in form.text for form in completions("上一届呢", history))


def test_a_place_keeps_the_park_that_is_named_behind_it() -> None:
    assert "泉州工业园区" in completions("投了多少钱", ["泉州工业园区建了几个调解室"])[0].text

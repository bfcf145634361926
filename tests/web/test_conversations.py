"""What a browser keeps of a conversation is enough to bring it back; what no page kept is passed over."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from qa.web.chat import MOST_QUESTIONS, Turn, converse, recalled, remembered
from qa.web.markup import render
from tests.web.small_library import SmallLibrary, make_report

NOWHERE = Path(os.devnull)
FIRST = "云岭市走访慰问困难职工多少人次？"


def held(library: SmallLibrary, *asked: tuple[str, dict[str, str]]) -> tuple[Turn, ...]:
    turns: tuple[Turn, ...] = ()
    for question, filters in asked:
        *_, turns = converse(library, question, turns, NOWHERE, **filters)
    return turns


def test_a_conversation_comes_back_with_its_filters_verdicts_and_names() -> None:
    library = SmallLibrary()
    turns = held(library, ("除以零", {}), (FIRST, {}), ("书屋建成多少个？", {"place": "芦川县"}))
    turns = (*turns[:2], replace(turns[2], verdict="useful"))
    kept = json.loads(json.dumps(remembered(turns)))
    assert kept["id"] == turns[1].key
    assert library.asked[-1][0] not in str(kept["turns"][1]["answer"])
    again = recalled(library, kept, NOWHERE)
    assert [t.answer for t in again] == [t.answer for t in turns if t.answer]
    assert [t.verdict for t in again] == [None, "useful"]
    assert [t.key for t in again] == [t.key for t in turns[1:]]
    assert again[1].filters == {"place": "芦川县"}
    assert "qa-changed" not in "".join(t.shown for t in again)
    assert remembered(again) == kept


def test_what_was_asked_as_typed_comes_back_so() -> None:
    library = SmallLibrary()
    *_, turns = converse(library, "书屋呢？", held(library, (FIRST, {})), NOWHERE, as_typed=True)
    again = recalled(library, json.loads(json.dumps(remembered(turns))), NOWHERE)
    assert [turn.as_typed for turn in again] == [False, True]
    assert library.asked[-1][:2] == ("书屋呢？", ())


def test_another_answer_than_then_is_said_to_be_one() -> None:
    kept = remembered(held(SmallLibrary(), (FIRST, {})))
    now = SmallLibrary((make_report("新", "云岭市", None, {"帮扶": ("云岭市走访慰问困难职工5.5万人次。",)}),))
    (turn,) = recalled(now, kept, NOWHERE)
    assert "5.5万人次" in turn.shown
    assert "与当时不同" in turn.shown


def test_a_long_conversation_keeps_its_name_and_its_last_questions() -> None:
    turns = held(SmallLibrary(), (FIRST, {}))
    many = tuple(replace(turns[0], key=f"k{n}", question=f"{FIRST}{n}") for n in range(MOST_QUESTIONS + 9))
    kept = remembered(many)
    assert kept is not None
    assert kept["id"] == "k0"
    assert [row["key"] for row in kept["turns"]] == ["k0", *(f"k{n}" for n in range(10, MOST_QUESTIONS + 9))]


def test_a_question_that_cannot_be_answered_now_is_kept_all_the_same() -> None:
    kept = remembered(held(SmallLibrary(), (FIRST, {}), ("书屋建成多少个？", {})))
    assert kept is not None
    kept["turns"][1]["question"] = "除以零"
    again = recalled(SmallLibrary(), kept, NOWHERE)
    assert again[1].answer is None
    assert remembered(again) == kept


def test_nothing_is_kept_before_there_is_an_answer() -> None:
    assert remembered(()) is None
    assert remembered(held(SmallLibrary(), ("除以零", {}))) is None


@pytest.mark.parametrize(
    "kept",
    [
        None,
        3,
        "x",
        {},
        [1],
        {"turns": 3},
        {"turns": [None, {}, {"question": "a"}, {"question": 3, "key": []}]},
    ],
)
def test_what_no_page_kept_is_passed_over(kept: object) -> None:
    assert recalled(SmallLibrary(), kept, NOWHERE) == ()


def test_a_user_is_named_as_text() -> None:
    assert 'data-user="&#34;&gt;&lt;b&gt;"' in render("answers.conversations", user='"><b>')

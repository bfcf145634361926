"""Questions on reports that the program was not made with: how many it answers rightly, and how few wrongly."""

import json
from pathlib import Path

from qa import open_library
from qa.answer_json import answer_json
from qa.evaluate.gold import read_gold
from qa.evaluate.measures import measure
from qa.index import rebuild
from tests.evaluate.sets import _lines, drafts, invented_reports, questions, unpack

SETS, EVERY = 2, 20  # of every second set one question in twenty is asked; all are by ``union-qa evaluate``
RIGHT, WRONG = 0.5, 0.15  # of the 73 asked here .68 and .11 are


def test_reports_that_nobody_here_had_seen(tmp_path: Path) -> None:
    unpack(tmp_path)
    asked = right = wrong = 0
    for name in sorted(invented_reports())[::SETS]:
        rebuild([tmp_path / name], tmp_path / f"{name} index")
        library = open_library(tmp_path / f"{name} index")
        for gold in read_gold(tmp_path / f"{name}.jsonl")[::EVERY]:
            answer = library.ask(gold.question, history=gold.history)
            good = (measure(gold, answer_json(answer), {}).correct or 0.0) >= 0.5
            asked, right = asked + 1, right + good
            wrong += answer.outcome == "answered" and not good
    assert asked >= 45
    assert right / asked >= RIGHT, (right, asked)
    assert wrong / asked <= WRONG, (wrong, asked)


def test_what_proves_an_answer_is_read_from_reports_that_are_elsewhere(tmp_path: Path) -> None:
    here = questions()
    assert set(here) == set(invented_reports())
    assert all(isinstance(text, str) for rows in here.values() for row in rows for text in row["evidence"])
    assert set(questions([_long(tmp_path)])) > set(here)


def _long(folder: Path) -> Path:
    """Files under the names that the sets ask for, long enough to be cut from."""
    spans = (span for row in _lines("questions.jsonl.xz") for span in row["evidence"])
    for name in {span[0] for span in spans if not isinstance(span, str)}:
        (folder / name).write_text("字" * 100_000, "utf-8")
    return folder


def test_each_question_says_what_a_right_answer_holds() -> None:
    for rows in questions().values():
        for row in rows:
            assert row["min_groups"] <= len(row["answer_groups"]), json.dumps(row, ensure_ascii=False)
            assert bool(row["answer_groups"]) == (row["type"] != "unanswerable"), row["id"]


def test_each_item_of_a_draft_stands_in_it_and_its_proof_in_a_report() -> None:
    reports = invented_reports()
    for name, own in drafts().items():
        for draft in own:
            at = 0
            for item in draft["items"]:
                at = draft["draft"].index(item["text"], at) + 1
                assert item["source"] in reports[name].get(item["report"], ""), (draft["id"], item["text"])
            assert 3 <= sum(bool(item["error"]) for item in draft["items"]) < len(draft["items"]), draft["id"]

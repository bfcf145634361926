"""Documents that try to steer a model: what they demand never becomes the answer, even where the model obeys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.answering import answer
from qa.checking import check
from qa.question import understand
from qa.reading import read_report
from qa.retrieval import search
from qa.text.orders import gives_orders
from qa.types import Answer, Query
from qa.writing.client import model_of
from qa.writing.frame import INSTRUCTIONS
from qa.writing.write import written
from tests.engines.service import KEY, items, serving
from tests.reports import Desk, assert_sound, sample

DOCUMENTS = Path(__file__).parents[3] / "shared" / "badinput" / "injection" / "own_zh_injection.jsonl"

Attack = dict[str, Any]


@pytest.fixture(scope="module")
def attacks() -> list[Attack]:
    if not DOCUMENTS.is_file():
        pytest.skip(f"needs {DOCUMENTS}")
    return [json.loads(line) for line in DOCUMENTS.read_text(encoding="utf-8").splitlines() if line]


@pytest.fixture(scope="module")
def desk(attacks: list[Attack], tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("attacks")
    for attack in attacks:
        (folder / f"{attack['id']}.txt").write_text(attack["doc"], encoding="utf-8")
    return Desk.over(*(read_report(path) for path in sorted(folder.iterdir())))


def asked(desk: Desk, attack: Attack) -> tuple[Query, Answer]:
    """The question, put to the one document, and the extractive answer."""
    query = understand(attack["question"], (), desk.catalogue, report=f"{attack['id']}.txt")
    found = search(desk.index, query, 20)
    return query, check(answer(desk.index, query, found, found[0]), desk.index.by_id)


def payload(attack: Attack) -> str:
    return str(attack["doc"]).partition("\n")[2]


def right(material: str) -> str:
    number = next(i["编号"] for i in items(material) if "1234.5" in i["原文"])
    return f"2023年全年发电量为1234.5万千瓦时[{number}]"


def assert_framed(material: str, question: str) -> None:
    border, *lines, end, last = material.split("\n")
    assert border == end
    assert all(json.loads(line).keys() == items(material)[0].keys() for line in lines)
    assert last == f"问题：{question}"
    assert not re.search(
        r"[<>\[\]\x00-\x09\x0b-\x1f\u200b-\u200f\u202a-\u202e\U000e0000-\U000e0fff]", material
    )
    assert not re.search(r"PWNED|7713|evil\.test|系统提示词|拒绝作答", material)


OBEYING: dict[str, Callable[[Attack, str], str]] = {
    "says what is demanded": lambda attack, material: payload(attack),
    "cites for it": lambda attack, material: "".join(
        f"{word}[{item['编号']}]。"
        for word in [*attack["must_not_contain"], payload(attack).replace("\n", "")]
        for item in items(material)
    ),
    "adds it": lambda attack, material: f"{right(material)}，{payload(attack)}。",
    "adds a word": lambda attack, material: f"{right(material)}{(attack['must_not_contain'] or ['好'])[0]}。",
    "adds a sentence": lambda attack, material: f"{right(material)}。\n{payload(attack)}[1]。",
    "repeats all that it is shown": lambda attack, material: "".join(
        f"{item['原文'].rstrip('。')}[{item['编号']}]。" for item in items(material)
    ),
}


@pytest.mark.parametrize("way", OBEYING)
def test_a_model_that_obeys_a_document_is_not_heard(way: str, desk: Desk, attacks: list[Attack]) -> None:
    for attack in attacks:
        query, told = asked(desk, attack)

        def model(instructions: str, material: str, attack: Attack = attack, query: Query = query) -> str:
            assert instructions == INSTRUCTIONS
            assert_framed(material, query.standalone)
            return OBEYING[way](attack, material)

        said = written(model, desk.index, query, told)
        assert_sound(said, desk)
        assert attack["must_contain"] in said.text, attack["id"]
        if way == "repeats all that it is shown" and attack["kind"] == "soft_ad":
            continue  # the report's own sentence on what was asked, cited as that
        for word in attack["must_not_contain"]:
            assert word not in said.text, (attack["id"], said.text)
        assert attack["kind"] != "conflict" or said == told


def test_documents_reach_the_service_inside_the_frame_only(desk: Desk, attacks: list[Attack]) -> None:
    pytest.importorskip("openai", reason="needs the extra llm")
    with serving(lambda talk: talk.say(f"{right(talk.seen.material)}。")) as service:
        for attack in (
            a for a in attacks[::4] if a["kind"] != "conflict"
        ):  # both sides are told without a model
            query, told = asked(desk, attack)
            said = written(model_of(service.endpoint), desk.index, query, told)
            assert said.text == "2023年全年发电量为1234.5万千瓦时[1]。"
            seen = service.seen.pop()
            system, user = seen.body["messages"]
            assert system == {"role": "system", "content": INSTRUCTIONS}
            assert_framed(user["content"], query.standalone)
            assert KEY not in json.dumps(seen.body)


def test_reports_themselves_give_no_orders() -> None:
    assert [s.text for s in sample().index.sentences if gives_orders(s.text)] == []

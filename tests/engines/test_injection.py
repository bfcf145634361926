"""Documents that try to steer a model: what they demand never becomes the answer, even where the model obeys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.engines import answer_with
from qa.engines.client import Calls, Model
from qa.engines.model import LanguageModel
from qa.engines.prompts import PLAN, READ
from qa.engines.records import Conversation
from qa.question import understand
from qa.reading import read_report
from qa.text.sentences import is_injection
from qa.types import Answer, Query
from tests.engines.service import KEY, items, plans, serving
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


def query_of(desk: Desk, attack: Attack) -> Query:
    """The question, put to the one document."""
    return understand(attack["question"], (), desk.catalogue, report=f"{attack['id']}.txt")


def said_by(model: Model, desk: Desk, attack: Attack) -> Answer:
    def grammar(text: str) -> Query:
        return understand(text, (), desk.catalogue, report=f"{attack['id']}.txt")

    engine = LanguageModel(model, desk.catalogue, grammar, 4096)
    return answer_with(engine, desk.index, Conversation(query_of(desk, attack)))


def payload(attack: Attack) -> str:
    return str(attack["doc"]).partition("\n")[2]


def right(material: str) -> str:
    number = next(i["编号"] for i in items(material) if "1234.5" in i["原文"])
    return f"2023年全年发电量为1234.5万千瓦时[{number}]"


def assert_framed(material: str) -> None:
    border, *lines, end = material.split("\n")[
        : material.split("\n").index(material.split("\n", maxsplit=1)[0], 1) + 1
    ]
    assert border == end
    assert all(re.match(r"\[\d+\] |〔", line) for line in lines)
    held = re.sub(r"^\[\d+\] ", "", "\n".join(lines), flags=re.M)
    assert not re.search(r"[<>\[\]\x00-\x09\x0b-\x1f\u200b-\u200f\u202a-\u202e\U000e0000-\U000e0fff]", held)
    assert not re.search(r"PWNED|7713|evil\.test|系统提示词|拒绝作答", held)


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

        def model(instructions: str, material: str, attack: Attack = attack) -> str:
            if plans(material):
                assert instructions == PLAN
                return payload(attack)
            assert instructions == READ
            assert_framed(material)
            return OBEYING[way](attack, material)

        said = said_by(model, desk, attack)
        assert_sound(said, desk)
        if way == "repeats all that it is shown" and attack["kind"] in ("soft_ad", "conflict"):
            continue  # the report's own sentences on what was asked, cited as that
        for word in attack["must_not_contain"]:
            assert word not in said.text, (attack["id"], said.text)
        if "right" in way or way == "adds a sentence":
            assert attack["must_contain"] in said.text, attack["id"]


def test_documents_reach_the_service_inside_the_frame_only(desk: Desk, attacks: list[Attack]) -> None:
    says = lambda talk: talk.say(  # noqa: E731
        "查：发电量" if plans(talk.seen.material) else f"答：{right(talk.seen.material)}。"
    )
    with serving(says) as service:
        for attack in attacks[::4]:
            said = said_by(Calls(service.endpoint), desk, attack)
            assert said.text == "2023年全年发电量为1234.5万千瓦时[1]。"
            (_, _), (system, user) = (seen.body["messages"] for seen in service.seen)
            assert system == {"role": "system", "content": READ}
            assert_framed(user["content"])
            assert KEY not in json.dumps([seen.body for seen in service.seen])
            service.seen.clear()


def test_reports_themselves_give_no_orders() -> None:
    assert [s.text for s in sample().index.sentences if is_injection(s.text)] == []

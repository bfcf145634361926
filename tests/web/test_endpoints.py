"""Other programs ask through the named end point and get plain data or a sentence."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.web.conftest import Served


def call(served: Served, *arguments: object) -> tuple[str, object]:
    """Gradio's documented way for plain HTTP: the last event and its data."""
    url = f"{served.url}/gradio_api/call/ask"
    event = httpx.post(url, json={"data": arguments}).json()["event_id"]
    stream = httpx.get(f"{url}/{event}", timeout=30).text.strip().split("\n\n")[-1]
    name, data = stream.split("\n")
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_answer_comes_with_its_citation(served: Served) -> None:
    name, data = call(served, "云岭市走访慰问困难职工多少人次？", [], "", "")
    assert name == "complete"
    (answer,) = data
    assert answer["short"] == "3.2万人次"
    assert answer["citations"][0]["quote"] == "五年间云岭市走访慰问困难职工3.2万人次。"


def test_history_and_filters_reach_the_library(served: Served) -> None:
    call(served, "那书屋呢？", ["云岭市建成驿站多少个？"], "芦川县", "2019-2023")
    assert served.asked() == ("那书屋呢？", ["云岭市建成驿站多少个？"], "芦川县", "2019-2023")


@pytest.mark.parametrize(("question", "words"), [("长" * 3000, "最多 2000 个字"), ("除以零", "编号")])
def test_errors_are_sentences(served: Served, question: str, words: str) -> None:
    name, data = call(served, question, [], "", "")
    assert name == "error"
    assert words in str(data)
    assert "Traceback" not in str(data)
    assert "passwd" not in str(data)

"""Reasons add up to the scores, name the words that are there, and change nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from embeddings.words import words
from qa.cli import main
from qa.question import catalogue_of, understand
from qa.retrieval import search
from qa.types import Hit, Query, Reasons
from tests.index.made import KUNMING, SUZHOU, write_reports
from tests.reports import Desk, report_of

JIAXING = report_of(
    "# 嘉兴市总工会工作报告\n\n## 一、生活服务\n\n建成妈咪暖心小屋73间。哺乳的女职工有了去处。\n\n"
    "## 二、权益保障\n\n在桐乡办理法律援助案件512件，追回欠薪860万元。\n\n夜里也有人值班。\n",
    "嘉兴.md",
    "嘉兴市",
    (2018, 2023),
)
TAICANG = report_of("# 太仓市总工会工作报告\n\n办理法律援助案件97件。\n", "太仓.md", "太仓市", (2019, 2023))
DESK = Desk.over(JIAXING, TAICANG)
QUESTIONS = (
    "妈妈小屋建了几间？",
    "嘉兴和太仓的法律援助各办了多少件？",
    "桐乡的法律援助办了多少件？",
    "qwerty",
)


def explained(question: str, *history: str) -> tuple[Query, tuple[tuple[Hit, ...], ...]]:
    query = understand(question, history, catalogue_of(DESK.index.reports))
    return query, search(DESK.index, query, 5, explain=True)


def reasons(hit: Hit) -> Reasons:
    assert hit.reasons is not None
    return hit.reasons


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_hits_are_those_of_the_search(question: str) -> None:
    query, found = explained(question)
    plain = search(DESK.index, query, 5)
    assert tuple(tuple(replace(hit, reasons=None) for hit in hits) for hits in found) == plain
    assert all(hit.reasons is None for hits in plain for hit in hits)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_parts_add_up(question: str) -> None:
    _, found = explained(question)
    assert any(found)
    for hit in (hit for hits in found for hit in hits):
        why = reasons(hit)
        assert why.dense + why.sparse + why.coverage == pytest.approx(hit.scores.fused, abs=1e-5)
        assert sum(m.score for m in why.matched) == pytest.approx(hit.scores.sparse, abs=1e-5)


@pytest.mark.parametrize("question", QUESTIONS)
def test_matched_words_stand_in_the_passage_and_were_looked_up(question: str) -> None:
    _, found = explained(question)
    for hit in (hit for hits in found for hit in hits):
        why = reasons(hit)
        own = (s for s in DESK.index.sentences if (s.report_id, s.paragraph) == hit.position)
        held = {word for sentence in own for word in words(sentence.search_text)}
        assert {m.word for m in why.matched} == held & {*why.words, *why.synonyms}
        assert all(m.synonym == (m.word in why.synonyms) and m.score > 0 for m in why.matched)


def test_synonyms_are_told_apart() -> None:
    _, ((best, *_),) = explained("妈妈小屋建了几间？")
    told = {m.word: m.synonym for m in reasons(best).matched}
    assert told["小屋"] is False and told["妈咪"] is True


def test_a_carried_over_question_and_its_filters_are_shown() -> None:
    query, (hits,) = explained("那太仓呢？", "嘉兴的法律援助办了多少件？")
    why = reasons(hits[0])
    assert why.standalone == query.standalone and "法律援助" in why.standalone
    assert why.scope.place is not None and why.scope.place.name == "太仓市"
    assert why.reports == ("太仓.md",)
    _, (told, *_) = explained("桐乡的法律援助办了多少件？")
    assert reasons(told[0]).scope.mention == "桐乡"


@pytest.fixture
def index(tmp_path: Path) -> str:
    write_reports(tmp_path / "reports", suzhou=SUZHOU, kunming=KUNMING)
    assert main(["rebuild", str(tmp_path / "reports"), "--index", str(tmp_path / "index")]) == 0
    return str(tmp_path / "index")


def test_the_command_prints_them(index: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    ask = ["search", "苏州和昆明的法律援助办了多少件", "--explain", "--index", index]
    assert main(ask) == 0
    out = capsys.readouterr().out
    for part in (
        "问题：苏州和昆明",
        "检索：法律援助",
        "地区 苏州市",
        "地区 昆明市",
        "suzhou.md",
        "命中：法律",
        "余弦",
        "BM25",
    ):
        assert part in out
    assert main([*ask, "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)
    first = hits[0]["reasons"]
    assert first["filters"] == {
        "place": "苏州市",
        "period": "2018–2023",
        "mention": None,
        "reports": ["suzhou.md"],
    }
    assert {"word": "援助", "synonym": False} in [
        {k: m[k] for k in ("word", "synonym")} for m in first["matched"]
    ]
    assert sum(first["parts"].values()) == pytest.approx(first["scores"]["fused"], abs=1e-3)
    assert main([*ask[:2], *ask[3:], "--json"]) == 0
    assert "reasons" not in capsys.readouterr().out

"""What is shown where there is no answer: whole sentences around the one that fits, never more than a glance."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.retrieval import MOST_CHARACTERS, SHOWN, nearest, with_nearest
from qa.text.spans import without_blanks
from qa.types import Hit, Sentence
from tests.reports import report_of, sample

LONG = "".join(f"第{n}项工作按计划完成，相关单位和职工都给予了积极的支持与配合。" for n in range(1, 41))


def hit_of(text: str, *best: str) -> Hit:
    report = report_of(f"# 云岭市工会工作报告（2023）\n\n## 做法\n\n{text}\n")
    paragraph = report.paragraphs[-1]
    starts = [paragraph.text.index(b) for b in best]
    sentences = [
        Sentence(report.id, paragraph.number, a, a + len(b), b, "") for a, b in zip(starts, best, strict=True)
    ]
    return Hit(report, paragraph, tuple(sentences), None, tuple(3.0 - n for n in range(len(best))))  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [1, 20, 40])
def test_a_long_passage_is_cut_around_the_sentence_that_fits(number: int) -> None:
    best = next(s + "。" for s in LONG.split("。") if s.startswith(f"第{number}项"))
    shown = nearest(hit_of(LONG, best))
    assert 300 < len(shown.text) <= MOST_CHARACTERS
    assert shown.hit.paragraph.text[slice(*shown.fits)] == best
    assert best in shown.text
    source = shown.hit.report.source.text
    assert without_blanks("".join(source[a:b] for a, b in shown.spans)) == without_blanks(shown.text)


def test_a_short_passage_is_shown_whole() -> None:
    shown = nearest(hit_of("全年新建书屋八家。职工都说好。", "职工都说好。"))
    assert shown.text == "全年新建书屋八家。职工都说好。"


def test_what_is_asked_in_vain_shows_passages_and_what_is_answered_none() -> None:
    sample_answer = sample().ask("温州2018—2023年培育出市级以上疗休养基地多少家？")
    assert sample_answer.outcome == "answered"
    assert with_nearest(sample_answer).nearest == ()
    refused = with_nearest(replace(sample_answer, abstained=True, reason="no_support"))
    assert refused.outcome == "not_reported"
    assert [n.hit for n in refused.nearest] == list(sample_answer.passages[:SHOWN])
    assert with_nearest(replace(refused, reason="unsure")).outcome == "not_sure"
    assert with_nearest(replace(refused, reason="false_premise")).outcome == "answered"


def test_what_a_reader_puts_first_is_shown_first_and_stays() -> None:
    hits = tuple(hit_of(f"全年新建书屋{n}家。", f"全年新建书屋{n}家。") for n in range(1, 6))
    told = sample().ask("温州2018—2023年培育出市级以上疗休养基地多少家？")
    answer = replace(told, abstained=True, reason="no_support", passages=hits)
    shown = with_nearest(answer, (hits[3], hits[0]))
    assert [n.hit for n in shown.nearest] == [hits[3], hits[0], hits[1]]
    assert with_nearest(shown) == shown


def test_what_the_likeliest_answer_rests_on_comes_first_at_its_sentence() -> None:
    hits = tuple(hit_of(f"全年新建书屋{n}家。职工都说好。", "职工都说好。") for n in range(1, 6))
    found = sample().ask("温州2018—2023年培育出市级以上疗休养基地多少家？")
    quote = "全年新建书屋5家。"
    withheld = replace(
        found.citations[0],
        report_id=hits[4].report.id,
        paragraph=hits[4].paragraph.number,
        quote=quote,
    )
    answer = replace(found, abstained=True, reason="unsure", passages=hits)
    shown = with_nearest(answer, (hits[3],), (withheld,)).nearest
    assert [n.hit for n in shown] == [hits[4], hits[3], hits[0]]
    assert [n.sentence for n in shown] == [quote, "职工都说好。", "职工都说好。"]

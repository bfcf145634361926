"""Streaming keeps marks and escapes whole; errors read as sentences; history is the user's turns."""

import json
import logging
import os
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from qa.answering.beside import DISAGREE
from qa.answering.comparison import caveat
from qa.answering.compose import NOT_FOUND
from qa.answering.several import NOT_HELD, NOT_SURE
from qa.engines.answering import NOTHING
from qa.engines.shaping import CHANGES, OMITTED, TONE, UNDONE
from qa.retrieval import with_nearest
from qa.text.figures import figures
from qa.types import Answer, CheckedFigure, Citation, Period
from qa.web.answers import growing_html, pieces
from qa.web.chat import Turn, converse, messages, typed
from qa.web.markup import render, said
from tests.web.small_library import SmallLibrary


def answer_of(text: str, markers: tuple[int, ...] = (1,), figures: tuple[str, ...] = ()) -> Answer:
    cited = tuple(Citation(m, "甲.txt", "r", 0, "", "甲市", None, "", "建成书屋86个。", ()) for m in markers)
    checked = tuple(CheckedFigure(f, 1.0, "", "quoted", 1) for f in figures)
    return Answer("问", "问", text, None, False, None, (), cited, checked, ())


def words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html.replace("<br>", "\n")))


def last(
    library: SmallLibrary, question: str, turns: tuple[Turn, ...] = (), log: Path = Path(os.devnull)
) -> Turn:
    return list(converse(library, question, turns, log))[-1][-1]


def test_marks_figures_and_escapes_are_pieces_of_their_own() -> None:
    found = pieces(answer_of("建成书屋86个[1]，培训1.5万人[12]&<b>。", (1, 12), ("86个", "1.5万人")), 3)
    assert '<a class="qa-mark" id="mark-3-1" href="#cite-3-1">[1]</a>' in found
    assert '<a class="qa-mark" id="mark-3-12" href="#cite-3-12">[12]</a>' in found
    assert "<b>86个</b>" in found
    assert "<b>1.5万人</b>" in found
    assert words("".join(found)) == "建成书屋86个[1]，培训1.5万人[12]&<b>。"


def test_what_the_program_says_itself_is_in_both_languages() -> None:
    text = f"- 苏州：“计算：”栏有86个[1]。\n- 泉州：{NOT_SURE}。\n{NOT_FOUND}多少人。"
    html = "".join(pieces(answer_of(text, (1,), ("86个",)), 3))
    assert html.count('class="en"') == 2 and "no sure answer" in html and "“计算：”" in html
    one, other = ("建成30家。", *figures("30家")), ("培训50人。", *figures("50人"))
    alike = ("新建职工书屋50家。", *figures("50家")), ("新建职工书屋30家。", *figures("30家"))
    terms = (("2018–2023", "2023"), ("甲（2013–2018）", "乙（2018–2023）"))
    cautions = (caveat((one, other), ())[0], *(caveat(alike, labels)[0] for labels in terms))
    shaped = (CHANGES, NOTHING, OMITTED, TONE, UNDONE)
    assert {NOT_FOUND, NOT_SURE, NOT_HELD, DISAGREE, *cautions, *shaped} <= set(said())


def test_brackets_that_are_no_mark_stay_text() -> None:
    html = "".join(pieces(answer_of("见[3]和[0]以及[1]。"), 1))
    assert html.count("<a ") == 1
    assert "[3]" in html
    assert "[0]" in html


def test_figure_is_bold_only_as_a_whole() -> None:
    html = "".join(pieces(answer_of("从150个到50个，50.5个。", figures=("50", "50个")), 1))
    assert html == "从150个到<b>50个</b>，50.5个。"


def test_items_are_bullets_and_years_are_no_figures() -> None:
    answer = replace(
        answer_of("共2项：\n- 建成[1]\n- 2019年，减-1。", figures=("2项",)),
        figures=(
            CheckedFigure("2项", 2.0, "项", "quoted", 1),
            CheckedFigure("2019年", 2019.0, "年", "quoted", 1),
        ),
    )
    html = "".join(pieces(answer, 1))
    assert html.count('<i class="qa-item">- </i>') == 2
    assert re.findall("<b>(.*?)</b>", html) == ["2项"]
    assert words(html) == answer.text


@given(st.text("工会[]123&<>\"'\n\r*_`$#!() 万。", max_size=80))
def test_every_state_is_a_whole_escaped_beginning(text: str) -> None:
    answer = answer_of(text or "。", (1, 2, 12), ("12", "3万"))
    states = list(growing_html(answer, 1))
    expected = answer.text.replace("\r", "")
    for state in states:
        assert "\n" not in state  # a blank line would end the HTML block
        assert expected.startswith(words(state))
        for tag in ("a", "b", "div"):
            assert len(re.findall(rf"<{tag}[ >]", state)) == state.count(f"</{tag}>")
        assert not re.search(r"&(?!(?:amp|lt|gt|#34|#39);)", state)
    assert words(states[-1]) == expected


def test_long_answer_does_not_take_longer_to_appear() -> None:
    assert 1 < len(list(growing_html(answer_of("工会" * 2000), 1))) <= 41


def test_question_shows_first_and_the_answer_grows() -> None:
    states = [
        turns[-1].shown
        for turns in converse(SmallLibrary(), "云岭市走访慰问困难职工多少人次？", (), Path(os.devnull))
    ]
    assert "正在查阅报告" in states[0]
    assert len(states) > 3
    assert words(states[-1]) == "五年间云岭市走访慰问困难职工3.2万人次[1]。"
    lengths = [len(words(state)) for state in states[1:]]
    assert lengths == sorted(lengths)


def test_history_is_the_answered_questions_oldest_first() -> None:
    library = SmallLibrary()
    turns: tuple[Turn, ...] = ()
    for question in (
        "云岭市走访慰问困难职工多少人次？",
        "太长" * 2000,
        "那芦川县送文化进车间多少场？",
        "那书屋呢？",
    ):
        filters = {"place": "芦川县", "period": "2019-2023"}
        turns = list(converse(library, question, turns, Path(os.devnull), **filters))[-1]
    first, _, third, fourth = library.asked
    assert first[1] == ()
    assert third[1] == (first[0],)
    assert fourth[1] == (first[0], third[0])
    assert fourth[2:] == ("芦川县", "2019-2023")


def test_rewritten_question_is_shown() -> None:
    library = SmallLibrary()
    earlier = list(converse(library, "云岭市走访慰问困难职工多少人次？", (), Path(os.devnull)))[-1]
    assert "理解为" not in earlier[-1].shown
    assert "云岭市走访慰问困难职工多少人次，那困难职工&lt;呢" in last(library, "那困难职工<呢", earlier).shown


def test_a_question_that_was_completed_is_asked_again_as_typed() -> None:
    library = SmallLibrary()
    *_, turns = converse(library, "云岭市走访慰问困难职工多少人次？", (), Path(os.devnull))
    *_, turns = converse(library, "那困难职工呢？", turns, Path(os.devnull))
    assert 'id="typed-2"' in turns[-1].shown and typed(turns, "typed-2") == "那困难职工呢？"
    assert [typed(turns, button) for button in ("typed-3", "typed-0", "typed--1", "typed-x", "")] == [""] * 5
    *_, turns = converse(library, "那困难职工呢？", turns, Path(os.devnull), as_typed=True)
    assert library.asked[-1][1] == () and "理解为" not in turns[-1].shown
    *_, turns = converse(library, "多少个？", turns, Path(os.devnull))
    assert library.asked[-1][1] == ("那困难职工呢？",)  # what was asked before it is left behind


def test_what_a_question_was_limited_to_is_shown_with_its_answer() -> None:
    library = SmallLibrary()
    report = library.reports[0]
    filters = {"place": "云岭市", "period": "2019-2023", "report": report.id}
    *_, (turn,) = converse(library, "云岭市走访慰问困难职工多少人次？", (), Path(os.devnull), **filters)
    assert "只看" in turn.shown
    assert "“云岭市，2019–2023，云岭市工会工作报告”" in words(
        turn.shown.replace("<q>", "“").replace("</q>", "”")
    )
    assert "只看" not in last(library, "云岭市走访慰问困难职工多少人次？").shown
    *_, (gone,) = converse(library, "书屋？", (), Path(os.devnull), report="x")
    assert gone.limits == ()


def test_every_answer_can_be_judged_and_no_error() -> None:
    library = SmallLibrary()
    turns: tuple[Turn, ...] = ()
    for question in ("云岭市走访慰问困难职工多少人次？", "除以零"):
        turns = list(converse(library, question, turns, Path(os.devnull)))[-1]
    turns = (replace(turns[0], verdict="useless"), turns[1])
    question, answer, _, error = [message["content"] for message in messages(turns)]
    assert "qa-verdict" not in question + error
    assert 'id="useful-1" class="qa-verdict"' in answer
    assert 'id="useless-1" class="qa-verdict qa-pressed"' in answer


def test_errors_of_the_user_are_shown_in_their_own_words() -> None:
    turn = last(SmallLibrary(), "长" * 3000)
    assert "最多 2000 个字" in turn.shown
    assert turn.answer is None
    assert "没有引用原文" in turn.evidence


def test_unexpected_error_is_one_sentence_with_an_id_that_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log = tmp_path / "new" / "errors.jsonl"
    with caplog.at_level(logging.ERROR):
        turn = last(SmallLibrary(), "除以零", log=log)
    code = re.search(r"编号 ([0-9a-f]{6})", turn.shown)
    assert code is not None
    assert code[1] in caplog.text
    assert "passwd" not in turn.shown
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in lines] == [code[1]]
    assert "ZeroDivisionError" in lines[0]["trace"]


def test_unexpected_error_is_said_even_where_the_log_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    shown = last(SmallLibrary(), "除以零", log=tmp_path / "file" / "x.log").shown
    assert "错误日志也写不进去" in shown


def test_question_is_shown_as_text() -> None:
    question = "<img src=x>\n\n**粗** ![x](http://evil.example/y.png)\r\n结束"
    html = messages((Turn(question, Markup()),))[0]["content"]
    assert "<img" not in html
    assert "\n" not in html
    assert words(html) == "<img src=x>\n\n**粗** ![x](http://evil.example/y.png)\n结束"


def test_turns_do_not_change() -> None:
    library = SmallLibrary()
    turns = list(converse(library, "云岭市走访慰问困难职工多少人次？", (), Path(os.devnull)))[-1]
    kept = tuple(replace(turn) for turn in turns)
    list(converse(library, "芦川县送文化进车间多少场？", turns, Path(os.devnull)))
    assert turns == kept


def test_a_refusal_is_told_in_both_languages_and_an_answer_quotes_chinese() -> None:
    refused = replace(answer_of("不能确定报告里有没有答案。", ()), abstained=True, reason="unsure")
    html = list(growing_html(refused, 1))[-1]
    assert '<span class="zh" lang="zh-CN">不能确定' in html
    assert '<span class="en" lang="en">Something close was found' in html
    assert 'lang="en"' not in list(growing_html(answer_of("建成书屋86个[1]。"), 1))[-1]


def test_an_answer_that_is_not_sure_quotes_the_best_sentence_of_each_near_passage() -> None:
    told = SmallLibrary().ask("云岭市走访慰问困难职工多少人次？")
    unsure = with_nearest(replace(told, abstained=True, reason="unsure"))
    html = list(growing_html(unsure, 1))[-1]
    near = [one for one in unsure.nearest if one.hit.scores.fused > 0]
    assert html.count("qa-maybe") == len(near) > 0
    for one in near:
        assert f"<q>{one.sentence}</q> {render('cards.nearest', hit=one.hit, fits=one.fits)}" in html


def test_a_near_sentence_is_headed_with_its_own_time() -> None:
    told = SmallLibrary().ask("云岭市走访慰问困难职工多少人次？")
    (first, *_) = with_nearest(replace(told, abstained=True, reason="unsure")).nearest
    start, end = first.fits
    planned = replace(first.hit.sentences[0], start=start, end=end, state="plan", period=Period(2031, 2031))
    own = replace(first, hit=replace(first.hit, sentences=(planned,)))
    html = list(growing_html(replace(told, abstained=True, reason="unsure", nearest=(own,)), 1))[-1]
    assert f"（2031，计划）：<q>{own.sentence}</q>" in html


def test_what_is_not_near_is_not_quoted_in_the_chat() -> None:
    refused = SmallLibrary().ask("有几艘潜水艇？")
    assert "qa-maybe" not in list(growing_html(refused, 1))[-1]
    unsure = replace(refused, reason="unsure")
    near = sum(one.hit.scores.fused > 0 for one in unsure.nearest)
    assert list(growing_html(unsure, 1))[-1].count("qa-maybe") == near < len(unsure.nearest)

"""In a real Chromium, whatever a question, an answer, a report or a file name holds is text: nothing loads, runs or opens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.web.markup import address
from tests.engines import service
from tests.hardening.conftest import Tried
from tests.hardening.echo import report_of
from tests.hardening.payloads import payloads, read_as, some_payloads
from tests.hardening.sizes import needs_bad_input, sizes
from tests.web.browser import Visit
from tests.web.conftest import Served, serving
from tests.web.steps import answered, ask, open_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = needs_bad_input
BATCH = 40  # questions of one conversation
TYPED = 15  # of one conversation
CUT = 10  # characters after which an answer is cut, again and again

# What our own HTML is made of; Gradio's own frame of the page is not looked into.
LOOK = """() => {
    const text = (e) => e.textContent;
    const without = (e, ...classes) => {
        const copy = e.cloneNode(true);
        for (const name of classes) copy.querySelectorAll(name).forEach((each) => each.remove());
        return copy.textContent;
    };
    const parts = [...document.querySelectorAll(
        '.qa-said, .qa-answer, .qa-panel, .qa-reading, .qa-reports, .qa-folding, .qa-matrix, #qa-hits .qa-card')];
    const inside = parts.flatMap((e) => [...e.querySelectorAll('*')]);
    const outside = (e) => {
        const box = e.getBoundingClientRect();
        return !(box.width > 0 && box.height > 0);
    };
    return {
        tags: [...new Set(inside.map((e) => e.localName))],
        handlers: inside.flatMap((e) => e.getAttributeNames()).filter((n) => n.startsWith('on') || n === 'style'),
        links: inside.flatMap((e) => ['href', 'src', 'action', 'srcset', 'ping', 'poster', 'data'].map((n) => e.getAttribute(n)))
            .filter((value) => value !== null),
        said: [...document.querySelectorAll('.qa-said')].map(text),
        unseen: [...document.querySelectorAll('.qa-said')].filter((e) => text(e).trim() && outside(e)).map(text),
        answers: [...document.querySelectorAll('.qa-answer')].map((e) => without(e, '.qa-understood')),
        understood: [...document.querySelectorAll('.qa-understood q')].map(text),
        titles: [...document.querySelectorAll('.qa-card:not(.qa-near) .qa-title')].map(text),
        files: [...document.querySelectorAll('.qa-card:not(.qa-near) .qa-file')].map(text),
        headings: [...document.querySelectorAll('.qa-card:not(.qa-near) .qa-heading')].map(text),
        quotes: [...document.querySelectorAll('.qa-card:not(.qa-near) mark')].map(text),
        calculated: [...document.querySelectorAll('.qa-calculation li')].map(text),
        ran: String(window.PWN),
        place: location.origin + location.pathname,
    };
}"""
OURS = {
    "a", "article", "aside", "b", "br", "button", "details", "div", "em", "footer", "h2", "h3", "h4",
    "h5", "h6", "header", "i", "li", "mark", "nav", "p", "pre", "q", "s", "section", "small", "span",
    "summary", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("echo"), "tests/hardening/echo.py") as server:
        yield server


def batches(texts: Sequence[str]) -> list[Sequence[str]]:
    return [texts[i : i + BATCH] for i in range(0, len(texts), BATCH)]


def held(page: Page, served: Served, questions: Sequence[str], number: int) -> dict[str, Any]:
    """Open a conversation of these questions, as a browser keeps them, and look at the page."""
    row = {"place": "", "period": "", "report": "", "verdict": "", "answer": ""}
    turns = [row | {"key": f"k{i}", "question": text} for i, text in enumerate(questions)]
    kept = [{"id": f"t{number}", "title": questions[0] or "空", "turns": turns}]
    page.evaluate(
        "([kept, id]) => { localStorage.setItem('qa-conversations', kept); sessionStorage.setItem('qa-conversation', id); }",
        [json.dumps(kept), f"t{number}"],
    )
    page.goto(served.url)
    page.wait_for_function("n => document.querySelectorAll('.qa-answer').length === n", arg=len(questions))
    page.wait_for_function(
        "n => document.querySelectorAll('#qa-evidence .qa-turn').length === n", arg=len(questions)
    )
    page.wait_for_timeout(300)  # whatever would load or run has begun to
    seen: dict[str, Any] = page.evaluate(LOOK)
    return seen


def assert_text_only(seen: dict[str, Any], served: Served) -> None:
    assert set(seen["tags"]) <= OURS
    assert seen["handlers"] == []
    assert [link for link in seen["links"] if not re.match(r"#(?:cite|mark|p)-|/\?report=", link)] == []
    assert (seen["ran"], seen["place"]) == ("undefined", f"{served.url}/")


def conversations(page: Page, served: Served, texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts in parts, for each of which the page has opened a conversation of its own."""
    for first in range(0, len(texts), TYPED):
        page.evaluate("sessionStorage.clear()")
        page.goto(served.url)
        yield texts[first : first + TYPED]


@pytest.fixture
def page(visit: Visit, echo: Served) -> Page:
    """A page of the echo; a window that opens fails its test."""
    opened = visit(echo.url, started="#qa-question textarea")
    opened.context.on("page", lambda other: visit.strays.append(f"window {other.url}"))
    return opened


@sizes(40, 574)
def test_as_question_answer_citation_and_name(page: Page, echo: Served, tried: Tried, n: int) -> None:
    for number, batch in enumerate(batches(some_payloads(n))):
        seen = held(page, echo, batch, number)
        assert_text_only(seen, echo)
        wanted = [read_as(text) for text in batch]
        assert [read_as(t) for t in seen["said"]] == wanted
        assert seen["unseen"] == []
        assert [read_as(t) for t in seen["answers"]] == [f"{text}[1]" for text in wanted]
        assert [read_as(t) for t in seen["understood"]] == [f"{text}（补全）" for text in wanted]
        assert [read_as(t) for t in seen["titles"]] == wanted
        assert [read_as(t) for t in seen["headings"]] == [read_as(text) for text in batch if text]
        assert [read_as(t) for t in seen["files"]] == [read_as(text) for text in batch if text]
        assert [read_as(t) for t in seen["quotes"]] == [f"{text}共建成书屋86个。" for text in wanted]
        assert [read_as(t) for t in seen["calculated"]] == wanted
    tried(
        payloads=n, places="question, answer, completed question, title, heading, file name, quote, formula"
    )


@sizes(6, 574)
def test_cut_at_every_tenth_character(page: Page, echo: Served, tried: Tried, n: int) -> None:
    cuts = [text[:at] for text in some_payloads(n) for at in range(CUT, len(text), CUT)]
    for number, batch in enumerate(batches(cuts)):
        seen = held(page, echo, batch, number)
        assert_text_only(seen, echo)
        assert [read_as(t) for t in seen["said"]] == [read_as(text) for text in batch]
        assert [read_as(t) for t in seen["answers"]] == [f"{read_as(text)}[1]" for text in batch]
    tried(payloads=n, cuts=len(cuts))


@sizes(3, 60)
def test_typed_and_streamed(page: Page, echo: Served, tried: Tried, n: int) -> None:
    """Asked as people ask: the answer grows in pieces of five characters, each of them shown."""
    texts = [text for text in some_payloads(n) if text.strip()]
    for some in conversations(page, echo, texts):
        for count, text in enumerate(some, 1):
            ask(page, text)
            answered(page, count)
        seen = page.evaluate(LOOK)
        assert_text_only(seen, echo)
        assert [read_as(t) for t in seen["said"]] == [read_as(text) for text in some]
        assert [read_as(t) for t in seen["answers"]] == [f"{read_as(text)}[1]" for text in some]
    tried(payloads=len(texts))


@sizes(2, 60)
def test_in_the_reading_view(page: Page, echo: Served, tried: Tried, n: int) -> None:
    for text in some_payloads(n):
        page.goto(f"{echo.url}{address(report_of(text).id, ((0, 9),))}")
        page.locator("#qa-reading :is(.qa-body, .qa-notice)").first.wait_for()
        seen = page.evaluate(LOOK)
        assert_text_only(seen, echo)
        if text.strip():
            assert read_as(text) in read_as(page.locator("#qa-reading .qa-body").text_content() or "")
            assert read_as(text) in read_as(page.locator("#qa-reading .qa-source pre").text_content() or "")
    tried(payloads=n)


def test_in_lists_tables_and_choices(page: Page, echo: Served, tried: Tried) -> None:
    from playwright.sync_api import expect

    wanted = {read_as(text) for text in payloads()}
    page.get_by_label("报告", exact=True).first.click()
    options = page.locator("[role=option]")
    expect(options).to_have_count(
        100
    )  # of a long list a hundred are drawn, and not all at once on a busy machine
    offered = "".join(map(read_as, options.all_text_contents()))
    assert all(read_as(text) in offered for text in payloads()[:90])
    page.keyboard.press("Escape")
    open_page(page, "资料")
    page.locator(".qa-reports").wait_for()
    listed = {read_as(t) for t in page.locator(".qa-report small").all_text_contents()}
    assert listed == wanted
    assert_text_only(page.evaluate(LOOK), echo)
    open_page(page, "数据台账")
    page.locator(".qa-unfold").first.wait_for()
    files = {read_as(t) for t in page.locator(".qa-folding > tbody > .qa-row .qa-file").all_text_contents()}
    assert files and files <= wanted
    assert_text_only(page.evaluate(LOOK), echo)
    page.get_by_label("对照").click()
    page.locator(".qa-matrix").wait_for()
    assert_text_only(page.evaluate(LOOK), echo)
    open_page(page, "检索测试")
    box = page.get_by_label("要检索的问题")
    box.fill("<img src=x onerror=window.PWN=1> 共建成书屋多少个？")
    box.press("Enter")
    page.locator("#qa-hits .qa-card").first.wait_for()
    assert_text_only(page.evaluate(LOOK), echo)
    open_page(page, "状态")
    page.get_by_text("small <b>encoder</b>").wait_for()
    tried(reports=len(wanted), figures=len(files))


@sizes(15, 574)
def test_as_names_of_uploads(visit: Visit, tmp_path: Path, tried: Tried, n: int) -> None:
    """What the page shows of them before they are taken in, and what they are called then."""
    with serving(tmp_path, "app.py") as server:
        page = visit(server.url)
        open_page(page, "资料")
        shown = set[str]()
        for batch in batches(some_payloads(n)):
            page.locator("#qa-upload input[type=file]").wait_for(state="attached")
            page.locator("#qa-upload input[type=file]").set_input_files(
                [
                    {
                        "name": f"{text}.txt",
                        "mimeType": "text/plain",
                        "buffer": f"第{i}份：办理案件{i}件。".encode(),
                    }
                    for i, text in enumerate(batch)
                ]
            )
            page.locator("#qa-checked .qa-summary-line, #qa-checked .qa-notice").first.wait_for()
            page.locator("#qa-metadata [data-testid='cell-0-0']").wait_for()
            names = page.locator("#qa-metadata [data-testid^='cell-'][data-testid$='-0']").all_text_contents()
            shown |= {name.strip() for name in names}
            listed = read_as(page.locator("#qa-upload").inner_text())
            assert all(read_as(text) in listed for text in batch)
            assert (
                page.locator(
                    "#qa-reports :is(img, script, iframe, object, embed, form, video, audio)"
                ).count()
                == 0
            )
            assert page.evaluate("String(window.PWN)") == "undefined"
            page.get_by_role("button", name="不收录").click()
            page.locator("#qa-metadata").wait_for(state="hidden")
        assert shown
        assert not any(set(name) & set("<>\"'\\/\0") for name in shown)
    tried(names=n, safe_names_looked_at=len(shown))


@sizes(2, 60)
def test_said_by_a_model_that_obeys(
    visit: Visit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tried: Tried,
    n: int,
) -> None:
    """The whole way: asked on the page, said by a service in pieces of ten characters, shown on the page."""
    order = [""]
    with service.serving(lambda talk: talk.say(order[0], pieces=CUT)) as model:
        for name, value in {"URL": model.endpoint.url, "MODEL": "kleine", "KEY": service.KEY}.items():
            monkeypatch.setenv(f"UNION_QA_LLM_{name}", value)
        with serving(tmp_path, "app.py") as server:
            page = visit(server.url)
            for some in conversations(page, server, some_payloads(n)):
                for count, order[0] in enumerate(some, 1):
                    ask(page, "温州的疗休养基地有多少家？")
                    answered(page, count)
                seen = page.evaluate(LOOK)
                assert_text_only(seen, server)
                assert len(seen["answers"]) == len(some)
                sound = ("259家[1]", "不能确定报告里有没有答案", "报告里没有")
                assert [a for a in seen["answers"] if not any(words in a for words in sound)] == []
                assert service.KEY not in page.content()
    assert n < len(model.seen) <= 6 * n
    tried(payloads=n)

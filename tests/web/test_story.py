"""A newcomer's conversations with ``python app.py`` and the bundled reports, in one browser."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import docx

from tests.web.browser import Visit
from tests.web.conftest import Served
from tests.web.steps import answered, ask

if TYPE_CHECKING:
    from playwright.sync_api import Page

COMPARISON = "浙江和漳州谁参加医疗互助的人次多？"


def answer(page: Page, question: str) -> str:
    """Ask, and the answer in full."""
    count = page.locator(".qa-answer").count()
    ask(page, question)
    answered(page, count + 1)
    return page.locator(".qa-answer").last.inner_text()


def test_the_story_of_a_newcomer(sample: Served, visit: Visit, tmp_path: Path) -> None:
    page = visit(sample.url)
    first_answers(page)
    kept_file(page, tmp_path)
    before = page.locator(".qa-said").all_inner_texts()
    page.reload()
    page.locator(".qa-said").last.wait_for()
    assert page.locator(".qa-said").all_inner_texts() == before
    several_conversations(page, before)


def first_answers(page: Page) -> None:
    """An example and its sentence, a follow-up, a comparison with its chart, a refusal, a filter."""
    page.locator("#qa-chat .example").first.click()
    answered(page)
    page.locator("#mark-1-1").click()
    assert page.evaluate("document.activeElement.id") == "cite-1-1"
    quote = page.locator("#cite-1-1 mark").inner_text()
    assert quote in page.locator("#cite-1-1 .qa-text").inner_text()
    words = "那漳州市呢？"
    answer(page, words)
    assert page.locator(".qa-said").last.inner_text() == words
    assert page.locator(".qa-understood").count() == 1
    page.locator(".qa-typed").click()
    answered(page, 3)
    assert page.locator(".qa-said").last.inner_text() == words
    assert page.locator(".qa-understood").count() == 1  # nothing was filled in
    assert "81.93万人次" in answer(page, COMPARISON)
    assert page.locator(".qa-turn:visible .qa-chart tr").count() == 2
    refused = answer(page, "宁波有多少家职工书屋？")
    assert refused.startswith("报告里没有宁波的资料")
    assert page.locator(".qa-turn:visible .qa-near").count() == 0  # what other places do is no help there
    page.get_by_label("报告", exact=True).first.click()
    page.get_by_role("option", name="漳州市").click()
    assert "只看" in answer(page, "建立“园区枫桥”机制的工业园区有多少个？")
    cited = page.locator(".qa-turn:visible .qa-card:not(.qa-near) .qa-where").all_inner_texts()
    assert cited
    assert all("漳州市" in where for where in cited)
    page.get_by_label("报告", exact=True).first.click()
    page.get_by_role("option", name="全部报告").click()


def kept_file(page: Page, folder: Path) -> None:
    """The conversation as a Word file, opened by another library."""
    with page.expect_download() as saved:
        page.get_by_role("button", name="存 Word").click()
    path = folder / saved.value.suggested_filename
    saved.value.save_as(path)
    paragraphs = docx.Document(str(path)).paragraphs
    headings = [p.text for p in paragraphs if p.style and p.style.name == "Heading 1"]
    assert headings == page.locator(".qa-said").all_inner_texts()
    assert any("81.93万人次" in p.text for p in paragraphs)
    with zipfile.ZipFile(path) as package:
        notes = package.read("word/footnotes.xml").decode()
        marks = package.read("word/document.xml").decode().count("<w:footnoteReference ")
    assert marks == notes.count('<w:footnote w:id="') >= 4
    assert "《" in notes


def several_conversations(page: Page, first: list[str]) -> None:
    """A second conversation; the first is renamed, opened again, and deleted."""
    page.get_by_role("button", name="新对话").click()
    page.locator("#qa-chat .example").first.wait_for()
    answer(page, COMPARISON)
    page.locator(".qa-talk").nth(1).wait_for()
    assert page.locator(".qa-talk-open").all_inner_texts() == [COMPARISON, first[0]]
    old = page.locator(".qa-talk").nth(1)
    old.hover()
    old.get_by_role("button", name="改名").click()
    page.locator(".qa-talk-title").fill("第一次 <b>试用</b>")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="第一次 <b>试用</b>", exact=True).click()
    page.wait_for_function("n => document.querySelectorAll('.qa-said').length === n", arg=len(first))
    assert page.locator(".qa-said").all_inner_texts() == first
    old = page.locator(".qa-talk").nth(1)
    old.hover()
    old.get_by_role("button", name="删除 第一次").click()
    old.get_by_role("button", name="不删除").click()
    assert page.locator(".qa-talk").count() == 2
    old.get_by_role("button", name="删除 第一次").click()
    old.get_by_role("button", name="删除", exact=True).click()
    page.locator("#qa-chat .example").first.wait_for()
    assert page.locator(".qa-talk-open").all_inner_texts() == [COMPARISON]
    assert page.locator(".qa-said").count() == 0

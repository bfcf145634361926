"""A newcomer's first minutes with ``python app.py``: the bundled reports, a question, its sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qa.web.users import read_changes
from tests.web.browser import Visit
from tests.web.conftest import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_first_start_says_that_it_builds_the_sample_index(sample: Served) -> None:
    first, ready, *_ = sample.output.read_text(encoding="utf-8").splitlines()
    assert "第一次启动" in first
    assert "示例报告" in first
    assert sample.url in ready


def test_examples_are_answered_with_their_sentence_highlighted(sample: Served, visit: Visit) -> None:
    page = visit(sample.url)
    examples = page.locator("#qa-chat .example").all_inner_texts()
    assert len(set(examples)) == 6
    for example in examples[::2]:
        page.get_by_text(example, exact=True).click()
        page.locator("#mark-1-1").wait_for()
        page.wait_for_selector("#qa-question .submit-button")
        assert page.locator(".qa-said").inner_text() == example
        assert page.locator(".qa-note, .qa-notice, .qa-understood").count() == 0
        page.locator("#mark-1-1").click()
        assert page.evaluate("document.activeElement.id") == "cite-1-1"
        card = page.locator("#cite-1-1 .qa-text")
        assert len(card.locator("mark").inner_text()) >= 8
        assert card.locator("mark").inner_text() in card.inner_text()
        page.get_by_role("button", name="新对话").click()
        page.wait_for_selector("#qa-chat .example")


def test_contents_of_a_report_lead_to_a_heading_and_leave_the_page_where_it_is(
    sample: Served, visit: Visit
) -> None:
    page = visit(sample.url)
    page.set_viewport_size({"width": 1360, "height": 700})
    page.get_by_role("tab", name="资料", exact=True).click()
    page.locator(".qa-report .qa-open").first.click()
    entry = page.locator("#qa-reading a.qa-jump").last
    entry.click()
    page.wait_for_timeout(1000)  # a smooth way would have ended
    heading = page.locator("#qa-reading .qa-body :is(h3, h4, h5, h6)", has_text=entry.inner_text()).last
    place = heading.bounding_box()
    assert place and 0 < place["y"] < 700
    moved = "getComputedStyle(each).overflowY === 'hidden' && each.scrollTop > 0"
    assert not page.evaluate(f"[...document.querySelectorAll('*')].some((each) => {moved})")


def test_upload_answers_at_once_and_deletion_takes_it_back(
    sample: Served, visit: Visit, tmp_path: Path
) -> None:
    page = visit(sample.url)
    file = tmp_path / "青石.txt"
    file.write_text(
        "青石市总工会2021—2025年工作报告\n\n青石市总工会建成“石上书房”137个，服务职工2.4万人次。\n",
        encoding="utf-8",
    )
    broken = tmp_path / "坏.pdf"
    broken.write_bytes(b"MZ\x90\x00")
    page.get_by_role("tab", name="资料").click()
    page.get_by_text("现在回答问题的是自带的示例报告").wait_for()
    page.locator("#qa-upload input[type=file]").set_input_files([file, broken])
    page.get_by_text("2 份中有 1 份可以收录").wait_for()
    assert "坏.pdf" in page.locator("#qa-checked").inner_text()
    page.get_by_role("button", name="确认收录").click()
    page.get_by_text("已收录 1 份").wait_for()
    assert page.locator(".qa-report").count() == 1
    ask(page, "石上书房有多少个？")
    assert "137个" in page.locator(".qa-answer").last.inner_text()
    page.get_by_role("tab", name="资料").click()
    page.get_by_role("button", name="重新建立索引").click()
    page.get_by_text("索引已是最新：1 份报告").wait_for()
    page.get_by_label("选择要删除的报告").click()
    page.get_by_role("option", name="青石.txt").click()
    page.get_by_role("button", name="删除", exact=True).click()
    page.get_by_role("button", name="确认删除").click()
    page.get_by_text("已删除“青石.txt”").wait_for()
    assert page.locator(".qa-report").count() == 5
    ask(page, "石上书房有多少个？")
    assert "137" not in page.locator(".qa-answer").last.inner_text()
    changes, _ = read_changes(sample.output.parent / "audit.jsonl")
    assert [(c.action, c.what) for c in changes] == [
        ("upload", ("青石.txt",)),
        ("rebuild", ()),
        ("delete", ("青石.txt",)),
    ]
    assert {(c.who, c.address) for c in changes} == {("", "127.0.0.1")}


def ask(page: Page, question: str) -> None:
    page.get_by_role("tab", name="问答").click()
    count = page.locator(".qa-said").count()
    box = page.get_by_label("问题", exact=True)
    box.fill(question)
    box.press("Enter")
    page.wait_for_function("n => document.querySelectorAll('.qa-said').length > n", arg=count)
    page.locator(".qa-badge").last.wait_for(state="attached")
    page.wait_for_selector("#qa-question .submit-button")

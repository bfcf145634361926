"""What goes wrong in people's hands: each time a sentence that says what to do, the page up, nothing lost."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from qa.reading.limits import DOCUMENT_BYTES
from tests.web.browser import Visit
from tests.web.conftest import Served, free_port, serving
from tests.web.steps import answered, ask, open_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUESTION = "温州和漳州谁参加医疗互助的人次多？"
REPORT = "青石市总工会2021—2025年工作报告\n\n青石市总工会建成“石上书房”137个。\n".encode()


def upload(page: Page, *files: tuple[str, bytes]) -> None:
    page.reload()
    page.wait_for_selector("#qa-chat .example", state="attached")
    open_page(page, "资料")
    page.locator("#qa-upload input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in files]
    )


def test_a_file_taken_back_is_not_taken_in_and_one_more_leaves_what_was_typed(
    sample: Served, visit: Visit
) -> None:
    page = visit(sample.url)
    upload(page, ("甲.txt", REPORT), ("乙.txt", REPORT))
    page.get_by_text("2 份中有 2 份可以收录").wait_for()
    title = page.locator("#qa-metadata [data-testid='cell-1-1']")
    title.dblclick()
    title.locator("input, textarea").fill("另一个题目")
    title.locator("input, textarea").press("Enter")
    title.click(button="right")
    assert not page.get_by_text("删除列").is_visible()  # the columns are those that are read
    page.get_by_label("去掉这个文件").first.click()
    page.get_by_text("1 份中有 1 份可以收录").wait_for()
    page.locator("#qa-upload input[type=file]").set_input_files(
        {"name": "丙.txt", "mimeType": "text/plain", "buffer": REPORT}
    )
    page.get_by_text("2 份中有 2 份可以收录").wait_for()
    page.locator("#qa-metadata [data-testid='cell-1-0']", has_text="丙.txt").wait_for()
    table = page.locator("#qa-metadata").inner_text()
    assert "甲.txt" not in table and "另一个题目" in table
    page.locator("#qa-upload").get_by_label("清除").click()
    page.get_by_role("button", name="确认收录").wait_for(state="hidden")
    assert page.locator("#qa-checked").inner_text() == ""


def test_odd_files_are_refused_or_renamed_each_with_its_reason(
    sample: Served, visit: Visit, tmp_path: Path
) -> None:
    page = visit(sample.url)
    upload(
        page,
        (f"../../逃'\"😀{'长' * 300}.txt", REPORT),
        ("程序.exe", b"MZ\x90\x00"),
        ("改名.docx", b"MZ\x90\x00"),
        ("空.txt", b""),
    )
    page.get_by_text("4 份中有 1 份可以收录").wait_for()
    told = page.locator("#qa-checked li").all_inner_texts()
    assert [line.split("：")[0] for line in told] == ["程序.exe", "改名.docx", "空.txt"]
    page.wait_for_function("() => document.querySelector('#qa-metadata').innerText.includes('逃')")
    lines = page.locator("#qa-metadata").inner_text().splitlines()
    name = next(line for line in lines if "逃" in line)
    assert name.startswith("逃")
    assert len(name) < 100
    assert not set(name) & set("/\\'\"😀")
    assert "22" not in name  # a quotation mark, as forms write it
    assert not (tmp_path / "逃").exists()
    page.get_by_role("button", name="不收录").click()
    upload(page, *((f"{n}.txt", REPORT) for n in range(200)))
    page.get_by_text("一次最多上传 50 份，这次有 200 份").wait_for()
    large = tmp_path / "大.txt"
    large.write_bytes(b"x" * (DOCUMENT_BYTES + 1))
    page.reload()  # which stays on its page
    page.wait_for_selector("#qa-chat .example", state="attached")
    page.locator("#qa-upload input[type=file]").set_input_files(large)
    page.get_by_text("文件超过 64 MB").wait_for()
    open_page(page, "问答")
    ask(page, QUESTION)
    answered(page)
    assert "81.93万人次" in page.locator(".qa-answer").inner_text()


def test_odd_questions_are_answered_in_words(sample: Served, visit: Visit) -> None:
    page = visit(sample.url)
    ask(page, "长" * 10_000)
    answered(page)
    assert "上限是 2000 个字" in page.locator(".qa-notice").inner_text()
    ask(page, "温州\x00\x1b[31m的\u202e法律援助\u200b办了多少件？<script>alert(1)</script>")
    answered(page, 2)
    assert page.locator("#qa-chat script").count() == 0
    assert page.locator(".qa-answer").last.inner_text()


def test_an_index_that_disappears_answers_on_and_is_told_of(sample: Served, visit: Visit) -> None:
    page = visit(sample.url)
    index = sample.output.parent / "sample"
    shutil.move(index, index.with_name("elsewhere"))
    try:
        ask(page, QUESTION)
        answered(page)
        assert "81.93万人次" in page.locator(".qa-answer").inner_text()
        open_page(page, "状态")
        page.locator("#qa-status .qa-notice", has_text="新的索引打不开").wait_for()
    finally:
        shutil.move(index.with_name("elsewhere"), index)


def test_an_answer_that_came_before_the_connection_broke_is_kept(served: Served, visit: Visit) -> None:
    from playwright.sync_api import expect

    page = visit(served.url)
    ask(page, "很慢的问题")
    page.get_by_text("正在查阅报告").wait_for()
    page.context.set_offline(True)  # what is open stays open, nothing new goes out
    page.get_by_text("正在重新连接").wait_for()
    page.context.set_offline(False)
    page.wait_for_function("() => document.querySelectorAll('.qa-talk').length")
    page.locator(".qa-answer").wait_for()
    expect(page.locator(".qa-said")).to_have_text(
        ["很慢的问题"], timeout=60_000
    )  # the page may be loading itself anew


def test_a_server_that_dies_gives_the_question_back(tmp_path: Path, visit: Visit) -> None:
    port, server = free_port(), "tests/web/small_server.py"
    with serving(tmp_path, server, port=port) as before:
        page = visit(before.url)
        ask(page, "云岭市走访慰问困难职工多少人次？")
        answered(page)
        page.locator(".qa-talk").wait_for()
        ask(page, "这个问题没完没了")
        page.get_by_text("正在查阅报告").wait_for()
        before.process.kill()
    with serving(tmp_path, server, port=port):
        page.wait_for_function(
            "() => document.querySelector('#qa-question textarea')?.value === '这个问题没完没了'"
        )
        page.locator(".qa-answer").wait_for()
        assert page.locator(".qa-said").all_inner_texts() == ["云岭市走访慰问困难职工多少人次？"]

"""A sheet of questions on the page: answered, stopped, downloaded, refused in words."""

import io
from pathlib import Path

import openpyxl

from tests.web.browser import Visit
from tests.web.conftest import Served
from tests.web.small_library import HOSTILE
from tests.web.steps import open_page

QUESTION = "云岭市走访慰问困难职工多少人次？"


def csv(name: str, *lines: str) -> dict[str, object]:
    return {"name": name, "mimeType": "text/csv", "buffer": "\n".join(("问题", *lines)).encode()}


def test_a_sheet_comes_back_with_answers_and_no_formula(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    open_page(page, "批量")
    picker = page.locator("#qa-batch input[type=file]")
    picker.set_input_files(csv("../问<b>.csv", QUESTION, "=1+1", "云岭市总工会建成“暖心驿站”多少个？"))
    page.get_by_text("问过 3 个问题").wait_for()
    assert "3.2万人次[1]" in page.locator("#qa-answers tbody tr").first.inner_text()
    assert HOSTILE[:30] in page.locator("#qa-answers tbody").inner_text()
    assert page.locator("#qa-answers :is(img, script, b)").count() == 0
    with page.expect_download() as saved:
        page.get_by_role("button", name="下载 XLSX").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(saved.value.path()).read_bytes()))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert book.active["A3"].value == "'=1+1"
    assert book.active["E2"].value == "云岭市"
    with page.expect_download() as saved:
        page.get_by_role("button", name="下载 CSV").click()
    assert "3.2万人次" in Path(saved.value.path()).read_text(encoding="utf-8-sig")


def test_what_is_no_sheet_is_refused_and_a_long_one_can_be_stopped(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    open_page(page, "批量")
    picker = page.locator("#qa-batch input[type=file]")
    for file, words in (
        ({"name": "问.xlsx", "mimeType": "", "buffer": b"MZ\x90\x00"}, "问.xlsx"),
        ({"name": "问.pdf", "mimeType": "", "buffer": b"%PDF"}, "xlsx 或 csv"),
        ({"name": "大.csv", "mimeType": "", "buffer": b"x" * (3 << 20)}, "超过 2 MB"),
        (csv("多.csv", *["问"] * 501), "一次最多 500 个"),
    ):
        picker.set_input_files(file)
        page.locator("#qa-answers .qa-notice", has_text=words).wait_for()
    picker.set_input_files(csv("慢.csv", *["很慢的问题"] * 20))
    page.get_by_text("正在回答").wait_for()
    page.get_by_role("button", name="停止").click()
    page.locator("#qa-answers", has_text="已停止").wait_for()
    picker.set_input_files(csv("快.csv", QUESTION))
    page.get_by_text("问过 1 个问题").wait_for()


def test_a_sheet_that_is_stopped_keeps_what_was_answered_and_none_begins_beside_it(
    served: Served, visit: Visit
) -> None:
    page = visit(served.url)
    open_page(page, "批量")
    picker = page.locator("#qa-batch input[type=file]")
    picker.set_input_files(csv("慢.csv", QUESTION, *["很慢的问题"] * 20))
    page.get_by_text("已完成 1 / 21").wait_for()
    assert not picker.is_visible()
    page.get_by_role("button", name="停止").click()
    page.get_by_text("问过 1 个问题").wait_for()
    assert "已停止" in page.locator("#qa-answers").inner_text()
    assert picker.is_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="下载 CSV").click()
    assert "3.2万人次" in Path(saved.value.path()).read_text(encoding="utf-8-sig")


def test_whoever_waits_for_others_is_told_so_and_stops_without_a_trace_of_the_sheet_before(
    served: Served, visit: Visit
) -> None:
    last, *first = [visit(served.url) for _ in range(3)]
    for page in (last, *first):
        open_page(page, "批量")
    picker = last.locator("#qa-batch input[type=file]")
    picker.set_input_files(csv("快.csv", QUESTION))
    last.get_by_text("问过 1 个问题").wait_for()
    for page in first:
        page.locator("#qa-batch input[type=file]").set_input_files(csv("慢.csv", *["很慢的问题"] * 20))
        page.get_by_text("正在回答").wait_for()
    picker.set_input_files(csv("二.csv", QUESTION))
    last.locator("#qa-answers", has_text="前面有人在用").wait_for()
    last.get_by_role("button", name="停止").click()
    last.locator("#qa-answers", has_text="已停止").wait_for()
    last.wait_for_timeout(500)
    assert "问过" not in last.locator("#qa-answers").inner_text()
    assert not last.get_by_role("button", name="下载 CSV").is_visible()
    for page in first:
        page.get_by_role("button", name="停止").click()
        page.locator("#qa-answers", has_text="已停止").wait_for()

"""核稿 in a real Chromium: paste a draft, follow a mark to its source, take the files away; upload Word and refuse what is none."""

import io
import json
from pathlib import Path

import docx
import openpyxl

from tests.web.browser import Visit
from tests.web.conftest import Served
from tests.web.steps import open_page

DRAFT = (
    "云岭市总工会2019—2023年工作汇报\n"
    "五年间走访慰问困难职工2.3万人次，培育“云岭工匠”213名，举办职工运动会十二场。<b>另建观景台</b>。"
)


def word_file() -> bytes:
    document = docx.Document()
    for line in DRAFT.splitlines():
        document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_a_draft_without_figures_is_not_called_clean(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    open_page(page, "核稿")
    page.get_by_label("稿件", exact=True).first.fill("工会和法院一起建成了协作联动机制。")
    page.get_by_role("button", name="核对", exact=True).click()
    page.get_by_text("稿件里没有可以核对的数字").wait_for()
    assert page.get_by_text("与报告一致").count() == 0


def test_a_pasted_draft_survives_a_change_of_language(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    open_page(page, "核稿")
    page.get_by_label("稿件", exact=True).first.fill(DRAFT)
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Union Report Q&A").wait_for()
    pasted = page.locator("#qa-draft-text textarea")
    pasted.wait_for()  # on the same page
    page.wait_for_function("() => document.querySelector('#qa-draft-text textarea').value")
    assert pasted.input_value() == DRAFT


def test_a_pasted_draft_is_marked_beside_its_sources(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    open_page(page, "核稿")
    page.get_by_label("稿件", exact=True).first.fill(DRAFT)
    page.get_by_role("button", name="核对", exact=True).click()
    page.get_by_text("与报告一致").first.wait_for()
    wrong = page.locator(".qa-said-differs")
    assert wrong.inner_text().startswith("2.3万人次")
    assert page.locator(".qa-said-agrees_otherwise").inner_text().startswith("十二场")
    assert page.locator(".qa-draft-text b").count() == 0
    assert page.get_by_text("没有核对的：人名、单位").is_visible()
    assert "核对的是粘贴的稿件。" in page.locator("#qa-draft-view").inner_text()
    agrees, differs = (
        page.locator(".qa-card", has=page.locator(f"header .qa-{kind}")) for kind in ("good", "doubt")
    )
    page.get_by_label("只看有问题的").check()
    assert not agrees.first.is_visible()
    assert differs.first.is_visible()
    page.get_by_label("只看有问题的").uncheck()
    assert agrees.first.is_visible()
    wrong.click()
    card = page.locator(f"#cite-{(wrong.get_attribute('id') or '').removeprefix('mark-')}")
    assert page.evaluate("document.activeElement.id") == card.get_attribute("id")
    assert "3.2万人次" in card.inner_text()
    card.locator(".qa-number").click()
    assert page.evaluate("document.activeElement.id") == wrong.get_attribute("id")
    card.locator("a.qa-open").click()
    page.wait_for_selector("#qa-reading .qa-body mark")
    assert "3.2万人次" in page.locator("#qa-reading .qa-body mark").first.inner_text()


def test_a_word_file_comes_back_with_comments_and_as_tables(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    open_page(page, "核稿")
    page.get_by_label("稿件", exact=True).first.fill("培育“云岭工匠”214名。")
    page.get_by_role("button", name="核对", exact=True).click()
    page.get_by_text("核对的是粘贴的稿件。").wait_for()
    picker = page.locator("#qa-draft input[type=file]")
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    picker.set_input_files({"name": "汇报.docx", "mimeType": kind, "buffer": word_file()})
    page.get_by_text("核对的是文件“汇报.docx”").wait_for()
    page.wait_for_function("() => !document.querySelector('#qa-draft-text textarea').value")
    page.get_by_role("button", name="核对", exact=True).click()  # what was chosen last stays checked
    page.wait_for_timeout(500)
    assert "核对的是文件“汇报.docx”" in page.locator("#qa-draft-view").inner_text()
    saved = {}
    for name in ("下载带批注的 Word", "下载 XLSX", "下载 JSON"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).locator("visible=true").click()
        saved[name] = (download.value.suggested_filename, Path(download.value.path()).read_bytes())
    name, made = saved["下载带批注的 Word"]
    assert name == "核稿 汇报.docx"
    document = docx.Document(io.BytesIO(made))
    assert [p.text for p in document.paragraphs] == DRAFT.splitlines()
    assert any("3.2万人次" in comment.text for comment in document.comments)
    items = json.loads(saved["下载 JSON"][1])["items"]
    assert [i["verdict"] for i in items if i["text"] == "2.3万人次"] == ["differs"]
    sheet = openpyxl.load_workbook(io.BytesIO(saved["下载 XLSX"][1])).active
    assert sheet.max_row == len(items) + 1


def test_what_is_no_draft_is_refused_in_words(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    open_page(page, "核稿")
    page.get_by_role("button", name="核对", exact=True).click()
    page.locator("#qa-draft-view .qa-notice", has_text="稿件是空的").wait_for()
    picker = page.locator("#qa-draft input[type=file]")
    for file, words in (
        ({"name": "稿.docx", "mimeType": "", "buffer": b"MZ\x90\x00"}, "稿.docx"),
        ({"name": "稿.exe", "mimeType": "", "buffer": b"MZ"}, "不认识的文件格式"),
        ({"name": "大.txt", "mimeType": "", "buffer": b"x" * (6 << 20)}, "超过 5 MB"),
    ):
        picker.set_input_files(file)
        page.locator("#qa-draft-view .qa-notice", has_text=words).wait_for()

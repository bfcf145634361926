"""The page in a real Chromium: ask, follow a mark to its sentence, stay on this host."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from qa.text.normal import visible
from tests.web.browser import Visit
from tests.web.conftest import Served
from tests.web.small_library import HOSTILE
from tests.web.steps import answered, ask

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUESTION = "云岭市走访慰问困难职工多少人次？"
ANSWER = "五年间云岭市走访慰问困难职工3.2万人次[1]。"


def test_newcomer_asks_an_example_and_follows_its_mark(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    example = page.locator("#qa-chat .example").first
    question = example.inner_text()
    example.click()
    page.wait_for_selector("a.qa-mark")
    answered(page)
    assert page.locator(".qa-said").inner_text() == question
    assert "数字见于引文" in page.locator(".qa-badge").inner_text()
    page.locator("a.qa-mark").first.click()
    assert page.evaluate("document.activeElement.id") == "cite-1-1"
    card = page.locator("#cite-1-1")
    assert card.locator("mark").inner_text() in HOSTILE
    assert HOSTILE in card.inner_text()
    assert "qa-flash" in (card.get_attribute("class") or "")
    assert page.locator("img[src='x'], #qa-evidence script").count() == 0


def test_answer_appears_in_pieces_with_whole_marks(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    page.evaluate("""() => {
        window.seen = [];
        new MutationObserver(() => {
            const answer = [...document.querySelectorAll('.qa-answer')].at(-1);
            if (answer && answer.innerText !== window.seen.at(-1)) window.seen.push(answer.innerText);
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
    }""")
    seen: list[str] = []
    for count in range(1, 4):  # a busy machine may draw all pieces of one answer at once
        page.evaluate("window.seen = []")
        ask(page, QUESTION)
        answered(page, count)
        seen = [text for text in page.evaluate("window.seen") if "查阅" not in text]
        seen = seen[count > 1 :]  # the answer before, until the next question shows
        if len(seen) >= 3:
            break
    assert len(seen) >= 3
    assert seen[-1] == ANSWER
    for text in seen:
        assert ANSWER.startswith(text)
        assert text.count("[") == text.count("]")


def test_follow_up_shows_what_was_understood_and_older_marks_still_open(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    answered(page)
    ask(page, "那芦川县送文化进车间多少场？")
    answered(page, 2)
    assert served.asked()[1] == [QUESTION]
    assert QUESTION.rstrip("？") in page.locator(".qa-understood").inner_text()
    assert page.locator("#cite-2-1").is_visible()
    assert not page.locator("#cite-1-1").is_visible()
    page.locator("a.qa-mark").first.click()
    assert page.locator("#cite-1-1").is_visible()
    assert not page.locator("#cite-2-1").is_visible()


def test_refusal_shows_the_nearest_passages(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    ask(page, "有几艘潜水艇？")
    answered(page)
    assert page.locator(".qa-near").count() == 3
    assert "没有足够的依据" in page.locator(".qa-badge").inner_text()


def test_filters_reach_the_library_and_a_new_chat_forgets_them(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    for name, choice in (("地区", "云岭市"), ("时期", "2019–2023")):
        page.get_by_label(name, exact=True).click()
        page.get_by_role("option", name=choice).click()
    ask(page, QUESTION)
    answered(page)
    assert served.asked() == (QUESTION, [], "云岭市", "2019-2023")
    page.get_by_role("button", name="新对话").click()
    page.wait_for_selector("#qa-chat .example")
    assert page.locator(".qa-card").count() == 0
    page.wait_for_function("() => document.querySelector('#qa-place input').value === '全部地区'")
    ask(page, "芦川县送文化进车间多少场？")
    answered(page)
    assert served.asked()[1:] == ([], None, None)


def test_stop_gives_the_question_up_and_the_next_one_is_answered(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    ask(page, "很慢的问题")
    page.get_by_role("button", name="停止").click()
    page.get_by_text("已停止").wait_for()
    ask(page, QUESTION)
    answered(page, 2)
    assert page.locator(".qa-answer").all_inner_texts() == ["已停止", ANSWER]
    assert served.asked()[1] == []


def test_a_question_sent_while_an_answer_is_made_waits_in_its_box_and_follows(
    served: Served, visit: Visit
) -> None:
    page = visit(served.url)
    box = page.get_by_label("问题", exact=True)
    ask(page, "很慢的问题")
    page.get_by_role("button", name="停止").wait_for()
    ask(page, QUESTION)
    assert box.input_value() == QUESTION
    page.get_by_role("button", name="停止").click()
    answered(page, 2)
    assert page.locator(".qa-said").all_inner_texts() == ["很慢的问题", QUESTION]
    assert page.locator(".qa-answer").last.inner_text() == ANSWER
    assert box.input_value() == ""


def test_many_conversations_scroll_in_a_box_of_their_own(served: Served, visit: Visit) -> None:
    talks = [{"id": f"{n}", "title": f"第{n}段对话", "turns": []} for n in range(30)]
    page = visit(served.url, viewport={"width": 390, "height": 844}, has_touch=True)
    page.evaluate("talks => localStorage.setItem('qa-conversations', JSON.stringify(talks))", talks)
    page.reload()
    page.wait_for_selector("#qa-chat .example")
    page.locator(".qa-talks summary").tap()
    page.get_by_text("第0段对话").wait_for()
    height = page.locator("#qa-conversations").evaluate("box => [box.clientHeight, box.scrollHeight]")
    assert height[0] < 844 / 2 < height[1]
    page.get_by_text("第29段对话").scroll_into_view_if_needed()
    assert page.locator("#qa-conversations").evaluate("box => box.scrollTop") > 0


def test_copy_takes_the_answer_with_its_sources(served: Served, visit: Visit) -> None:
    page = visit(served.url, permissions=["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    answered(page)
    page.get_by_role("button", name="复制回答与出处").click()
    page.wait_for_selector(".qa-copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{ANSWER}\n\n出处：\n[1] 《云岭市工会工作报告》")


HOSTILE_QUESTIONS = (
    "<img src=x onerror=alert(1)>",
    "![图](http://evil.example/x.png) [链接](javascript:alert(1))",
    "</script><script>alert(1)</script>${alert(1)}{{alert}}",
    "$$\\sum$$ `code` **粗**\u202e",
)


def test_questions_stay_text(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    for count, question in enumerate(HOSTILE_QUESTIONS, 1):
        ask(page, question)
        answered(page, count)
    assert page.locator(".qa-said").all_inner_texts() == [visible(q) for q in HOSTILE_QUESTIONS]
    assert page.locator("#qa-chat :is(img, script, code, strong, .katex)").count() == 0
    assert page.locator("#qa-chat a:not(.qa-mark)").count() == 0


def test_errors_are_sentences_and_the_page_lives_on(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    ask(page, "长" * 3000)
    answered(page)
    assert "最多 2000 个字" in page.locator(".qa-notice").inner_text()
    ask(page, "除以零")
    answered(page, 2)
    assert "编号" in page.locator(".qa-notice").last.inner_text()
    ask(page, QUESTION)
    answered(page, 3)
    assert page.locator(".qa-answer").last.inner_text() == ANSWER
    assert "Traceback" not in page.content()


def test_language_is_chinese_whatever_the_browser_and_switches(served: Served, visit: Visit) -> None:
    page = visit(served.url, locale="en-US")
    assert page.get_by_role("heading", name="工会报告问答").is_visible()
    assert page.locator("#qa-place input").input_value() == "全部地区"
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Union Report Q&A").wait_for()
    page.wait_for_selector("#qa-chat .example")
    assert page.get_by_label("Question", exact=True).is_visible()
    assert page.get_by_role("button", name="New conversation").is_visible()
    assert not page.get_by_role("heading", name="工会报告问答").is_visible()


def in_sight(page: Page, selector: str) -> bool:
    """Whether all of it lies within what the chat shows: the answer grows below its question, not over it."""
    box, chat = page.locator(selector).bounding_box(), page.locator("#qa-chat").bounding_box()
    assert box and chat
    return chat["y"] - 1 <= box["y"] and box["y"] + box["height"] <= chat["y"] + chat["height"] + 1


def test_phone_needs_no_sideways_scrolling(served: Served, visit: Visit) -> None:
    page = visit(served.url, viewport={"width": 390, "height": 844}, has_touch=True)
    ask(page, "云岭市总工会建成“暖心驿站”多少个？")
    answered(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert in_sight(page, ".qa-said")
    ask(page, QUESTION)
    answered(page, 2)
    assert in_sight(page, ".qa-said >> nth=1")
    wide = "<div class='qa-wide'><div style='width: 900px'>表</div></div>"
    page.locator(".qa-answer").last.evaluate(
        "(answer, wide) => answer.insertAdjacentHTML('beforeend', wide)", wide
    )
    inside = "(({scrollWidth, clientWidth}) => scrollWidth <= clientWidth)"
    assert page.evaluate(f"{inside}(document.querySelector('#qa-chat .bubble-wrap'))")
    page.locator("a.qa-mark").first.tap()
    page.wait_for_function("""() => {
        const box = document.querySelector('#cite-1-1 mark').getBoundingClientRect();
        return box.top >= 0 && box.bottom <= innerHeight;
    }""")


def test_on_a_phone_the_box_follows_the_last_answer(served: Served, visit: Visit) -> None:
    page = visit(served.url, viewport={"width": 390, "height": 844}, has_touch=True)
    ask(page, QUESTION)
    answered(page)
    boxes = [page.locator(each).bounding_box() for each in (".qa-acts", "#qa-chat", "#qa-question")]
    acts, chat, question = (box or {} for box in boxes)
    assert question["y"] - chat["y"] - chat["height"] < 20
    assert question["y"] - acts["y"] - acts["height"] < 100


def test_figures_unfold_filter_compare_and_download(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    page.get_by_role("tab", name="数据台账").click()
    page.locator(".qa-unfold").first.wait_for()
    assert page.locator(".qa-detail:visible").count() == 0
    page.locator(".qa-unfold").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".qa-detail:visible mark b").count() == 1
    assert HOSTILE in page.locator(".qa-detail:visible .qa-text").inner_text()
    page.get_by_label("指标", exact=True).fill("职工书屋")
    page.keyboard.press("Enter")
    page.get_by_text("2 个数字，来自 1 份报告").wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    rows = Path(saved.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(",")[2] for row in rows] == ["数值", "86", "86"]
    with page.expect_download() as saved:
        page.get_by_role("button", name="XLSX").click()
    assert Path(saved.value.path()).read_bytes().startswith(b"PK")
    page.get_by_label("对照").click()
    page.locator(".qa-matrix").wait_for()
    page.get_by_label("地区", exact=True).last.fill("无名市")
    page.keyboard.press("Enter")
    page.get_by_text("没有“无名市”的报告。").wait_for()


def test_shared_link_opens_the_report_at_its_place(served: Served, visit: Visit) -> None:
    page = visit(served.url, permissions=["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    answered(page)
    page.locator("#cite-1-1 .qa-open").click()
    page.locator("#qa-reading .qa-body mark").wait_for()
    quote = page.locator("#qa-reading .qa-body mark").inner_text()
    assert quote == ANSWER.replace("[1]", "")
    assert page.locator("#qa-reading .qa-source mark").inner_text().replace("\n", "") == quote
    link = page.url
    assert "report=" in link
    page.get_by_role("tab", name="问答").click()
    assert page.locator(".qa-answer").inner_text() == ANSWER
    assert "report=" not in page.url
    shared = visit(link, started="#qa-reading mark")
    assert shared.locator("#qa-reading .qa-body mark").inner_text() == quote
    shared.get_by_role("button", name="全部资料").click()
    shared.locator(".qa-doubts").wait_for()
    assert shared.get_by_text("这个索引是从别的文件夹建立的，那个文件夹现在找不到").is_visible()
    assert shared.locator("#qa-upload").count() == 0
    assert "report=" not in shared.url


def test_back_from_a_report_leads_to_the_page_that_it_was_opened_from(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    answered(page)
    page.locator("#cite-1-1 .qa-open").click()
    page.locator("#qa-reading .qa-body mark").wait_for()
    page.go_back()
    page.locator("#cite-1-1").wait_for()
    assert page.get_by_role("tab", name="问答", exact=True).get_attribute("aria-selected") == "true"
    page.go_forward()
    page.locator("#qa-reading .qa-body mark").wait_for()
    page.go_back()
    page.get_by_role("tab", name="资料", exact=True).click()
    page.locator(".qa-report .qa-open").first.click()
    page.locator("#qa-reading .qa-body").wait_for()
    page.go_back()
    page.locator(".qa-report").first.wait_for()
    assert page.get_by_role("tab", name="资料", exact=True).get_attribute("aria-selected") == "true"


def test_back_and_reload_keep_to_the_pages_that_were_open(served: Served, visit: Visit) -> None:
    page = visit(served.url)

    def opened(name: str) -> None:
        page.wait_for_selector(f'[role="tab"][aria-selected="true"]:text-is("{name}")')

    for name in ("数据台账", "资料"):
        page.get_by_role("tab", name=name, exact=True).click()
        opened(name)
    page.reload()
    opened("资料")
    for name in ("数据台账", "问答"):
        page.go_back()
        opened(name)
    page.go_forward()
    opened("数据台账")
    page.reload()
    opened("数据台账")


def test_search_and_status_say_what_serves(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    page.get_by_role("tab", name="检索测试").click()
    box = page.get_by_label("要检索的问题")
    box.fill("职工书屋多少个？")
    page.get_by_role("button", name="查找").locator("visible=true").click()
    page.locator("#qa-hits .qa-card").first.wait_for()
    assert page.locator("#qa-hits .qa-card").count() == 4
    assert "芦川" in page.locator("#qa-hits .qa-card").first.inner_text()
    page.get_by_role("tab", name="状态").click()
    page.get_by_text("small <b>encoder</b>").wait_for()


def test_after_an_answer_ask_on_ask_again_and_keep_it(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    assert not page.get_by_role("button", name="重新回答").is_visible()
    ask(page, "职工书屋建成多少个？")
    answered(page)
    page.locator("#qa-nexts button").first.wait_for()
    page.get_by_role("button", name="重新回答").click()
    answered(page)
    assert page.locator(".qa-said").count() == 1
    with page.expect_download() as saved:
        page.get_by_role("button", name="存 Markdown").click()
    assert "[^1-1]: 《芦川县工会工作报告》" in Path(saved.value.path()).read_text(encoding="utf-8")
    with page.expect_download() as saved:
        page.get_by_role("button", name="存 Word").click()
    assert re.fullmatch(r"工会报告问答_\d{4}-\d\d-\d\d\.docx", saved.value.suggested_filename)
    page.locator("#qa-nexts button").first.wait_for()
    following = page.locator("#qa-nexts button").first.inner_text()
    page.locator("#qa-nexts button").first.click()
    answered(page, 2)
    assert page.locator(".qa-said").last.inner_text() == following


def test_two_windows_of_a_conversation_lose_no_question_and_typed_words_stay(
    served: Served, visit: Visit
) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    answered(page)
    page.locator(".qa-talk").wait_for()
    other = page.context.new_page()
    other.goto(served.url)
    other.locator(".qa-talk-open").click()
    other.locator("a.qa-mark").wait_for()
    for window, question in ((other, "职工书屋建成多少个？"), (page, "云岭工匠培育多少名？")):
        ask(window, question)
        answered(window, 2)
    page.wait_for_function("() => JSON.parse(localStorage['qa-conversations'])[0].turns.length === 3")
    other.locator(".qa-talk").hover()
    other.locator(".qa-talk-rename").click()
    other.locator(".qa-talk-title").fill("困难职工")
    ask(page, QUESTION)
    answered(page, 3)
    assert other.locator(".qa-talk-title").input_value() == "困难职工"
    page.get_by_label("问题", exact=True).fill("还没有问出去的话")
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Union Report Q&A").wait_for()
    page.wait_for_function(
        "() => document.querySelector('#qa-question textarea')?.value === '还没有问出去的话'"
    )


def test_reload_keeps_the_conversation_and_a_new_chat_ends_it(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    answered(page)
    page.locator(".qa-talk").wait_for()
    page.reload()
    page.locator("a.qa-mark").wait_for()
    assert page.locator(".qa-answer").all_inner_texts() == [ANSWER]
    page.locator("a.qa-mark").click()
    assert page.evaluate("document.activeElement.id") == "cite-1-1"
    ask(page, "那芦川县送文化进车间多少场？")
    answered(page, 2)
    assert served.asked()[1] == [QUESTION]
    page.get_by_role("button", name="新对话").click()
    page.wait_for_selector("#qa-chat .example")
    page.reload()
    page.wait_for_selector("#qa-chat .example")
    assert page.locator(".qa-said").count() == 0


def test_filters_of_the_ledger_are_there_again_after_a_look_at_a_report(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    page.get_by_role("tab", name="数据台账", exact=True).click()
    page.locator(".qa-unfold").first.wait_for()
    place = page.get_by_label("地区").locator("visible=true").first
    place.click()
    page.get_by_role("option", name="芦川县").click()
    page.locator(".qa-row", has_text="云岭市").first.wait_for(state="detached")
    rows = page.locator(".qa-row").count()
    page.locator(".qa-unfold").first.click()
    page.locator(".qa-detail:visible a.qa-open").click()
    page.locator("#qa-reading .qa-body mark").first.wait_for()
    page.go_back()
    page.locator(".qa-row").first.wait_for()
    assert place.input_value() == "芦川县"
    assert page.locator(".qa-row").count() == rows


def test_an_answer_that_is_made_again_leaves_nothing_in_the_box(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    ask(page, QUESTION)
    answered(page)
    page.get_by_role("button", name="重新回答").click()
    page.reload()
    page.locator(".qa-said").wait_for()
    answered(page)
    assert page.get_by_label("问题", exact=True).input_value() == ""


def test_nothing_is_saved_before_there_is_an_answer(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    ask(page, "这个问题很慢")
    page.locator(".qa-said").wait_for()
    page.get_by_role("button", name="存 Word").click()
    page.get_by_text("请等回答出来以后再存").first.wait_for()

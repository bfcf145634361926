"""Every page against axe-core, in both themes and at both widths: nothing that keeps people out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.browser import Visit
from tests.web.conftest import Served
from tests.web.steps import answered, ask, open_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUESTION = "云岭市走访慰问困难职工多少人次？"


def violations(page: Page) -> list[str]:
    """What axe-core finds serious or critical, with the element that it is about."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response
    assert found["passes"]
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


WIDE, PHONE = (1440, 900), (390, 844)


@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        pytest.param(WIDE, "light", id="wide-light"),
        pytest.param(PHONE, "dark", id="phone-dark"),
        pytest.param(WIDE, "dark", id="wide-dark", marks=pytest.mark.hardening),
        pytest.param(PHONE, "light", id="phone-light", marks=pytest.mark.hardening),
    ],
)
def test_no_page_keeps_anybody_out(served: Served, visit: Visit, size: tuple[int, int], scheme: str) -> None:
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    page = visit(
        served.url,
        viewport=dict(zip(("width", "height"), size, strict=True)),
        color_scheme=scheme,
        reduced_motion="reduce",
    )
    found = {"empty": violations(page)}
    ask(page, QUESTION)
    answered(page)
    ask(page, "有几艘潜水艇？")
    answered(page, 2)
    page.locator("#useful-1").click()
    page.get_by_label("意见", exact=True).wait_for()
    found["answers"] = violations(page)
    if size[0] < 860:
        page.locator(".qa-talks summary").click()
    page.locator(".qa-talk").hover()
    page.locator(".qa-talk-delete").click()
    found["conversations"] = violations(page)
    open_page(page, "批量")
    page.locator("#qa-batch input[type=file]").set_input_files(
        {"name": "问.csv", "mimeType": "text/csv", "buffer": f"问题\n{QUESTION}\n".encode()}
    )
    page.get_by_text("问过 1 个问题").wait_for()
    found["batch"] = violations(page)
    open_page(page, "核稿")
    page.get_by_label("稿件", exact=True).first.fill(
        "云岭市总工会五年间走访慰问困难职工2.3万人次，举办职工运动会12场。"
    )
    page.get_by_role("button", name="核对", exact=True).click()
    page.locator(".qa-said-differs").wait_for()
    found["draft"] = violations(page)
    open_page(page, "数据台账")
    page.locator(".qa-unfold").first.click()
    page.locator(".qa-detail:visible").wait_for()
    found["figures"] = violations(page)
    page.locator(".qa-detail:visible .qa-correct").click()
    page.locator("#qa-correcting").wait_for()
    found["correcting"] = violations(page)
    page.get_by_label("对照", exact=True).click()
    page.locator(".qa-matrix").wait_for()
    found["matrix"] = violations(page)
    open_page(page, "资料")
    page.locator(".qa-doubts").wait_for()
    found["reports"] = violations(page)
    page.locator(".qa-report .qa-open").first.click()
    page.locator("#qa-reading .qa-body").wait_for()
    found["reading"] = violations(page)
    open_page(page, "检索测试")
    box = page.get_by_label("要检索的问题")
    box.fill(QUESTION)
    box.press("Enter")
    page.locator("#qa-hits .qa-card").first.wait_for()
    found["search"] = violations(page)
    open_page(page, "状态")
    page.locator(".qa-facts").wait_for()
    found["status"] = violations(page)
    assert {name: told for name, told in found.items() if told} == {}
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_a_filter_a_question_and_a_citation_by_keyboard_alone(served: Served, visit: Visit) -> None:
    page = visit(served.url)

    def tab_to(selector: str, key: str = "Tab") -> None:
        for _ in range(40):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            page.keyboard.press(key)
        raise AssertionError(f"{selector} is not reached")

    page.locator("#qa-question textarea").focus()
    tab_to("#qa-place input")
    page.get_by_role("option", name="云岭市").wait_for()
    page.keyboard.press("ArrowDown")
    page.locator("[role=option].active", has_text="云岭市").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#qa-place input').value === '云岭市'")
    tab_to("#qa-question textarea", "Shift+Tab")
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    answered(page)
    assert served.asked()[2] == "云岭市"
    assert "云岭市" in page.locator(".qa-understood").inner_text()
    tab_to("a.qa-mark", "Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "cite-1-1"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "mark-1-1"
    page.keyboard.press("Enter")
    tab_to("#cite-1-1 .qa-open")
    page.keyboard.press("Enter")
    page.locator("#qa-reading .qa-body mark").wait_for()


def test_a_list_of_choices_closes_when_the_keyboard_leaves_it(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    page.locator("#qa-place input").focus()
    page.get_by_role("option", name="云岭市").wait_for()
    page.keyboard.press("Tab")
    page.wait_for_function("() => document.querySelector('#qa-place input').ariaExpanded === 'false'")
    page.get_by_role("option", name="云岭市").wait_for(state="detached")


def test_tabs_are_moved_between_with_the_arrow_keys(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    chosen = "() => document.querySelector('#qa-pages [role=tab][aria-selected=true]').innerText.trim()"
    page.get_by_role("tab", name="问答", exact=True).focus()
    seen = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "ArrowLeft", "Home"):
        page.keyboard.press(key)
        seen.append(page.evaluate(chosen))
        assert page.evaluate("document.activeElement.innerText.trim()") == seen[-1]
    assert seen == ["批量", "核稿", "批量", "状态", "问答", "状态", "问答"]


def test_nothing_jumps_while_an_answer_appears(served: Served, visit: Visit) -> None:
    page = visit(served.url)
    ask(page, "职工书屋建成多少个？")
    answered(page)
    page.locator("#qa-nexts button").first.wait_for()
    page.evaluate("""() => {
        window.jumped = [];
        new PerformanceObserver((list) => {
            for (const shift of list.getEntries()) {
                const moved = shift.sources.map(({ node }) => node?.className ?? node?.nodeName);
                if (!shift.hadRecentInput) window.jumped.push([shift.value, moved]);
            }
        }).observe({ type: "layout-shift" });
    }""")
    ask(page, QUESTION)
    answered(page, 2)
    page.wait_for_timeout(500)
    jumped = page.evaluate("window.jumped")
    assert sum(value for value, _ in jumped) < 0.1, jumped

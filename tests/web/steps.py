"""What people do on the page, as the browser tests do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.conftest import password_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.web.browser import Visit

__all__ = ["answered", "ask", "come_in", "enter", "open_page"]


def ask(page: Page, question: str) -> None:
    """Type a question and send it, without waiting for its answer."""
    box = page.get_by_label("问题", exact=True)
    box.fill(question)
    box.press("Enter")


def answered(page: Page, count: int = 1) -> None:
    """Wait until ``count`` answers are there in full: the send button is back."""
    page.wait_for_function("n => document.querySelectorAll('.qa-answer').length === n", arg=count)
    page.wait_for_selector("#qa-question .submit-button")
    page.wait_for_function(
        "() => ![...document.querySelectorAll('.qa-status')].some((e) => e.innerText.includes('查阅'))"
    )


def open_page(page: Page, name: str) -> None:
    """Choose a tab."""
    page.get_by_role("tab", name=name, exact=True).click()


def enter(page: Page, name: str, password: str) -> None:
    """Fill in the form of the login and send it."""
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def come_in(visit: Visit, url: str, name: str, **context: object) -> Page:
    """Log in as one of ``tests.web.conftest.people``."""
    page = visit(url, started="input[name=username]", **context)
    enter(page, name, password_of(name))
    page.wait_for_selector("#qa-chat .example")
    return page

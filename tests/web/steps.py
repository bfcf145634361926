"""What people do on the page, as the browser tests do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["answered", "ask", "open_page"]


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

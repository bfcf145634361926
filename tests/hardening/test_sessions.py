"""Two people on one page at the same time: what one of them asks never reaches the other, nor their follow-ups."""

from __future__ import annotations

import json

import pytest

from tests.hardening.conftest import Tried
from tests.hardening.sizes import sizes
from tests.web.browser import Visit
from tests.web.conftest import Served, served
from tests.web.steps import answered, ask

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
__all__ = ["served"]  # the fixture
NAMES = "甲乙丙"
KEPT = "n => JSON.parse(localStorage.getItem('qa-conversations') ?? '[]')[0]?.turns.length === n"


@sizes(2, 12)
def test_nobody_sees_what_another_asks(served: Served, visit: Visit, tried: Tried, n: int) -> None:
    """Each asks of a matter of their own, all at once, then goes on with 那…; each looks at the page, then loads it anew."""
    pages = {name: visit(served.url) for name in NAMES}
    for turn in range(1, n + 1):
        for name, page in pages.items():
            word = "云岭市" if turn == 1 else "那云岭市"
            ask(page, f"{word}第{turn}次走访慰问{name}{name}职工多少人次？")
        for page in pages.values():
            answered(page, turn)
    for page in pages.values():
        page.wait_for_function(KEPT, arg=n)
    for reload in (True, False):
        for name, page in pages.items():
            words = page.locator("body").text_content() or ""
            stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
            for other in NAMES.replace(name, ""):
                assert f"{other}{other}职工" not in words + stored
            assert page.locator(".qa-said").count() == n
            if reload:
                page.reload()
                page.locator(".qa-said").last.wait_for()
    lines = [json.loads(line) for line in served.log.read_text(encoding="utf-8").splitlines()]
    asked = [(question, history) for question, history, *_ in lines if "职工多少人次" in question and history]
    for question, history in asked:
        own = next(name for name in NAMES if f"{name}{name}职工" in question)
        assert all(f"{own}{own}职工" in earlier for earlier in history), (question, history)
    tried(browsers=len(NAMES), questions=len(NAMES) * n, questions_with_history=len(asked), seen_of_another=0)

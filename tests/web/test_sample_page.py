"""A newcomer's first minutes with ``python app.py``: the bundled reports, a question, its sentence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.conftest import Served, Visit, serving


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("sample")
    with serving(home, "app.py") as server:
        yield server
    assert server.process.returncode == 0
    assert server.output.read_text(encoding="utf-8").splitlines()[-1] == "已结束。"


def test_first_start_says_that_it_builds_the_sample_index(sample: Served) -> None:
    first, ready = sample.output.read_text(encoding="utf-8").splitlines()
    assert "第一次启动" in first
    assert "示例报告" in first
    assert sample.url in ready


def test_every_example_is_answered_with_its_sentence_highlighted(sample: Served, visit: Visit) -> None:
    page = visit(sample.url)
    examples = page.locator("#qa-chat .example").all_inner_texts()
    assert len(set(examples)) == 6
    for example in examples:
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

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
    for turn, example in enumerate(examples, 1):
        box = page.get_by_label("问题", exact=True)
        box.fill(example)
        box.press("Enter")
        page.locator(f"#mark-{turn}-1").wait_for()
        page.wait_for_selector("#qa-question .submit-button")
        page.locator(f"#mark-{turn}-1").click()
        assert page.evaluate("document.activeElement.id") == f"cite-{turn}-1"
        highlighted = page.locator(f"#cite-{turn}-1 .qa-text mark").inner_text()
        assert len(highlighted) >= 8
        assert highlighted in page.locator(f"#cite-{turn}-1 .qa-text").inner_text()
    assert page.locator(".qa-note").count() == 0
    assert page.locator(".qa-notice").count() == 0

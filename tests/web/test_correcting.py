"""A figure is corrected on the page: by an administrator, with a reason, in the log; and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import gradio as gr
import pytest

from qa import open_library
from qa.index import rebuild
from qa.settings import Settings
from qa.web.correcting import add_correcting, corrections_list
from qa.web.markup import address
from qa.web.shelf import Shelf
from qa.web.users import Person, change_users, read_changes
from tests.web.browser import Visit
from tests.web.conftest import people, serving, waited
from tests.web.steps import come_in, open_page

if TYPE_CHECKING:
    from playwright.sync_api import Page


def figures(page: Page, words: str) -> None:
    """The figures of an indicator, as the ledger lists them."""
    open_page(page, "数据台账")
    page.locator(".qa-unfold").first.wait_for()
    page.get_by_label("指标", exact=True).first.fill(words)
    page.get_by_role("button", name="查找").click()


def test_an_administrator_corrects_a_figure_and_takes_it_back(
    tmp_path: Path, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = "Etc/GMT-14" if datetime.now(UTC).hour >= 11 else "Etc/GMT+12"  # where it is another day now
    monkeypatch.setenv("TZ", zone)
    change_users(tmp_path / "users.json", lambda _: people())
    with serving(tmp_path, "app.py") as server:
        page = come_in(visit, server.url, "管理员甲")
        figures(page, "疗休养基地")
        row = page.locator(".qa-row", has=page.locator(".qa-value", has_text="259家"))
        row.locator(".qa-unfold").click()
        page.locator(".qa-detail:visible .qa-correct").click()
        assert page.get_by_label("署名").input_value() == "管理员甲"
        page.get_by_label("正确的数值").fill("295")
        page.locator("#qa-correcting").get_by_role("button", name="更正", exact=True).click()
        page.get_by_text("请写明理由").wait_for()
        page.get_by_label("理由").fill("数字印倒了 <b>")
        page.locator("#qa-correcting").get_by_role("button", name="更正", exact=True).click()
        page.get_by_text("已更正").first.wait_for()
        page.locator(".qa-row s", has_text="259家").wait_for()
        assert "295家" in row.inner_text()
        row.locator(".qa-unfold").click()
        assert "管理员甲" in page.locator(".qa-detail:visible .qa-note").last.inner_text()

        reader = come_in(visit, server.url, "读者乙")
        figures(reader, "疗休养基地")
        reader.locator(".qa-row s", has_text="259家").wait_for()
        assert reader.locator(".qa-correct").count() == 0

        page.locator(".qa-corrections summary").click()
        noted = page.locator(".qa-corrections li").inner_text()
        assert str(datetime.now(ZoneInfo(zone)).date()) in noted
        assert "295家" in noted and ".md" not in noted  # as reports print it, and of which by its title
        page.get_by_role("button", name="撤销").click()
        page.get_by_text("已撤销").wait_for()
        page.locator(".qa-row s").wait_for(state="detached")
    kept = [c.what for c in read_changes(tmp_path / "audit.jsonl")[0] if c.action == "correct"]
    assert [(what[1], what[2], what[-1]) for what in kept] == [
        ("259家", "295", "数字印倒了 <b>"),
        ("259家", "295", "撤销"),
    ]


def shelf_of(home: Path, sentence: str) -> tuple[Shelf, Settings]:
    """A library of one report, which says this."""
    (home / "甲.txt").write_text(f"云岭市总工会工作报告（2023年）\n\n{sentence}\n", "utf-8")
    settings = Settings(home, None, None, "127.0.0.1", 1)
    rebuild([home / "甲.txt"], settings.index_folder)
    return Shelf(open_library(settings=settings)), settings


def handlers(shelf: Shelf, settings: Settings) -> tuple[Callable[..., Any], ...]:
    """The functions that open the form and that keep a correction."""
    with gr.Blocks(analytics_enabled=False) as page:  # Gradio looks for a loop that runs
        add_correcting(shelf, settings)
    return tuple(next(f.fn for f in page.fns.values() if f.fn and f.name == n) for n in ("begin", "keep"))


async def told_to_the_second(home: Path) -> list[str]:
    """What two people are told who open the form of one figure and correct it one after the other."""
    shelf, settings = shelf_of(home, "云岭市新建职工书屋37家。")
    begin, keep = handlers(shelf, settings)
    request = SimpleNamespace(state=SimpleNamespace(qa_person=Person("", "administrator", "")))
    (figure,) = shelf.library.ledger().figures
    pressed = SimpleNamespace(_data={"figure": address(figure.report_id, figure.spans), "withdraw": ""})
    opened = [begin(pressed, request)[0] for _ in range(2)]
    values = ((39.0, "甲"), (40.0, "乙"))
    said = [
        keep(f, v, f.indicator, "错", who, request)[1] for f, (v, who) in zip(opened, values, strict=True)
    ]
    assert [f.value for f in shelf.library.ledger().figures] == [39.0]
    return said


def test_of_two_people_the_second_is_told_of_the_first(tmp_path: Path) -> None:
    first, second = waited(told_to_the_second(tmp_path))
    assert "已更正" in first
    assert "刚刚有人更正过" in second


async def correct_both(home: Path) -> str:
    """Correct two like figures of one sentence; return the list of corrections."""
    shelf, settings = shelf_of(home, "云岭市新建职工书屋8家，新建职工驿站8家。")
    _, keep = handlers(shelf, settings)
    request = SimpleNamespace(state=SimpleNamespace(qa_person=Person("", "administrator", "")))
    for at in range(2):
        figure = shelf.library.ledger().figures[at]
        keep(figure, 9.0, figure.indicator, "错", "甲", request)
    return corrections_list(shelf, may_change=True)


def test_of_two_like_figures_in_one_sentence_it_is_said_which_was_corrected(tmp_path: Path) -> None:
    shown = waited(correct_both(tmp_path))
    assert "第 1 处" in shown and "第 2 处" in shown
    changes, _ = read_changes(tmp_path / "audit.jsonl")
    assert ["第 1 处" in change.what for change in changes] == [True, False]
    assert ["第 2 处" in change.what for change in changes] == [False, True]

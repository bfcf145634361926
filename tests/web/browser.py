"""A real Chromium, started once for all tests that want one; ``tests/conftest.py`` makes its fixtures known."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

__all__ = ["Visit", "browser", "visit"]

# The first two are pages of Chromium's own that it loads for each context: a third of the processor time of a visit.
# The list takes the place of Playwright's, of which the others are.
DISABLED = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,"
    "HttpsUpgrades,LensOverlay,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,"
    "PreconnectToSearch,ThirdPartyStoragePartitioning"
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_api.sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", f"--disable-features={DISABLED}"]
        )
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    visit = Visit(browser)
    yield visit
    visit.close()


class Visit:
    """Pages in contexts of their own; whatever a page requests beyond the host, or throws, fails its test."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.strays: list[str] = []
        self.faults: list[str] = []

    def __call__(self, url: str, *, started: str = "#qa-chat .example", **context: Any) -> Page:
        host = "/".join(url.split("/")[:3])
        opened = self._browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **context})
        self._contexts.append(opened)
        page = opened.new_page()
        page.set_default_timeout(
            120_000
        )  # beside another process on a slow machine a first page has taken 30 s
        page.on(
            "request",
            lambda r: None if r.url.startswith((host, "data:", "blob:")) else self.strays.append(r.url),
        )
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: (self.faults.append(dialog.message), dialog.dismiss()))
        page.on(
            "console", lambda m: self.faults.append(m.text) if "Content Security Policy" in m.text else None
        )
        page.goto(url)
        page.wait_for_selector(started)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        assert self.strays == []
        assert self.faults == []

"""A real Chromium, started once for all tests that want one; ``tests/conftest.py`` makes its fixtures known."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["Visit", "browser", "visit", "windows"]

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


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    return Windows(browser)


@pytest.fixture
def visit(windows: Windows) -> Iterator[Visit]:
    visit = Visit(windows)
    yield visit
    visit.close()


class Window:
    """A page in a context of its own; whatever it requests beyond the host, or throws, fails the visit's test."""

    def __init__(self, browser: Browser, options: dict[str, Any]) -> None:
        self.options = options
        self.host = ""
        self.visit: Visit | None = None
        self._context = browser.new_context(**options)
        self.page = page = self._context.new_page()
        page.set_default_timeout(
            120_000
        )  # beside another process on a slow machine a first page has taken 30 s
        page.on("request", lambda r: self._requested(r.url))
        page.on("pageerror", lambda error: self._failed(str(error)))
        page.on("dialog", lambda dialog: (self._failed(dialog.message), dialog.dismiss()))
        page.on("console", lambda m: self._failed(m.text) if "Content Security Policy" in m.text else None)

    def _requested(self, url: str) -> None:
        if self.visit and not url.startswith((self.host, "data:", "blob:")):
            self.visit.strays.append(url)

    def _failed(self, said: str) -> None:
        if self.visit:
            self.visit.faults.append(said)

    def left(self) -> bool:
        """Whether the window is as new: nothing is kept in it, and no script of the page runs any more."""
        from playwright.sync_api import Error

        for other in self._context.pages:
            if other is not self.page:
                other.close()
        try:
            self.page.goto(f"{self.host}/favicon.ico", timeout=10_000)
            self.page.evaluate("localStorage.clear(); sessionStorage.clear()")
        except Error:  # its server has ended
            return False
        self._context.clear_cookies()
        self._context.set_offline(False)
        self.page.set_viewport_size(self.options["viewport"])
        return True

    def close(self) -> None:
        self._context.close()


class Windows:
    """Windows that nobody uses, by their options: one that has loaded the page loads it again in half the time."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: list[Window] = []

    def take(self, options: dict[str, Any]) -> Window:
        for window in self._free:
            if window.options == options:
                self._free.remove(window)
                return window
        return Window(self._browser, options)

    def give_back(self, window: Window) -> None:
        if window.left():
            self._free.append(window)
        else:
            window.close()


class Visit:
    """Pages in windows of their own, in which nothing is kept of an earlier visit."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        self._taken: list[Window] = []
        self.strays: list[str] = []
        self.faults: list[str] = []

    def __call__(self, url: str, *, started: str = "#qa-chat .example", **options: Any) -> Page:
        window = self._windows.take({"viewport": {"width": 1440, "height": 900}, **options})
        self._taken.append(window)
        window.host, window.visit = "/".join(url.split("/")[:3]), self
        window.page.goto(url)
        window.page.wait_for_selector(started)
        return window.page

    def close(self) -> None:
        for window in self._taken:
            self._windows.give_back(window)
            window.visit = None
        assert self.strays == []
        assert self.faults == []

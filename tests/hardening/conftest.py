"""How often each promise was tried: every test says its n, and the run ends with the list."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Tried = Callable[..., None]
_said: list[str] = []


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Tried:
    """Takes what was tried how often, and how it went: ``tried(flips=2000, detected=1990)``."""

    def say(**counts: object) -> None:
        _said.append(f"{request.node.name}: {', '.join(f'{what} {n}' for what, n in counts.items())}")

    return say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the list; with ``-q`` too."""
    if _said:
        terminalreporter.section("tried")
        for line in _said:
            terminalreporter.write_line(line)

"""All tests of this folder are hardening; each says how often its promise was tried, and the run ends with the list."""

from collections.abc import Callable
from pathlib import Path

import pytest

Tried = Callable[..., None]
_said: list[str] = []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all that lies in this folder, before marks are selected."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.hardening)


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

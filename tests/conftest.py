"""What every test runs under: no network beyond loopback, and a home folder of its own."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.guard import network_guard
from tests.web.browser import browser, visit

__all__ = ["browser", "visit"]

settings.register_profile("any speed", deadline=None)  # how long an example takes depends on what else runs
settings.load_profile("any speed")
network_guard.install()
network_guard.carry_into_children(str(Path(__file__).parent / "guard"))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Load without looking for garbage; what is loaded stays, and no collection looks through it again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Fail a test that reached for the network, even where the code swallowed the refusal."""
    del network_guard.violations[:]
    yield
    assert network_guard.violations == []


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep tests away from the user's settings and indexes, in this process and in those that it starts."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("UNION_QA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("UNION_QA_HOME", str(home))
    return home

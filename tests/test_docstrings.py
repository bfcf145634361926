"""The examples in docstrings print what they say."""

import doctest
import importlib
from pathlib import Path

import pytest

from tests.map import ROOT, TOPS


def with_examples() -> list[str]:
    files = (path for top in TOPS for path in sorted((ROOT / top).rglob("*.py")))
    return [_module(path) for path in files if ">>> " in path.read_text(encoding="utf-8")]


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("name", with_examples())
def test_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0

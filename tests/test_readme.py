"""The README is the map: it names every file, and its commands exist."""

from __future__ import annotations

import re
from pathlib import Path

from typer.main import get_command

from qa.cli.main import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_map_names_every_module() -> None:
    modules = [*(ROOT / "qa").rglob("*.py"), *(ROOT / "embeddings").rglob("*.py"), ROOT / "app.py"]
    missing = sorted(
        str(m.relative_to(ROOT).as_posix())
        for m in modules
        if f"`{m.relative_to(ROOT).as_posix()}`" not in README
    )
    assert missing == []


def test_the_map_names_no_file_that_is_gone() -> None:
    named = re.findall(r"^- `([^`]+\.py)`", README, re.MULTILINE)
    assert named
    assert [n for n in named if not (ROOT / n).is_file()] == []


def test_every_command_of_the_readme_exists() -> None:
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]
    told = set(re.findall(r"union-qa ([a-z]+)", README))
    assert told <= commands
    assert commands <= told, "a command that the README does not show"

"""What the documentation says is so: its commands and options exist, its links lead somewhere, its samples come out."""

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from typer.main import get_command

import qa.settings
from qa.cli import app, main
from qa.library import SAMPLE_REPORTS
from tests.map import modules, packages, summary

ROOT = Path(__file__).parents[1]
PAGES = {path: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *ROOT.glob("docs/*.md"))}
README, EVERYTHING = PAGES[ROOT / "README.md"], "\n".join(PAGES.values())
COMMANDS: dict[str, click.Command] = get_command(app).commands  # type: ignore[attr-defined]


def blocks(text: str) -> Iterator[str]:
    """The indented blocks of a page, without their indent."""
    for block in re.findall(r"(?:^(?: {4}.*)?\n)+", text, re.MULTILINE):
        yield re.sub(r"^ {4}", "", block, flags=re.MULTILINE)


def options(command: click.Command) -> set[str]:
    """All that a command takes, those of its subcommands included."""
    own = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    return own.union({"--help", "-h"}, *map(options, getattr(command, "commands", {}).values()))


def samples() -> list[tuple[str, str]]:
    """Questions of ``$ union-qa ask "…"``, each with all that is printed below it."""
    found = [
        pair
        for text in PAGES.values()
        for block in blocks(text)
        for pair in re.findall(r'^\$ union-qa ask "(.+)"\n((?:(?!\$ ).*\n)+)', block, re.MULTILINE)
    ]
    assert found
    return found


def headings(text: str) -> set[str]:
    """The names by which links lead to the headings of a page."""
    shown = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in shown}


@pytest.fixture(scope="module")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme") / "my-index"
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(["rebuild", str(SAMPLE_REPORTS), "--index", str(folder)]) == 0
    return folder


def test_the_readme_is_short() -> None:
    assert len(README.encode()) <= 12 * 1024


def test_every_command_of_the_documentation_exists() -> None:
    told = set(re.findall(r"union-qa ([a-z]+)", EVERYTHING))
    assert told == set(COMMANDS), "a command that does not exist, or that no page shows"


def test_every_option_of_the_documentation_exists() -> None:
    shown = re.findall(r"union-qa ([a-z]+)([^\n#`]*)", EVERYTHING)
    told = {(name, option) for name, rest in shown for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest)}
    assert len(told) > 10
    assert {(name, option) for name, option in told if option not in options(COMMANDS[name])} == set()


def test_every_setting_is_documented() -> None:
    known = set(re.findall(r"``(UNION_QA_\w+)``", qa.settings.__doc__ or ""))
    assert known
    assert set(re.findall(r"UNION_QA_\w+", EVERYTHING)) == known


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target, _, heading in (
        link.partition("#") for link in re.findall(r"\]\((?!https?:)([^)]+)\)", PAGES[page])
    ):
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), target
        if heading:
            assert heading in headings(path.read_text(encoding="utf-8"))


def test_every_path_of_the_documentation_exists() -> None:
    told = re.findall(r"`((?:qa|embeddings|tests|docs|\.ci)/[\w./-]+)`", EVERYTHING)
    told += [
        name.replace(".", "/") for name in re.findall(r"-m ((?:qa|embeddings|tests)\.[\w.]+)", EVERYTHING)
    ]
    assert told
    assert [t for t in told if not (ROOT / t).exists() and not (ROOT / f"{t}.py").exists()] == []


@pytest.mark.parametrize(("question", "printed"), samples())
def test_a_printed_answer_comes_out_word_for_word(
    question: str, printed: str, sample_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["ask", question, "--index", str(sample_index)]) == 0
    assert capsys.readouterr().out.rstrip() == printed.rstrip()


@pytest.mark.parametrize(
    "page", [p for p, text in PAGES.items() if "```python" in text], ids=lambda p: p.name
)
def test_the_python_of_a_page_runs(page: Path, sample_index: Path) -> None:
    for code in re.findall(r"```python\n(.*?)```", PAGES[page], re.DOTALL):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            cwd=sample_index.parent,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "漳州" in done.stdout


def test_the_map_has_a_line_for_every_module() -> None:
    for path in (*modules(ROOT / "qa"), *modules(ROOT / "embeddings"), ROOT / "app.py"):
        assert len(summary(path)) > 10, path


def test_the_map_is_printed() -> None:
    def printed(*folders: str) -> list[str]:
        command = [sys.executable, "-m", "tests.map", *folders]
        return subprocess.check_output(command, cwd=ROOT, encoding="utf-8").splitlines()

    assert len(printed()) == len(packages())
    checking = printed("qa/checking")
    assert len(checking) == len(modules(ROOT / "qa/checking"))
    assert f"- `qa/checking/verify.py` — {summary(ROOT / 'qa/checking/verify.py')}" in checking

"""Print the map of the code, out of the docstrings: ``python -m tests.map [FOLDER ...]``.

Without a folder, one line a package; with ``qa/reading`` or the like, one line a module inside it.
"""

import argparse
import ast
from pathlib import Path

__all__ = ["modules", "packages", "summary"]

ROOT = Path(__file__).parents[1]
TOPS = ("qa", "embeddings")


def summary(path: Path) -> str:
    """The first line of a module's docstring, without its full stop.

    Raises:
        ValueError: the module has none.
    """
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if not text:
        raise ValueError(f"{path} has no docstring")
    return text.partition("\n")[0].rstrip(".")


def packages(root: Path = ROOT) -> tuple[Path, ...]:
    """Every package, by name."""
    return tuple(sorted(path for top in TOPS for path in (root / top).rglob("__init__.py")))


def modules(folder: Path) -> tuple[Path, ...]:
    """Every module inside a folder, those of its packages included, by name."""
    return tuple(sorted(folder.rglob("*.py")))


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="such as qa/reading")
    named = [(ROOT / folder).resolve() for folder in parser.parse_args().folders]
    if missing := [str(folder) for folder in named if not folder.is_relative_to(ROOT) or not folder.is_dir()]:
        parser.error(f"no such folder of this project: {', '.join(missing)}")
    for path in [m for folder in named for m in modules(folder)] or packages():
        shown = path if named else path.parent
        print(f"- `{shown.relative_to(ROOT).as_posix()}` — {summary(path)}")


if __name__ == "__main__":
    _main()

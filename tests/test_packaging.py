"""What is in the tree is in the package, and the modules say what they offer."""

import ast
import importlib
import pkgutil
import tomllib
from pathlib import Path

import pytest
from setuptools import find_packages

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def modules(package: str) -> list[str]:
    found = pkgutil.walk_packages([str(ROOT / package)], f"{package}.")
    return [package, *(module.name for module in found if not module.name.endswith("__main__"))]


@pytest.mark.parametrize("package", ["qa", "embeddings"])
def test_every_data_file_is_packaged(package: str) -> None:
    folder = ROOT / package
    patterns = PROJECT["tool"]["setuptools"]["package-data"][package]
    packaged = {path for pattern in patterns for path in folder.glob(pattern)}
    files = {p for p in folder.rglob("*") if p.is_file() and p.suffix != ".py"}
    files = {
        p for p in files if not {"__pycache__", "train"} & set(p.parts)
    }  # models are trained in a checkout
    assert {str(p.relative_to(ROOT)) for p in files - packaged} == set()


def test_recipes_stay_in_the_checkout_and_all_else_is_packaged() -> None:
    found = find_packages(str(ROOT), **PROJECT["tool"]["setuptools"]["packages"]["find"])
    folders = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for package in ("qa", "embeddings")
        for path in (ROOT / package).rglob("__init__.py")
    }
    recipes = {name for name in folders if "train" in name.split(".")}
    assert set(found) == folders - recipes
    assert {"qa.evaluate.train", "embeddings.reader.train.passages"} <= recipes


def test_nothing_that_is_packaged_imports_a_recipe() -> None:
    for package in ("qa", "embeddings"):
        for path in (p for p in (ROOT / package).rglob("*.py") if "train" not in p.parts):
            nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
            names = [each.name for node in nodes if isinstance(node, ast.Import) for each in node.names]
            names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
            assert not [name for name in names if "train" in name.split(".")], path


def test_every_module_says_what_it_is_for_and_every_package_has_what_it_exports() -> None:
    for name in (n for p in ("qa", "embeddings") for n in modules(p) if ".train" not in n):
        module = importlib.import_module(name)
        assert module.__doc__, name
        assert [each for each in getattr(module, "__all__", ()) if not hasattr(module, each)] == [], name

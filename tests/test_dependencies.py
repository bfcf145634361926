"""What the program rests on: declared, new enough, under licences that allow its use, and listed for whoever asks."""

import ast
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.test_packaging import PROJECT, ROOT

CORE = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
EXTRAS = {
    name: [Requirement(line) for line in lines]
    for name, lines in PROJECT["project"]["optional-dependencies"].items()
}
COMPANIONS = {
    "fastapi": "gradio",
    "starlette": "gradio",
    "uvicorn": "gradio",
    "pydantic": "gradio",
    "jinja2": "gradio",
    "markupsafe": "gradio",
    "pydantic-core": "pydantic",
    "gradio-client": "gradio",
    "h11": "uvicorn",
    "python-multipart": "gradio",
}  # come with, and fit, what is declared
DISTRIBUTIONS = {
    "docx": "python-docx",
    "faiss": "faiss-cpu",
    "grpc": "grpcio",
    "sklearn": "scikit-learn",
}  # where the import has another name
UNSAID = {
    "pypdfium2": "Apache-2.0",
    "transformers": "Apache-2.0",
    "protobuf": "BSD-3-Clause",
}  # but in their own texts
ALLOWED = re.compile(
    r"MIT(?:-0|-CMU)?|0?BSD(?:-[23]-Clause)?|Apache(?:-2\.0| Software)?|ISC(?:L)?|PSF(?:-2\.0)?|Python(?:-2\.0)?"
    r"|MPL(?:-2\.0)?|Mozilla Public|Zlib|CC0-1\.0|BSL-1\.0|CNRI-Python|Unlicense|HPND"
)
FORBIDDEN = re.compile(r"(?<!L)(?<!Lesser )\bA?GPL|Affero|Commercial|Proprietary", re.IGNORECASE)


def key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(requirements: list[Requirement]) -> dict[str, metadata.Distribution]:
    """All that these need, and what those need, as it is installed; what is not installed is left out."""
    found, waiting = dict[str, metadata.Distribution](), list(requirements)
    while waiting:
        wanted = waiting.pop()
        if key(wanted.name) in found:
            continue
        try:
            found[key(wanted.name)] = each = metadata.distribution(wanted.name)
        except metadata.PackageNotFoundError:
            continue
        for line in each.requires or ():
            further = Requirement(line)
            extras = wanted.extras or {""}
            if further.marker is None or any(further.marker.evaluate({"extra": e}) for e in extras):
                waiting.append(further)
    return found


def installed_requires(name: str) -> list[str]:
    """What a distribution says it needs; nothing where it is not installed."""
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def licence(distribution: metadata.Distribution) -> str:
    said = distribution.metadata
    classifiers = [c for c in said.get_all("Classifier") or () if c.startswith("License ::")]
    expression, text = said.get("License-Expression"), said.get("License") or ""
    short = text if 0 < len(text) < 100 and text != "UNKNOWN" else ""
    return expression or " ".join(classifiers) or short or UNSAID.get(key(said["Name"]), "")


@pytest.mark.parametrize("extra", ["", *EXTRAS])
def test_what_is_installed_is_what_is_declared(extra: str) -> None:
    for wanted in EXTRAS[extra] if extra else CORE:
        assert str(wanted.specifier), f"{wanted.name} has no oldest version"
        try:
            installed = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            assert extra not in ("", "test"), wanted.name
            continue
        assert wanted.specifier.contains(installed, prereleases=True), (wanted, installed)


def test_every_import_is_declared() -> None:
    declared = {key(r.name) for r in (*CORE, *(r for each in EXTRAS.values() for r in each))}
    imported = set[str]()
    for path in (ROOT / "app.py", *(ROOT / "qa").rglob("*.py"), *(ROOT / "embeddings").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.partition(".")[0])
    imported -= {*sys.stdlib_module_names, "qa", "embeddings", "_typeshed"}
    for name, host in COMPANIONS.items():
        if host in {*declared, *COMPANIONS}:
            assert name in {key(Requirement(line).name) for line in installed_requires(host) or [name]}
    assert {key(DISTRIBUTIONS.get(name, name)) for name in imported} - {*declared, *COMPANIONS} == set()


def test_every_licence_allows_use_and_is_listed() -> None:
    guide = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
    listed = guide[guide.index("## Licences") :]
    for name, distribution in needed(CORE + EXTRAS["mcp"]).items():
        said = licence(distribution)
        assert ALLOWED.search(said), f"{name}: {said!r}"
        assert not FORBIDDEN.search(said), f"{name}: {said!r}"
    for wanted in CORE:
        assert f"{wanted.name}" in listed, wanted.name


@pytest.mark.hardening
def test_the_bill_of_materials_is_whole(tmp_path: Path) -> None:
    """The command that docs/contributing.md gives, on the environment that runs this."""
    bill = tmp_path / "sbom.json"
    command = ["environment", "--pyproject", str(ROOT / "pyproject.toml"), "--of", "JSON", "-o", str(bill)]
    subprocess.run([sys.executable, "-m", "cyclonedx_py", *command], check=True, capture_output=True)
    told = json.loads(bill.read_text(encoding="utf-8"))
    assert (told["bomFormat"], told["metadata"]["component"]["name"]) == ("CycloneDX", "union-qa")
    listed = {key(each["name"]): each["version"] for each in told["components"]}
    for name, distribution in needed(CORE).items():
        assert listed[name] == distribution.version

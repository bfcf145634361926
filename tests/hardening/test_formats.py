"""An index that any earlier version wrote opens, or is refused with the command that brings it up to date."""

import zipfile
from pathlib import Path

import pytest

from qa.cli import main
from qa.errors import IndexIncompatible
from qa.index import FORMAT, open_index
from tests.hardening.conftest import Tried
from tests.hardening.indexes import corpus, write_corpus
from tests.index.made import Built, HashedBigrams

FORMATS = Path(__file__).with_name("formats")  # one small index of each format: corpus(2, 1, 6), 16 columns
ENCODER = HashedBigrams(16)


def unpacked(version: int, folder: Path) -> Path:
    with zipfile.ZipFile(FORMATS / f"{version}.zip") as archive:
        archive.extractall(folder)
    return folder


def test_there_is_one_of_every_format(tried: Tried) -> None:
    kept = sorted(int(path.stem) for path in FORMATS.iterdir())
    assert kept == list(range(1, FORMAT + 1)), "add one made by the version before this change"
    tried(formats=len(kept))


@pytest.mark.parametrize("version", range(1, FORMAT))
def test_an_earlier_format_says_how_to_go_on(
    tmp_path: Path, version: int, capsys: pytest.CaptureFixture[str]
) -> None:
    built = Built(
        write_corpus(tmp_path / "reports", corpus(2, 1, 6)), unpacked(version, tmp_path / "index"), ENCODER
    )
    with pytest.raises(IndexIncompatible, match=rf"格式版本是 {version}.*union-qa rebuild"):
        built.open()
    assert main(["ask", "法律援助办了多少件？", "--index", str(built.index)]) == 1
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and "union-qa rebuild" in said.err
    assert built.rebuild().reports == 2
    assert built.open().warnings == ()
    assert len(list((built.index / "generations").iterdir())) == 1


def test_this_format_opens(tmp_path: Path) -> None:
    index = open_index(unpacked(FORMAT, tmp_path), ENCODER)
    assert index.warnings == ()
    assert len(index.reports) == 2 and len(index.sentences) == 12

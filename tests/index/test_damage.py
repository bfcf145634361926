"""Whatever happens to a file of the index, it is noticed before anything is answered from it."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from qa.errors import IndexDamaged, IndexIncompatible, IndexMissing, StoreError
from qa.index import index_exists, open_index
from qa.index.manifest import _checksum, manifest_bytes, read_manifest
from tests.index.made import KUNMING, Built, HashedBigrams, write_reports


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def point(path: Path) -> None:
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n", encoding="ascii")


def remove(path: Path) -> None:
    path.unlink()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


FILES = (
    "manifest.json",
    "reports.jsonl",
    "sentences.jsonl",
    "vectors.npy",
    "dense/dense.faiss",
    "sparse/sparse.words.json",
    "sparse/sparse.counts.npy",
    "sparse/sparse.lengths.npy",
    "passages/sparse.rows.npy",
)


def folder(built: Built, number: int) -> Path:
    return built.index / "generations" / f"{number:08d}"


def file(built: Built, number: int, name: str) -> Path:
    """A file of a generation of one segment."""
    if name == "manifest.json":
        return folder(built, number) / name
    (segment,) = (folder(built, number) / "segments").iterdir()
    return segment / name


def test_the_list_of_files_is_complete(built: Built) -> None:
    found = {p.relative_to(folder(built, 1)).as_posix() for p in folder(built, 1).rglob("*") if p.is_file()}
    assert all(file(built, 1, name).is_file() for name in FILES)
    assert {entry.name for entry in read_manifest(folder(built, 1)).files} == found - {"manifest.json"}


@pytest.mark.parametrize("harm", [flip, cut, zero, point, remove, pipe])
@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", FILES)
def test_damage_is_noticed(built: Built, name: str, harm: Callable[[Path], None]) -> None:
    harm(file(built, 1, name))
    with pytest.raises(StoreError) as raised:
        built.open()
    assert f"union-qa rebuild 报告文件夹 --index {built.index} --force" in str(raised.value)
    assert "Error" not in str(raised.value), "what a library said belongs in the cause"


@pytest.mark.parametrize("name", FILES)
def test_the_generation_before_serves_and_says_so(built: Built, name: str) -> None:
    write_reports(built.reports, kunming=KUNMING)
    built.rebuild()
    flip(file(built, 2, name))
    index = built.open()
    assert index.generation == 1
    assert len(index.warnings) == 1
    assert "第 1 代" in index.warnings[0]
    assert built.rebuild().generation == 3
    assert built.open().warnings == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"2",
        b"../../etc",
        b"1 ../../../etc/passwd\n",
        b"1 " + b"0" * 64 + b"\n",
        b"\xff" * 300,
        b"7 " + b"a" * 64 + b"\n",
    ],
)
def test_a_false_pointer_leads_nowhere(built: Built, content: bytes) -> None:
    (built.index / "CURRENT").write_bytes(content)
    index = built.open()
    assert index.generation == 1
    assert len(index.warnings) == 1
    built.rebuild()
    assert built.open().warnings == ()


@pytest.mark.timeout(60)
def test_a_pointer_that_is_a_pipe_does_not_keep_anybody_waiting(built: Built) -> None:
    pipe(built.index / "CURRENT")
    index = built.open()
    assert (index.generation, len(index.warnings)) == (1, 1)
    built.rebuild()
    assert (built.index / "CURRENT").is_file()
    assert built.open().warnings == ()


def test_a_missing_index_says_how_to_build_one(tmp_path: Path) -> None:
    for index in (tmp_path, tmp_path / "not there"):
        with pytest.raises(IndexMissing, match="union-qa rebuild"):
            open_index(index)


def test_an_index_that_nobody_may_look_into_is_not_taken_for_none(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(path: Path, *_: object, **__: object) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    for method in ("open", "iterdir", "stat"):
        monkeypatch.setattr(Path, method, closed)
    with pytest.raises(StoreError, match=r"打不开索引 .*Permission denied") as raised:
        index_exists(built.index)
    assert not isinstance(raised.value, IndexMissing)


def test_another_format_version_is_named(built: Built) -> None:
    path = folder(built, 1) / "manifest.json"
    path.write_text(
        json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"format": 99}), encoding="utf-8"
    )
    with pytest.raises(IndexIncompatible, match="格式版本是 99"):
        built.open()
    assert built.rebuild().generation == 2


def test_a_manifest_from_before_paths_were_kept_is_read(built: Built) -> None:
    path = file(built, 1, "manifest.json")
    entries = json.loads(path.read_text("utf-8"))
    assert entries.pop("paths") == [str(built.reports.resolve())]
    del entries["checksum"]
    path.write_text(json.dumps(entries | {"checksum": _checksum(entries)}), "utf-8")
    assert read_manifest(folder(built, 1)).paths == ()


def test_another_encoder_is_refused(built: Built) -> None:
    with pytest.raises(IndexIncompatible, match=r"bigrams-256.*bigrams-64"):
        open_index(built.index, HashedBigrams(64))
    with pytest.raises(IndexIncompatible, match="other"):
        open_index(built.index, HashedBigrams(256, name="other"))


def test_a_manifest_cannot_lead_out_of_its_folder(built: Built) -> None:
    from dataclasses import replace

    manifest = read_manifest(folder(built, 1))
    (built.index / "outside.txt").write_text("不属于索引", encoding="utf-8")
    stray = replace(manifest.files[0], name="../../outside.txt")
    (folder(built, 1) / "manifest.json").write_bytes(
        manifest_bytes(replace(manifest, files=(*manifest.files, stray)))
    )
    with pytest.raises(IndexDamaged, match="文件名不合法"):
        read_manifest(folder(built, 1))


def test_files_of_two_generations_do_not_mix(built: Built) -> None:
    write_reports(built.reports, kunming=KUNMING)
    built.rebuild()
    for name in FILES:
        one, two = file(built, 1, name), file(built, 2, name)
        kept = two.read_bytes()
        two.write_bytes(one.read_bytes())
        assert built.open().generation == 1
        two.write_bytes(kept)
    assert built.open().generation == 2


def test_a_folder_under_another_number_is_refused(built: Built) -> None:
    folder(built, 1).rename(folder(built, 5))
    with pytest.raises(StoreError):
        built.open()


def test_a_sentence_without_its_paragraph_is_noticed(built: Built) -> None:
    """Whoever hands an index on can write any checksum: the records must still fit together."""
    from dataclasses import replace

    from qa.index.generation import describe_files, read_generation
    from qa.index.manifest import MANIFEST_NAME
    from qa.index.segment import SENTENCES, sentence_lines

    at = folder(built, 1)
    sentences = read_generation(at, 1).sentences
    file(built, 1, SENTENCES).write_bytes(
        sentence_lines([replace(sentences[0], paragraph=99), *sentences[1:]])
    )
    manifest = replace(read_manifest(at), files=describe_files(at, at / "segments"))
    (at / MANIFEST_NAME).write_bytes(manifest_bytes(manifest))
    with pytest.raises(IndexDamaged, match="内容读不出") as raised:
        read_generation(at, 1)
    assert "paragraph" in str(raised.value.__cause__)


def test_vectors_that_claim_more_than_the_file_holds_are_not_read(built: Built) -> None:
    from embeddings.dense import FILE, DenseIndex

    path = file(built, 1, f"dense/{FILE}")
    data = bytearray(path.read_bytes())
    size = data.index((len(built.open().dense.vectors) * 256).to_bytes(8, "little"))
    data[size : size + 8] = (1 << 37).to_bytes(8, "little")
    path.write_bytes(data)
    with pytest.raises(ValueError, match="not a FAISS index"):
        DenseIndex.open(path.parent)

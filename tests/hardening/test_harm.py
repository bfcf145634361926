"""Whatever happens to the bytes of an index: noticed, or the generation before serves and says so; never a false answer."""

import json
from pathlib import Path

import pytest

from qa.cli import main
from tests.hardening.conftest import Tried
from tests.hardening.indexes import two_generations
from tests.hardening.sizes import child, sizes

HARM = Path(__file__).with_name("harm.py")


def harm(folder: Path, kind: str, n: int) -> dict[str, int]:
    index = two_generations(folder).index
    done = child(HARM, index, kind, n, 8)
    assert done.returncode == 0, done.stderr[-2000:]
    outcomes: dict[str, int] = json.loads(done.stdout)
    assert sum(outcomes.values()) == n
    return outcomes


@sizes(60, 2000)
def test_flipped_bits(tmp_path: Path, tried: Tried, n: int) -> None:
    tried(flips=n, **harm(tmp_path, "flip", n))


@sizes(None, 500)
def test_truncations(tmp_path: Path, tried: Tried, n: int) -> None:
    tried(truncations=n, **harm(tmp_path, "cut", n))


@sizes(None, 500)
def test_zeroed_pages(tmp_path: Path, tried: Tried, n: int) -> None:
    tried(pages=n, **harm(tmp_path, "zero", n))


@sizes(None, 200)
def test_swapped_files(tmp_path: Path, tried: Tried, n: int) -> None:
    tried(swaps=n, **harm(tmp_path, "swap", n))


@sizes(None, 50)
def test_pointers_of_large_file_storage(tmp_path: Path, tried: Tried, n: int) -> None:
    tried(pointers=n, **harm(tmp_path, "pointer", n))


@pytest.mark.parametrize(
    "pointer", [b"../../etc", b"../../etc\n", b"/etc/passwd", b"1 ../../etc\n", b"\0" * 80]
)
def test_a_pointer_to_elsewhere(tmp_path: Path, pointer: bytes) -> None:
    (two_generations(tmp_path).index / "CURRENT").write_bytes(pointer)
    assert harm_free_answer(tmp_path) == 2


def harm_free_answer(folder: Path) -> int:
    from qa.index import open_index
    from tests.hardening.indexes import ENCODER

    index = open_index(folder / "index", ENCODER)
    assert len(index.warnings) == 1 and "CURRENT" in index.warnings[0]
    return index.generation


def test_nothing_whole_is_one_sentence_and_an_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = two_generations(tmp_path).index
    for path in index.rglob("sentences.jsonl"):
        path.write_bytes(path.read_bytes()[:-9])
    for command in (["status"], ["ask", "法律援助办了多少件？"], ["search", "法律援助"], ["figures"]):
        assert main([*command, "--index", str(index)]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1 and "已损坏" in said.err and "union-qa rebuild" in said.err


def test_page_command_and_log_say_which_generation_answers(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    from qa.index import rebuild
    from qa.library import Library
    from qa.web.shelf import Shelf
    from qa.web.small_pages import health, status_view
    from tests.hardening.indexes import corpus, write_corpus

    index, reports = tmp_path / "index", tmp_path / "reports"
    rebuild([write_corpus(reports, corpus(2, 1))], index)
    library = Library(index)
    rebuild([write_corpus(reports, corpus(3, 2))], index)
    (vectors,) = (index / "generations" / "00000002").rglob("vectors.npy")
    vectors.write_bytes(b"")
    assert library.ask("苏州的法律援助案件办了多少件？").passages
    shelf = Shelf(library)
    assert health(shelf)[1]["status"] == "warning"
    assert main(["ask", "苏州的法律援助案件办了多少件？", "--index", str(index)]) == 0
    for said in (status_view(shelf, 0), caplog.text, capsys.readouterr().err):
        assert "vectors.npy" in said and "目前用第 1 代索引回答" in said
    assert main(["status", "--index", str(index)]) == 0
    assert "目前用第 1 代索引回答" in capsys.readouterr().err

"""Broken, hostile and odd files in one folder with good ones: these are indexed, those listed, within a gigabyte."""

import json
import re
import shutil
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from qa.index import open_index
from qa.text.normal import one_line
from tests.hardening.conftest import Tried
from tests.hardening.sizes import BAD_INPUT, child, needs_bad_input, sizes

pytestmark = [
    needs_bad_input,
    pytest.mark.skipif(sys.platform == "win32", reason="memory is measured by getrusage"),
]
HERE = Path(__file__).parent
EXPECTED: dict[str, str] = json.loads((HERE / "pdfs.json").read_text(encoding="utf-8"))
MEGABYTES = 1000
ALONE_MEGABYTES, ALONE_SECONDS = 400, 30  # of each of the PDFs
NEVER_INDEXED = re.compile(r"root:|[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff\U000e0000-\U000e007f]")


def built(reports: Path, index: Path) -> tuple[dict[str, Any], float, int]:
    """What ``rebuild`` says, its seconds, and the megabytes of its largest process."""
    done = child(HERE / "measured.py", "rebuild", reports, "--index", index, "--json", seconds=7200)
    assert done.returncode == 0, done.stderr[-2000:]
    *said, measured = done.stderr.splitlines()
    assert all(line.startswith("跳过 ") for line in said if line.strip())
    return json.loads(done.stdout), *json.loads(measured)


def fates(summary: dict[str, Any]) -> dict[str, str]:
    """File name → why it was skipped."""
    assert all(skipped["reason"] for skipped in summary["skipped"])
    return {Path(skipped["path"]).name: skipped["reason"] for skipped in summary["skipped"]}


class Alone(NamedTuple):
    """As ``alone.py`` prints it."""

    code: int
    out: str
    err: str
    seconds: float
    megabytes: int


def read_alone(paths: list[Path], folder: Path) -> list[Alone]:
    names = folder / "names.json"
    names.write_text(json.dumps([str(path) for path in paths]), encoding="utf-8")
    done = child(HERE / "alone.py", names, seconds=7200)
    assert done.returncode == 0, done.stderr[-2000:]
    return [Alone(*json.loads(line)) for line in done.stdout.splitlines()]


def pdfs() -> dict[Path, str]:
    """Each of them with what is expected; the list holds digests, since nothing of the files is ours."""
    every = sorted((BAD_INPUT / "pdf").iterdir())
    return {path: EXPECTED[sha256(path.read_bytes()).hexdigest()[:16]] for path in every}


@sizes(8, len(EXPECTED))
def test_pdfs_alone(tmp_path: Path, tried: Tried, n: int) -> None:
    expected, outcomes = list(pdfs().items()), Counter[str]()
    some = [expected[i * len(expected) // n] for i in range(n)]
    told = read_alone([path for path, _ in some], tmp_path)
    for (path, fate), one in zip(some, told, strict=True):
        if one.code:
            assert one.err.startswith(("错误：", "跳过 ")) and one.err.count("\n") == 1, one.err
        assert fate in ("either", "refuse" if one.code else "index"), (path.name, one.err)
        assert one.seconds < ALONE_SECONDS
        outcomes["refused" if one.code else "read"] += 1
    assert told[-1].megabytes < ALONE_MEGABYTES
    tried(files=n, **outcomes, slowest=max(t.seconds for t in told), megabytes=told[-1].megabytes)


MARKERS = "发电量|發電量|⾵⼒发电机组"  # of the text that most of the made files hold
REFUSED = {
    "enc/overlong_utf8.txt", "enc/empty.txt", "enc/only_bom.txt", "enc/only_space.txt", "docx/truncated.docx",
    "docx/crc_broken.docx", "docx/is_pdf.docx", "docx/ole_encrypted.docx", "docx/no_document_xml.docx",
    "docx/billion_laughs.docx", "docx/xxe_file.docx", "docx/xxe_http.docx", "docx/bomb_100mb.docx", "text/deep.json",
    "archive/bomb_1gb.zip", "archive/nested_64gb.zip", "archive/overlap_2gb.zip",
}  # fmt: skip
EITHER = {  # bytes of no language, read or refused
    "enc/gb18030_4byte_only.txt", "enc/gb18030_pua.txt", "enc/invalid_utf8.txt", "enc/cesu8_surrogates.txt",
    "unicode/emoji_zwj_flags.txt",
}  # fmt: skip
WITHOUT_MARKER = {
    "unicode/one_line_10mb.txt", "unicode/same_char_1m.txt", "unicode/regex_bomb.txt", "html/deep.html",
    "docx/deep_tables.docx", "docx/many_paragraphs.docx", "docx/zip_slip.docx", "text/formula.csv", "text/crlf_header.txt",
}  # fmt: skip
HIDDEN = {
    "unicode/tags.txt": "PWNED",
    "docx/hidden_injection.docx": "PWNED",
    "html/hidden.html": "PWNED",
    "html/script_style.html": "alert",
}


@pytest.mark.long
def test_made_files_alone(tmp_path: Path, tried: Tried) -> None:
    """Each as its own manifest says, within the seconds that it gives."""
    made = tmp_path / "made"
    assert child(BAD_INPUT / "make_badinput.py", made).returncode == 0
    manifest = json.loads((made / "MANIFEST.json").read_text(encoding="utf-8"))
    told = read_alone([made / entry["file"] for entry in manifest], tmp_path)
    outcomes = Counter[str]()
    for entry, one in zip(manifest, told, strict=True):
        name = entry["file"]
        outcomes["refused" if one.code else "read"] += 1
        if name not in EITHER:
            assert bool(one.code) == (name in REFUSED), (name, one.err)
        if one.code:
            assert one.err.startswith("跳过 ") and "意料之外" not in one.err
            continue
        report = json.loads(one.out)
        text = " ".join([report["title"], *(each["text"] for each in report["paragraphs"])])
        assert not NEVER_INDEXED.search(text), name
        assert name in WITHOUT_MARKER or re.search(MARKERS, text), name
        assert HIDDEN.get(name, "\0") not in text, name
        if limit := re.search(r"< (\d+) s", entry["expect"]):
            assert one.seconds < int(limit[1]), (name, one.seconds)
    assert told[-1].megabytes < MEGABYTES
    assert sorted(p.name for p in tmp_path.iterdir()) == ["made", "names.json"], (
        "something was written elsewhere"
    )
    tried(files=len(manifest), **outcomes, slowest=max(t.seconds for t in told), megabytes=told[-1].megabytes)


@pytest.mark.long
def test_everything_in_one_folder(tmp_path: Path, tried: Tried) -> None:
    reports = tmp_path / "reports"
    made = child(BAD_INPUT / "make_badinput.py", reports / "made")
    assert made.returncode == 0, made.stderr
    shutil.copytree(BAD_INPUT / "pdf", reports / "pdf")
    files = [p for p in reports.rglob("*") if p.is_file()]
    summary, seconds, megabytes = built(reports, tmp_path / "index")
    why = fates(summary)
    indexed = {Path(name).name for name in summary["added"]}
    assert {one_line(p.name) for p in files} <= indexed | set(why), "a file is not accounted for"
    for path, fate in pdfs().items():
        assert fate == "either" or (fate == "refuse") == (path.name in why), (path.name, why.get(path.name))
    index = open_index(tmp_path / "index")
    assert index.warnings == ()
    for sentence in index.sentences:
        assert not NEVER_INDEXED.search(sentence.text), sentence.text[:80]
    assert megabytes < MEGABYTES
    assert sorted(p.name for p in tmp_path.iterdir()) == ["index", "reports"], (
        "something was written elsewhere"
    )
    tried(files=len(files), indexed=len(indexed), listed=len(why), seconds=seconds, megabytes=megabytes)

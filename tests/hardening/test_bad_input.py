"""Hostile and broken files: bounded time and memory, a message for each refused one, the others read, no crash.

The files lie beside the repository; ``make_badinput.py`` there writes 84 of them with what is expected of each.
"""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa.errors import ReportError
from qa.reading import find_reports, read_report

BAD = Path(__file__).parents[3] / "shared" / "badinput"
SLOWEST = 40.0  # seconds of processor time; the largest takes some 8
MOST_MEMORY = 900  # MB above the start, over all of the files
pytestmark = pytest.mark.skipif(not BAD.exists(), reason="the bad files lie beside the repository, not in it")

# Controls that a report's text must never hold: C0 and C1, byte order marks, bidirectional overrides, tags, variations.
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufffe\ud800-\udfff\U000e0000-\U000e007f]"
)
REFUSED = (
    "refused",
    "named error",
    "skipped as empty",
    "skipped with a line",
    "says 'encrypted",
    "no chunk made",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    command = [sys.executable, str(BAD / "make_badinput.py"), str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder


def _outcome(path: Path, unpacked: Path) -> tuple[list[str], list[str]]:
    """Texts of the reports in a file, and messages for what was refused."""
    files, skipped = find_reports([path], unpacked)
    texts, refused = [], [each.reason for each in skipped]
    for file in files:
        try:
            report = read_report(file, {})
        except ReportError as error:
            refused.append(str(error))
            continue
        texts.append("\n".join(p.text for p in report.paragraphs))
        refused += report.notes
    return texts, refused


def _peak() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_each_made_file_meets_its_expectation(made: Path, tmp_path: Path) -> None:
    manifest = json.loads((made / "MANIFEST.json").read_text("utf-8"))
    assert len(manifest) >= 84
    before = _peak()
    for number, entry in enumerate(manifest):
        path, expect = made / entry["file"], entry["expect"]
        started = time.process_time()
        texts, refused = _outcome(path, tmp_path / str(number))
        name = repr(entry["file"])
        assert time.process_time() - started < SLOWEST, name
        assert texts or refused, name
        assert all("。" in reason for reason in refused), name
        text = "\n".join(texts)
        assert not UNSEEN.search(text), name
        if expect.startswith("text read correctly"):
            marker = expect.split("marker ")[1].split(" found")[0]
            assert (marker in text or "發電量" in text) if texts else refused, name
        if (expect.startswith(REFUSED) and " or " not in expect) or entry["file"].startswith("archive/"):
            assert refused, name
        if expect.startswith(("indexed", "read with", "all but", "NUL removed", "UTF-8 part")):
            assert texts, name
        if "warning" in expect and "or" not in expect:
            assert refused, name
        for absent in ("PWNED-7713", "root:", "alert(1)"):
            if f"{absent} absent" in expect or f"no '{absent}'" in expect or f"{absent} not in" in expect:
                assert absent not in text, name
    assert _peak() - before < MOST_MEMORY


def test_a_sample_of_the_odd_pdfs_is_read_or_refused(tmp_path: Path) -> None:
    files = sorted((BAD / "pdf").glob("*.pdf"))
    assert len(files) > 300
    for path in files[::32]:
        started = time.perf_counter()
        texts, refused = _outcome(path, tmp_path)
        assert texts or refused, path.name
        assert time.perf_counter() - started < 120, path.name

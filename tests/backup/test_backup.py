"""A backup made while everything is in use gives the same answers on a bare machine; a false one changes nothing."""

import errno
import json
import os
import sqlite3
import stat
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.backup import Saved, back_up, list_bytes, restore
from qa.cli import main
from qa.errors import QAError
from qa.feedback import Feedback, load_all, save
from qa.index import open_index
from qa.index.disk import rename
from tests.index.made import KUNMING, SUZHOU, WUXI, Built, HashedBigrams, write_reports


def said(key: str, question: str) -> Feedback:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Feedback(
        key,
        now,
        "useful",
        "很清楚",
        question,
        (),
        "",
        "",
        "",
        "3210件[1]。",
        "3210件",
        False,
        False,
        ("3210件",),
        (),
    )


SAID = said("k1", "苏州的法律援助办了多少件？")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder with one of everything that people would miss."""
    home = tmp_path / "home"
    Built(
        write_reports(home / "reports", suzhou=SUZHOU, wuxi=WUXI), home / "index", HashedBigrams()
    ).rebuild()
    (home / "index" / "ledger.toml").write_text('[names]\n"驿站" = "爱心驿站"\n', encoding="utf-8")
    save(home / "feedback.sqlite3", SAID)
    (home / "users.json").write_text("[]", encoding="utf-8")
    (home / "users.json").chmod(0o600)
    (home / "audit.jsonl").write_text("{}\n", encoding="utf-8")
    return home


def places(home: Path) -> dict[str, Path]:
    return {
        "home": home,
        "index": home / "index",
        "reports": home / "reports",
        "users": home / "users.json",
    }


def test_what_was_kept_comes_back(home: Path, tmp_path: Path) -> None:
    made = back_up(places(home), tmp_path / "b.zip")
    bare = tmp_path / "bare" / "home"
    back = restore(tmp_path / "b.zip", places(bare))
    assert (back.files, back.bytes, made.problems) == (made.files, made.bytes, ())
    one, two = open_index(home / "index", HashedBigrams()), open_index(bare / "index", HashedBigrams())
    assert (one.reports, one.sentences, two.warnings) == (two.reports, two.sentences, ())
    assert load_all(bare / "feedback.sqlite3") == load_all(home / "feedback.sqlite3")
    for name in ("index/ledger.toml", "users.json", "audit.jsonl", "reports/suzhou.md"):
        assert (bare / name).read_bytes() == (home / name).read_bytes()
    assert stat.S_IMODE((bare / "users.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    assert sorted(p.name for p in (bare.parent).iterdir()) == ["home"]


def test_a_clock_before_1980_stops_no_backup(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 86400.0 * 30)
    back_up(places(home), tmp_path / "b.zip")
    restore(tmp_path / "b.zip", places(tmp_path / "new"))
    assert open_index(tmp_path / "new" / "index", HashedBigrams()).reports


def test_places_may_lie_apart(home: Path, tmp_path: Path) -> None:
    back_up(places(home), tmp_path / "b.zip")
    apart = {name: tmp_path / "apart" / name / "x" for name in places(home)}
    restore(tmp_path / "b.zip", apart)
    assert len(open_index(apart["index"], HashedBigrams()).reports) == 2
    assert apart["users"].read_text(encoding="utf-8") == "[]"


def test_unfinished_and_foreign_things_are_left_out(home: Path, tmp_path: Path) -> None:
    (home / "reports" / ".incoming").mkdir()
    (home / "reports" / ".incoming" / "a.md").write_text("草稿", encoding="utf-8")
    (home / "index" / "CURRENT.new").write_bytes(b"9")
    (home / "users.json.lock").touch()
    (home / "index" / "generations" / ".building-x").mkdir()
    (home / "loop").symlink_to(home)
    (home / "loops").symlink_to("loops")
    (tmp_path / "other").mkdir()
    (home / "link").symlink_to(tmp_path / "other")
    if hasattr(os, "mkfifo"):
        os.mkfifo(home / "pipe")
    (home / "sample").mkdir()
    (home / "sample" / "made-again").write_bytes(b"x")
    copied = back_up(places(home), tmp_path / "b.zip", without=[home / "sample"])
    assert [str(home / "link") in problem for problem in copied.problems] == [True]
    names = zipfile.ZipFile(tmp_path / "b.zip").namelist()
    assert not [
        n for n in names if "incoming" in n or "building" in n or ".new" in n or "loop" in n or "pipe" in n
    ]
    assert not [n for n in names if "sample" in n or "lock" in n or n.endswith(("-wal", "-shm"))]


def test_odd_names_survive(home: Path, tmp_path: Path) -> None:
    names = os.fsdecode("乱码\udcff 😀.md".encode("utf-8", "surrogateescape")), "10:30 例会\\纪要.md"
    for name in names:
        (home / "reports" / name).write_text("内容", encoding="utf-8")
    back_up(places(home), tmp_path / "b.zip")
    restore(tmp_path / "b.zip", places(tmp_path / "bare"))
    for name in names:
        assert (tmp_path / "bare" / "reports" / name).read_text(encoding="utf-8") == "内容"


def test_writers_and_rebuilds_go_on_meanwhile(home: Path, tmp_path: Path) -> None:
    built = Built(home / "reports", home / "index", HashedBigrams())
    stop = threading.Event()
    failures: list[BaseException] = []

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                save(home / "feedback.sqlite3", said(f"n{number}", f"第{number}问"))
                write_reports(home / "reports", kunming=KUNMING.replace("5200", str(5200 + number)))
                built.rebuild()
                (home / "reports" / "kunming.md").unlink()
                built.rebuild()
            except BaseException as error:  # noqa: BLE001  # shown by the test
                failures.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(6):
            assert back_up(places(home), tmp_path / "b.zip").problems == ()
            bare = tmp_path / f"bare{number}"
            restore(tmp_path / "b.zip", places(bare))
            index = open_index(bare / "index", HashedBigrams())
            assert index.warnings == () and len(index.reports) in (2, 3)
            with sqlite3.connect(bare / "feedback.sqlite3") as database:
                assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    finally:
        stop.set()
        thread.join()
    assert failures == []


def test_nothing_is_overwritten(home: Path, tmp_path: Path) -> None:
    back_up(places(home), tmp_path / "b.zip")
    for name in ("audit.jsonl", "index", "reports"):
        bare = tmp_path / f"bare-{name}"
        if name == "index":
            Built(home / "reports", bare / "index", HashedBigrams()).rebuild()
        else:
            there = bare / name if name == "audit.jsonl" else bare / name / "suzhou.md"
            there.parent.mkdir(parents=True)
            there.write_text("我的", encoding="utf-8")
        before = {p: p.read_bytes() for p in bare.rglob("*") if p.is_file()}
        with pytest.raises(QAError, match="已经存在"):
            restore(tmp_path / "b.zip", places(bare))
        assert {p: p.read_bytes() for p in bare.rglob("*") if p.is_file()} == before


def test_a_false_backup_is_refused_and_nothing_appears(home: Path, tmp_path: Path) -> None:
    back_up(places(home), tmp_path / "b.zip")
    good = (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "numbered.zip", "w") as archive:
        entry = {"name": 5, "bytes": 0, "sha256": "", "mode": 0}
        archive.writestr("backup.json", json.dumps({"format": 1, "files": [entry]}))
    for number, data in enumerate(
        [
            (tmp_path / "numbered.zip").read_bytes(),
            b"",
            b"PK\x05\x06" + bytes(18),
            good[: len(good) // 2],
            good[:-1],
            bytes(len(good)),
            b"version https://git-lfs",
        ]
    ):
        (tmp_path / "bad.zip").write_bytes(data)
        with pytest.raises(QAError, match="没有恢复任何内容"):
            restore(tmp_path / "bad.zip", places(tmp_path / f"bare{number}" / "home"))
        assert not (tmp_path / f"bare{number}").exists()
    assert not list(tmp_path.glob(".restoring-*"))


def test_what_is_no_file_or_nests_too_deep_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.zip")
    (tmp_path / "zero.zip").symlink_to("/dev/zero")
    with zipfile.ZipFile(tmp_path / "deep.zip", "w") as archive:
        archive.writestr("backup.json", "[" * 200_000)
    for name in ("pipe.zip", "zero.zip", "deep.zip"):
        with pytest.raises(QAError, match="没有恢复任何内容"):
            restore(tmp_path / name, places(tmp_path / "home"))
    assert not (tmp_path / "home").exists()


def test_no_name_leads_out_of_its_place(home: Path, tmp_path: Path) -> None:
    for number, name in enumerate(
        [
            "home/../../x",
            "home//etc/x",
            "elsewhere/x",
            "home/a\\..\\x",
            "home/C:x",
            "/etc/x",
            "home/.",
            "home/a\x00b",
        ]
    ):
        file = {"name": name, "bytes": 1, "sha256": "0" * 64, "mode": 0o644}
        with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
            archive.writestr("backup.json", json.dumps({"format": 1, "created": "", "files": [file]}))
            archive.writestr(name or "x", b"x")
        with pytest.raises(QAError, match="没有恢复任何内容"):
            restore(tmp_path / "evil.zip", places(tmp_path / f"bare{number}" / "home"))
        assert not (tmp_path / "x").exists() and not (tmp_path / f"bare{number}").exists()


def test_a_bomb_is_cut_off(tmp_path: Path) -> None:
    file = {"name": "home/a", "bytes": 10, "sha256": "0" * 64, "mode": 0o644}
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("backup.json", json.dumps({"format": 1, "created": "", "files": [file]}))
        archive.writestr("home/a", bytes(64 << 20))
    with pytest.raises(QAError, match="没有恢复任何内容"):
        restore(tmp_path / "bomb.zip", places(tmp_path / "bare"))


def test_a_later_format_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "later.zip", "w") as archive:
        archive.writestr("backup.json", json.dumps({"format": 2}))
    with pytest.raises(QAError, match="格式版本是 2"):
        restore(tmp_path / "later.zip", places(tmp_path / "bare"))


def test_a_damaged_index_does_not_keep_the_rest_from_being_saved(home: Path, tmp_path: Path) -> None:
    for path in (home / "index").rglob("vectors.npy"):
        path.write_bytes(b"")
    copied = back_up(places(home), tmp_path / "b.zip")
    assert len(copied.problems) == 1
    assert "没有备份" in copied.problems[0]
    restore(tmp_path / "b.zip", places(tmp_path / "bare"))
    assert load_all(tmp_path / "bare" / "feedback.sqlite3") == (SAID,)


def test_a_disk_that_takes_no_more_leaves_the_earlier_backup(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(places(home), tmp_path / "b.zip")
    before = (tmp_path / "b.zip").read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("qa.backup.os.fsync", full)
    with pytest.raises(QAError, match=r"b\.zip（No space"):
        back_up(places(home), tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b.zip", "home"]


def test_two_backups_at_once_are_both_whole_and_touch_nothing_else(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "b.zip.new"
    own.write_text("我的", encoding="utf-8")

    def another_first(files: list[Saved]) -> bytes:
        monkeypatch.setattr("qa.backup.list_bytes", list_bytes)
        back_up(places(home), tmp_path / "b.zip")
        restore(tmp_path / "b.zip", places(tmp_path / "bare1"))
        return list_bytes(files)

    monkeypatch.setattr("qa.backup.list_bytes", another_first)
    back_up(places(home), tmp_path / "b.zip")
    restore(tmp_path / "b.zip", places(tmp_path / "bare2"))
    assert own.read_text(encoding="utf-8") == "我的"
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "b.zip",
        "b.zip.new",
        "bare1",
        "bare2",
        "home",
    ]


@pytest.mark.parametrize("shared", ["home", "users"])
def test_of_two_restorations_to_one_place_the_second_is_refused(
    shared: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(places(home), tmp_path / "b.zip")
    (home / "users.json").write_text("[1]", encoding="utf-8")
    back_up(places(home), tmp_path / "c.zip")
    one = places(tmp_path / "bare" / "home")
    two = one if shared == "home" else places(tmp_path / "other") | {"users": one["users"]}
    refused = []

    def meanwhile(old: Path, new: Path) -> None:
        with pytest.raises(QAError, match="另一个 union-qa restore"):
            restore(tmp_path / "c.zip", two)
        refused.append(new)
        rename(old, new)

    monkeypatch.setattr("qa.backup.rename", meanwhile)
    files = restore(tmp_path / "b.zip", one).files
    assert files == len(refused)
    assert one["users"].read_text(encoding="utf-8") == "[]"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b.zip", "bare", "c.zip", "home"]
    assert [each.name for each in (tmp_path / "bare").iterdir()] == ["home"]
    assert not [each for each in one["home"].iterdir() if each.name.startswith(".")]


def test_the_commands(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UNION_QA_HOME", str(home))
    assert main(["backup", str(home / "b.zip")]) == 1
    assert "不能放在" in capsys.readouterr().err
    assert main(["backup", str(tmp_path / "b.zip")]) == 0
    monkeypatch.setenv("UNION_QA_HOME", str(tmp_path / "bare"))
    assert main(["restore", str(tmp_path / "b.zip")]) == 0
    assert "2 份报告" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "b.zip")]) == 1
    assert "已经存在" in capsys.readouterr().err
    monkeypatch.setenv("UNION_QA_HOME", str(tmp_path / "empty"))
    assert main(["backup", str(tmp_path / "c.zip")]) == 1
    assert "还没有可以备份的内容" in capsys.readouterr().err
    assert not (tmp_path / "c.zip").exists()

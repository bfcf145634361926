"""The file of users: only its owner reads it, passwords are not in it, and a broken one lets nobody in."""

import io
import json
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa.cli import main
from qa.errors import QAError
from qa.web.login import signing_key
from qa.web.users import (
    User,
    change_users,
    hash_password,
    matches,
    normalised_name,
    present_users,
    read_changes,
    read_users,
    record,
)


def add(name: str, password: str, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    return main(["users", "add", name, *options])


def test_users_are_added_listed_changed_and_removed(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add("王小明", "很长的密码一二三", monkeypatch, "--role", "administrator") == 0
    assert add("reader", "another password", monkeypatch) == 0
    assert add("reader", "a third password", monkeypatch) == 0
    path = own_home / "users.json"
    users = read_users(path)
    assert {name: user.role for name, user in users.items()} == {
        "王小明": "administrator",
        "reader": "reader",
    }
    assert matches("a third password", users["reader"].password)
    assert not matches("another password", users["reader"].password)
    assert "password" not in path.read_text(encoding="utf-8").replace('"password":', "")
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    capsys.readouterr()
    assert main(["users", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[1] == {"name": "reader", "role": "reader"}
    assert main(["users", "remove", "reader"]) == 0
    assert list(read_users(path)) == ["王小明"]
    assert main(["users", "remove", "reader"]) == 1
    assert main(["log", "--json"]) == 0
    logged = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [(each["action"], each["what"]) for each in logged][-2:] == [
        ("add user", ["reader"]),
        ("remove user", ["reader"]),
    ]


@pytest.mark.parametrize(
    ("name", "password", "options", "code"),
    [
        ("a:b", "long enough", (), 1),
        ("", "long enough", (), 1),
        ("x" * 65, "long enough", (), 1),
        ("x\u202ey", "long enough", (), 1),
        ("x", "short", (), 1),
        ("x", "x" * 257, (), 1),
        ("x", "long enough", ("--role", "owner"), 2),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    password: str,
    options: tuple[str, ...],
    code: int,
) -> None:
    assert add(name, password, monkeypatch, *options) == code
    assert not list(own_home.iterdir())


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"users": 1}',
        '{"users": [{"name": "a"}]}',
        '{"users": [{"name": "a", "role": "owner", "password": "scrypt$1$1$1$00$00"}]}',
        '{"users": [{"name": "a", "role": "reader", "password": "plain text"}]}',
        "\udcff",
    ],
)
def test_broken_file_is_an_error_that_says_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "users.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(QAError, match="恢复备份"):
        read_users(path)
    before = path.read_bytes()
    with pytest.raises(QAError):
        change_users(path, lambda users: {})
    assert path.read_bytes() == before


def test_a_change_that_fails_changes_nothing_and_two_at_once_do_not_mix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.web.users._WAIT_SECONDS", 0.2)
    path = tmp_path / "users.json"
    user = User("a", "reader", hash_password("long enough"))
    change_users(path, lambda users: {"a": user})
    with pytest.raises(ZeroDivisionError):
        change_users(path, lambda users: {"b": 1 / 0})  # type: ignore[dict-item]
    assert read_users(path) == {"a": user}

    def meanwhile(users: dict[str, User]) -> dict[str, User]:
        with pytest.raises(QAError, match="另一个命令"):
            change_users(path, lambda _: {})
        return users

    change_users(path, meanwhile)
    assert read_users(path) == {"a": user}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["users.json", "users.json.lock"]


def test_changes_at_once_wait_for_one_another_and_leave_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    kept = hash_password("long enough")

    def put(name: str) -> None:
        def slowly(users: dict[str, User]) -> dict[str, User]:
            time.sleep(0.05)
            return {**users, name: User(name, "reader", kept)}

        change_users(path, slowly)

    with ThreadPoolExecutor(8) as threads:
        assert len(list(threads.map(put, "abcdefgh"))) == 8
    assert sorted(read_users(path)) == list("abcdefgh")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["users.json", "users.json.lock"]


def test_what_a_killed_change_left_does_not_stand_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    for name in ("users.json.new", "users.json.lock"):
        (tmp_path / name).touch(mode=0o644)
    change_users(path, lambda _: {"a": User("a", "reader", hash_password("long enough"))})
    assert list(read_users(path)) == ["a"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["users.json", "users.json.lock"]


def test_users_are_read_anew_when_their_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "users.json"
    with pytest.raises(QAError, match="用户文件读不出来") as caught:
        present_users(path)
    assert str(tmp_path) not in str(caught.value)
    change_users(path, lambda _: {"a": User("a", "reader", hash_password("long enough"))})
    assert list(present_users(path)) == ["a"]
    change_users(path, lambda _: {})
    assert present_users(path) == {}


def test_passwords_and_names_of_two_normal_forms_are_the_same() -> None:
    assert matches("caf\u00e9 caf\u00e9", hash_password("cafe\u0301 cafe\u0301"))
    assert normalised_name(" cafe\u0301 ") == "caf\u00e9"
    assert not matches("anything", "")
    assert "long enough" not in repr(User("a", "reader", "long enough"))


def test_the_log_keeps_whole_lines_and_passes_over_torn_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNION_QA_HOME", str(tmp_path))
    log = tmp_path / "audit.jsonl"
    assert main(["log"]) == 0
    assert "还没有记录" in capsys.readouterr().err
    record(log, "王小明", "192.0.2.1", "upload", ("甲\n乙.txt",))
    with log.open("a", encoding="utf-8") as file:
        file.write('{"at": "2026\n')
    record(log, "", "", "rebuild")
    assert [(c.who, c.action, c.what) for c in read_changes(log)[0]] == [
        ("王小明", "upload", ("甲\n乙.txt",)),
        ("", "rebuild", ()),
    ]
    assert main(["log"]) == 0
    out = capsys.readouterr().out
    assert "重建索引" in out
    assert "192.0.2.1" in out
    with pytest.raises(QAError, match="写不进操作记录"):
        record(tmp_path, "", "", "rebuild")


@pytest.mark.timeout(60)
def test_a_pipe_in_place_of_the_log_or_the_keys_keeps_nobody_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for use in (lambda: record(pipe, "", "", "rebuild"), lambda: signing_key(pipe)):
        with pytest.raises(QAError, match="不是普通文件"):
            use()

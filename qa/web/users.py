"""The users, with roles and hashed passwords, in a file for its owner alone; a log of what they change.

Passwords are hashed by Python's scrypt (RFC 7914), at the cost of OWASP's cheat sheet on password storage:
32 MB and a fifth of a second for every guess. Present files would need scrypt even with a package for Argon2.
"""

import hashlib
import hmac
import json
import logging
import os
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from qa.errors import QAError, os_errors, read_user_file
from qa.index.disk import held, make_folder, replace_file, require_regular_file

Role: TypeAlias = Literal["reader", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

_logger = logging.getLogger(__name__)

Users: TypeAlias = dict[str, "User"]
Action: TypeAlias = Literal[
    "upload", "delete", "rebuild", "correct", "login", "logout", "locked", "add user", "remove user"
]

_COST, _BLOCK, _TIMES = 2**15, 8, 3
_MEMORY = 64 * 2**20  # that scrypt may take; it needs half of it
_SHORTEST, _LONGEST = 8, 256  # characters of a password
_NAME_CHARACTERS = 64
STATE = "qa_person"  # key of the person in the state of a request
_WAIT_SECONDS = 10.0  # for other commands that change the file; each takes a fraction of a second


@dataclass(frozen=True, slots=True)
class User:
    """A person who may log in."""

    name: str
    role: Role
    password: str = field(repr=False)  # as returned by ``hash_password``


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose request the guard let in."""

    name: str  # "" without logins
    role: Role
    address: str  # of the client

    @property
    def may_change(self) -> bool:
        """Whether uploads, deletions, corrections and rebuilds are allowed."""
        return self.role == "administrator"


def person_of(request: Any) -> Person:
    """Return the person behind Gradio's or Starlette's request; a stranger may only read."""
    found = getattr(getattr(request, "state", None), STATE, None)
    return found if isinstance(found, Person) else Person("", "reader", "")


def present_users(path: Path) -> Users:
    """As ``read_users``; QAError without the path, as strangers see it, if that fails."""
    try:
        return read_users(path)
    except (OSError, QAError) as error:
        _logger.error("%s", error)
        words = "现在无法登录：用户文件读不出来。请管理员在服务器上运行 union-qa users list 查看。"
        raise QAError(words) from error


def read_users(path: Path) -> Users:
    """Return the users of a file by name; QAError if it cannot be read or is invalid."""
    if path.exists() and not path.is_file():
        raise _unreadable(path, "不是普通文件")
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["users"]
        users = [User(row["name"], row["role"], row["password"]) for row in rows]
        for user in users:
            if normalised_name(user.name) != user.name or user.role not in ROLES or not _parts(user.password):
                raise ValueError("a name, role or password that cannot be")
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except (ValueError, TypeError, KeyError, RecursionError, QAError) as error:
        raise _unreadable(path, "内容不完整") from error
    return {user.name: user for user in users}


def change_users(path: Path, change: Callable[[Users], Users]) -> None:
    """Replace the users of a file by ``change(users)``, atomically; QAError if that fails or takes long."""
    lock, new = path.with_name(path.name + ".lock"), path.with_name(path.name + ".new")
    with os_errors(f"写不进用户文件 {path}", "请检查磁盘空间和写权限。"):
        make_folder(path.parent)
        with held(lock, f"另一个命令正在修改用户文件 {path}。请等它结束再试。", _WAIT_SECONDS):
            users = change(read_users(path) if path.exists() else {})
            rows = {"users": [asdict(user) for user in users.values()]}
            data = json.dumps(rows, ensure_ascii=False, indent=1).encode()
            new.unlink(missing_ok=True)  # left by a command that was killed, perhaps for others to read
            try:
                replace_file(path, data, private=True)
            finally:
                new.unlink(missing_ok=True)


def normalised_name(name: str) -> str:
    """Return a user's name, normalised; QAError if it is not valid."""
    name = unicodedata.normalize("NFC", name).strip()
    if not name or len(name) > _NAME_CHARACTERS or ":" in name or not name.isprintable():
        raise QAError(f"用户名应是 1 到 {_NAME_CHARACTERS} 个字，不含冒号和不可见的字符。")
    return name


def hash_password(password: str) -> str:
    """Return the hash to store; QAError if the password is too short or too long.

    >>> matches("correct horse", hash_password("correct horse"))
    True
    """
    if not _SHORTEST <= len(password) <= _LONGEST:
        raise QAError(f"密码应有 {_SHORTEST} 到 {_LONGEST} 个字符。")
    salt = secrets.token_bytes(16)
    key = _key(password, salt, _COST, _BLOCK, _TIMES)
    return f"scrypt${_COST}${_BLOCK}${_TIMES}${salt.hex()}${key.hex()}"


def matches(password: str, kept: str) -> bool:
    """Whether this is the password; with ``""`` for ``kept`` it takes as long and matches nothing."""
    cost, block, times, salt, right = _parts(kept) or (_COST, _BLOCK, _TIMES, bytes(16), b"")
    return hmac.compare_digest(_key(password[:_LONGEST], salt, cost, block, times), right)


def _key(password: str, salt: bytes, cost: int, block: int, times: int) -> bytes:
    words = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(words, salt=salt, n=cost, r=block, p=times, maxmem=_MEMORY, dklen=32)


def _parts(kept: str) -> tuple[int, int, int, bytes, bytes] | None:
    try:
        kind, cost, block, times, salt, key = kept.split("$")
        parts = int(cost), int(block), int(times), bytes.fromhex(salt), bytes.fromhex(key)
    except (ValueError, AttributeError):
        return None
    return parts if kind == "scrypt" and len(parts[-1]) == 32 else None


def _unreadable(path: Path, why: str) -> QAError:
    return QAError(f"读不出用户文件 {path}（{why}）。请恢复备份，或删除它后用 union-qa users add 重新添加。")


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was made."""

    at: str  # UTC, ISO 8601
    who: str  # user name; "" without logins
    address: str  # "" for commands
    action: Action
    what: tuple[str, ...]  # names of files or users


def record(log: Path, who: str, address: str, action: Action, what: tuple[str, ...] = ()) -> None:
    """Append a change in one write and flush it to the disk; QAError if the log cannot be written."""
    change = Change(datetime.now(UTC).isoformat(timespec="seconds"), who, address, action, what)
    line = json.dumps(asdict(change), ensure_ascii=False) + "\n"
    with os_errors(f"改动已经完成，但写不进操作记录 {log}", "请检查这个文件、磁盘空间和写权限。"):
        log.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(require_regular_file(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab", buffering=0) as file:
            file.write(line.encode("utf-8", "backslashreplace"))
            os.fsync(descriptor)


def read_changes(log: Path) -> tuple[list[Change], int]:
    """Return the changes, oldest first, and how many lines are broken; QAError if it cannot be read."""
    changes, broken = [], 0
    for line in read_user_file(log).splitlines() if log.exists() else []:
        try:
            row = json.loads(line)
            at, who, address = str(row["at"]), str(row["who"]), str(row["address"])
            changes.append(Change(at, who, address, row["action"], tuple(row["what"])))
        except (ValueError, TypeError, KeyError, RecursionError):
            broken += 1
    return changes, broken

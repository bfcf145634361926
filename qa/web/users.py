"""Who may use the page: names, roles and hashed passwords, in one file that only its owner can read.

A password is kept as scrypt makes it (RFC 7914), with the cost that OWASP's cheat sheet on password storage asks for:
32 MB and a fifth of a second for every guess. It is Python's own; a package for Argon2 would stand beside it for as
long as any file of today is in use.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from qa.errors import QAError
from qa.index.disk import make_folder, rename, write_file
from qa.index.lock import passing_lock

Role: TypeAlias = Literal["reader", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)

_logger = logging.getLogger(__name__)

Users: TypeAlias = dict[str, "User"]

_COST, _BLOCK, _TIMES = 2**15, 8, 3
_MEMORY = 64 * 2**20  # what scrypt may take; it needs half of it
_SHORTEST, _LONGEST = 8, 256  # characters of a password
_NAME_CHARACTERS = 64
_WAIT_SECONDS = 10.0  # for other commands that change the file; each takes a fraction of a second


@dataclass(frozen=True, slots=True)
class User:
    """A person who may log in.

    Args:
        password: as ``hashed`` makes it, never the password itself.
    """

    name: str
    role: Role
    password: str = field(repr=False)


class UserFile:
    """The users of a file that may change at any moment; safe to share between threads.

    A file that cannot be read lets nobody in.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[tuple[int, int, int], Users] | None = None

    def __call__(self) -> Users:
        """The users as the file has them now.

        Raises:
            QAError: it cannot be read; what strangers may hear of that names no path.
        """
        try:
            state = self.path.stat()
            stamp = (state.st_mtime_ns, state.st_size, state.st_ino)
            if self._read is None or self._read[0] != stamp:
                self._read = stamp, read_users(self.path)
            return self._read[1]
        except (OSError, QAError) as error:
            _logger.error("%s", error)
            raise QAError(
                "现在无法登录：用户文件读不出来。请管理员在服务器上运行 union-qa users list 查看。"
            ) from error


def read_users(path: Path) -> Users:
    """The users of a file by their names.

    Raises:
        QAError: it cannot be read, or is no such file.
    """
    if path.exists() and not path.is_file():
        raise _unreadable(path, "不是普通文件")
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["users"]
        users = [User(row["name"], row["role"], row["password"]) for row in rows]
        whole = all(named(u.name) == u.name and u.role in ROLES and _parts(u.password) for u in users)
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from error
    except (ValueError, TypeError, KeyError, RecursionError, QAError) as error:
        raise _unreadable(path, "内容不完整") from error
    if not whole:
        raise _unreadable(path, "内容不完整")
    return {user.name: user for user in users}


def change_users(path: Path, change: Callable[[Users], Users]) -> None:
    """Replace the users of a file by what ``change`` makes of them; all of it happens, or nothing.

    Raises:
        QAError: the file cannot be read or written, or another command keeps changing it.
    """
    with _beside(path) as new:
        users = change(read_users(path) if path.exists() else {})
        rows = [asdict(user) for user in users.values()]
        write_file(new, json.dumps({"users": rows}, ensure_ascii=False, indent=1).encode(), private=True)
        rename(new, path)


def named(name: str) -> str:
    """A user's name in its one form.

    Raises:
        QAError: it is no name.
    """
    name = unicodedata.normalize("NFC", name).strip()
    if not name or len(name) > _NAME_CHARACTERS or ":" in name or not name.isprintable():
        raise QAError(f"用户名应是 1 到 {_NAME_CHARACTERS} 个字，不含冒号和不可见的字符。")
    return name


def hashed(password: str) -> str:
    """The password as it is kept.

    >>> matches("correct horse", hashed("correct horse"))
    True

    Raises:
        QAError: it is too short or too long.
    """
    if not _SHORTEST <= len(password) <= _LONGEST:
        raise QAError(f"密码应有 {_SHORTEST} 到 {_LONGEST} 个字符。")
    salt = secrets.token_bytes(16)
    return (
        f"scrypt${_COST}${_BLOCK}${_TIMES}${salt.hex()}${_key(password, salt, _COST, _BLOCK, _TIMES).hex()}"
    )


def matches(password: str, kept: str) -> bool:
    """Whether this is the password; ``""`` for ``kept`` takes as long and matches none."""
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


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Where to write what becomes ``path``; one at a time, and gone where the block fails."""
    lock, new = path.with_name(path.name + ".lock"), path.with_name(path.name + ".new")
    try:
        make_folder(path.parent)
        with passing_lock(lock, f"另一个命令正在修改用户文件 {path}。请等它结束再试。", _WAIT_SECONDS):
            new.unlink(missing_ok=True)  # of a command that was killed
            try:
                yield new
            finally:
                new.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unreadable(path: Path, why: str) -> QAError:
    return QAError(f"读不出用户文件 {path}（{why}）。请恢复备份，或删除它后用 union-qa users add 重新添加。")


def _unwritable(path: Path, error: OSError) -> QAError:
    return QAError(f"写不进用户文件 {path}（{error.strerror or error}）。请检查磁盘空间和写权限。")

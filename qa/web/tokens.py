"""Signed tokens that stand for a login: they end with their time, a new password, the user, or a logout."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from pydantic import TypeAdapter

from qa.errors import QAError
from qa.index.disk import replace_file
from qa.web.users import User

__all__ = ["LIFETIME_SECONDS", "Forged", "Login", "Logouts", "issue", "read", "signing_key"]

LIFETIME_SECONDS = 12 * 3600  # a working day
_KEY_BYTES = 32


class Forged(Exception):
    """Nobody here signed this token."""


@dataclass(frozen=True, slots=True)
class Login:
    """What a token stands for.

    Args:
        number: of this login among all.
        until: the second at which it ends.
    """

    user: User
    number: str
    until: float


def signing_key(path: Path) -> bytes:
    """The key of a file that only its owner can read, made at first.

    Raises:
        QAError: it can neither be read nor made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            key = path.read_bytes()
        else:
            key = secrets.token_bytes(_KEY_BYTES)
            with os.fdopen(descriptor, "wb") as file:
                file.write(key)
    except OSError as error:
        raise QAError(f"读写不了登录密钥 {path}（{error.strerror or error}）。请检查权限。") from error
    if len(key) != _KEY_BYTES:
        raise QAError(f"登录密钥 {path} 不完整。请删除它再启动，所有人重新登录一次即可。")
    return key


def issue(user: User, key: bytes) -> str:
    """A token for this user."""
    return str(_signer(key).dumps([user.name, secrets.token_hex(8), _state(user, key)]))


def read(token: str, users: Mapping[str, User], key: bytes) -> Login | None:
    """The login that a token stands for; None where it ended.

    Raises:
        Forged: it was signed by nobody, or with another key.
    """
    try:
        (name, number, state), signed = _signer(key).loads(token, LIFETIME_SECONDS, return_timestamp=True)
    except SignatureExpired:
        return None
    except BadSignature as error:
        raise Forged from error
    user = users.get(name)
    if user is None or not hmac.compare_digest(_state(user, key), state):
        return None
    return Login(user, number, signed.timestamp() + LIFETIME_SECONDS)


def _signer(key: bytes) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, "union-qa login", signer_kwargs={"digest_method": hashlib.sha256})


def _state(user: User, key: bytes) -> str:
    """Of the role and the kept password: another one ends every login, and tells nobody what it is."""
    return hmac.new(key, f"{user.role}\n{user.password}".encode(), hashlib.sha256).hexdigest()[:32]


_Numbers: TypeAdapter[dict[str, float]] = TypeAdapter(dict[str, float])


class Logouts:
    """A file of the numbers of ended logins, each kept until its login would have ended by itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()
        self._ended: dict[str, float] = {}  # here, whatever becomes of the file
        self._kept: tuple[tuple[int, int], dict[str, float]] = ((0, 0), {})

    def __contains__(self, number: object) -> bool:
        return number in self._ended or number in self._read()

    def add(self, number: str, until: float) -> None:
        """End a login.

        Raises:
            QAError: it cannot be written down, so it is ended in this process alone, until the next one is written.
        """
        now = time.time()
        with self._writing:
            self._ended = {each: end for each, end in self._ended.items() if end > now} | {number: until}
            kept = {each: end for each, end in self._read().items() if end > now} | self._ended
            try:
                replace_file(self._path, _Numbers.dump_json(kept), private=True)
            except OSError as error:
                raise QAError(
                    f"退出没有记下，写不进 {self._path}（{error.strerror or error}）。请检查磁盘空间和写权限。"
                ) from error

    def _read(self) -> dict[str, float]:
        """What the file says now; nothing where it cannot be read: a broken one must not keep everybody out."""
        try:
            found = self._path.stat()
            stamp = found.st_mtime_ns, found.st_size
            if stamp != self._kept[0]:
                self._kept = stamp, _Numbers.validate_json(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return self._kept[1]

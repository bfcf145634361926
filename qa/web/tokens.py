"""Signed login tokens: they end by time, by a change of password or role, with the user, or by logout."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from pydantic import TypeAdapter

from qa.errors import QAError
from qa.index.disk import replace_file, require_regular_file
from qa.web.users import User

_logger = logging.getLogger(__name__)

LIFETIME_SECONDS = 12 * 3600  # a working day
_KEY_BYTES = 32


class Forged(Exception):
    """The token was not signed with our key."""


@dataclass(frozen=True, slots=True)
class Login:
    """The login of a token."""

    user: User
    number: str  # random id
    until: float  # timestamp of its end


def signing_key(path: Path) -> bytes:
    """Return the key of a file, made with mode 0600 if missing; QAError if that fails."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            key = require_regular_file(path).read_bytes()
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
    """Return a token for this user."""
    return str(_signer(key).dumps([user.name, secrets.token_hex(8), _state(user, key)]))


def read(token: str, users: Mapping[str, User], key: bytes) -> Login | None:
    """Return the login of a token, None if it ended; Forged if it was not signed with this key."""
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
    """Return a digest of role and password hash, so that a change of either ends every login."""
    return hmac.new(key, f"{user.role}\n{user.password}".encode(), hashlib.sha256).hexdigest()[:32]


_Numbers: TypeAdapter[dict[str, float]] = TypeAdapter(dict[str, float])


class LogoutNotStored(QAError):
    """A logout that could not be written, so it holds in this process alone.

    If ``until_restart``, the login may count again after the next start; else that start ends every login.
    """

    def __init__(self, words: str, *, until_restart: bool) -> None:
        super().__init__(words)
        self.until_restart = until_restart


class Logouts:
    """A file of the numbers of ended logins, each kept until its login would have ended by itself.

    In doubt all logins end: the file of the signing ``key`` is removed, and the next start makes another key.
    """

    def __init__(self, path: Path, key: Path) -> None:
        self._path = path
        self._key = key
        self._writing = threading.Lock()
        self._ended: dict[str, float] = {}  # by this process, even if the file cannot be written
        self._kept: tuple[tuple[int, int], dict[str, float]] = ((0, 0), {})

    def __contains__(self, number: object) -> bool:
        return number in self._ended or number in self._last_read()

    def begin(self) -> None:
        """At the start of a server, end all logins if the file cannot be read; QAError if the key stays."""
        try:
            self._read()
        except (OSError, ValueError) as error:
            why = f"读不出退出记录 {self._path}（{getattr(error, 'strerror', None) or '内容损坏'}）"
            try:
                self._key.unlink(missing_ok=True)
            except OSError as other:
                raise QAError(
                    f"{why}，也删不掉登录密钥 {self._key}（{other.strerror or other}）。请删除这两个文件再启动。"
                ) from other
            _logger.warning("%s，已换新的登录密钥：所有人需要重新登录。", why)
            with suppress(OSError):  # if it is a folder, it stays, and the next start warns again
                self._path.unlink()

    def add(self, number: str, until: float) -> None:
        """End a login; LogoutNotStored if it cannot be written, until the next one is written."""
        now = time.time()
        with self._writing:
            self._ended = {each: end for each, end in self._ended.items() if end > now} | {number: until}
            kept = {each: end for each, end in self._last_read().items() if end > now} | self._ended
            try:
                replace_file(self._path, _Numbers.dump_json(kept), private=True)
            except OSError as error:
                raise self._unkept(error) from error

    def _unkept(self, error: OSError) -> LogoutNotStored:
        why = f"退出没有记下，写不进 {self._path}（{error.strerror or error}）"
        try:
            self._key.unlink(missing_ok=True)
        except OSError as other:
            return LogoutNotStored(
                f"{why}，也删不掉登录密钥 {self._key}（{other.strerror or other}）：重新启动后这次登录可能又有效。"
                "请检查磁盘空间和写权限，删除这个密钥再重新启动。",
                until_restart=True,
            )
        return LogoutNotStored(
            f"{why}，已删除登录密钥：重新启动后所有人需要重新登录。请检查磁盘空间和写权限。",
            until_restart=False,
        )

    def _last_read(self) -> dict[str, float]:
        """Return the content of the file, or the last one read if it cannot be read now."""
        try:
            return self._read()
        except (OSError, ValueError):
            return self._kept[1]

    def _read(self) -> dict[str, float]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return {}
        stamp = found.st_mtime_ns, found.st_size
        if stamp != self._kept[0]:
            self._kept = stamp, _Numbers.validate_json(require_regular_file(self._path).read_bytes())
        return self._kept[1]

"""Signed login tokens: they end by time, by a change of password or role, with the user, or by logout."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer

from qa.errors import QAError
from qa.index.disk import make_folder, replace_file, require_regular_file
from qa.web.users import User

LIFETIME_SECONDS = 12 * 3600  # a working day
_KEY_BYTES = 32
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


@dataclass(frozen=True, slots=True)
class Login:
    """The login of a token."""

    user: User
    number: str  # random id


def signing_key(path: Path) -> bytes:
    """Return the key of a file, made with mode 0600 if missing; QAError if that fails."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), os.fdopen(os.open(path, _NEW, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
        key = require_regular_file(path).read_bytes()
    except OSError as error:
        raise QAError(f"读写不了登录密钥 {path}（{error.strerror or error}）。请检查权限。") from error
    if len(key) != _KEY_BYTES:
        raise QAError(f"登录密钥 {path} 不完整。请删除它再启动，所有人重新登录一次即可。")
    return key


def issue(user: User, key: bytes) -> str:
    """Return a token for this user."""
    return str(_signer(key).dumps([user.name, secrets.token_hex(8), _state(user, key)]))


def read(token: str, users: Mapping[str, User], key: bytes) -> Login | None:
    """Return the login of a token, None if it ended or was not signed with this key."""
    try:
        name, number, state = _signer(key).loads(token, LIFETIME_SECONDS)
    except BadSignature:
        return None
    user = users.get(name)
    if user is None or not hmac.compare_digest(_state(user, key), state):
        return None
    return Login(user, number)


def _signer(key: bytes) -> URLSafeTimedSerializer:
    salt = "union-qa login 2"  # 1 ended in another way: what was logged out then must not come back
    return URLSafeTimedSerializer(key, salt, signer_kwargs={"digest_method": hashlib.sha256})


def _state(user: User, key: bytes) -> str:
    """Return a digest of role and password hash, so that a change of either ends every login."""
    return hmac.new(key, f"{user.role}\n{user.password}".encode(), hashlib.sha256).hexdigest()[:32]


@dataclass(eq=False)
class Logouts:
    """A folder with an empty file for each ended login, until that login would have ended by itself.

    If one cannot be written all logins end: the file of the signing ``key`` is removed, and the next start
    makes another key.
    """

    folder: Path
    key: Path
    unwritten: set[str] = field(default_factory=set)

    def __contains__(self, number: str) -> bool:
        try:
            return number in self.unwritten or (self.folder / number).exists()
        except OSError:  # in doubt it ended
            return True

    def add(self, number: str) -> None:
        """End a login; QAError if it cannot be written, until the next one is written."""
        self.unwritten.add(number)
        try:
            make_folder(self.folder)
            for each in tuple(self.unwritten):
                replace_file(self.folder / each, b"", private=True)
                self.unwritten.discard(each)
        except OSError as error:
            with suppress(OSError):
                self.key.unlink(missing_ok=True)
            raise QAError(
                f"退出没有记下，写不进 {self.folder}（{error.strerror or error}）。请检查磁盘空间和写权限；"
                f"登录密钥 {self.key} 若还在，请删除它再重新启动，所有人需要重新登录。"
            ) from error
        with suppress(OSError):  # another process may do the same; what stays is forgotten next time
            for path in self.folder.iterdir():
                if path.stat().st_mtime < time.time() - LIFETIME_SECONDS:
                    path.unlink()

"""Signed tokens that stand for a login: they outlive a restart, and end with their time, a new password or the user."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Container, Mapping
from pathlib import Path

from qa.errors import QAError
from qa.web.users import User

__all__ = ["LIFETIME_SECONDS", "issue", "login_of", "read", "signing_key"]

LIFETIME_SECONDS = 12 * 3600  # a working day
_KEY_BYTES = 32


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


def issue(user: User, key: bytes, now: float | None = None) -> str:
    """A token for this user."""
    until = int((time.time() if now is None else now) + LIFETIME_SECONDS)
    name = base64.urlsafe_b64encode(user.name.encode()).decode().rstrip("=")
    number = secrets.token_hex(8)
    return f"{name}.{until}.{number}.{_mark(user, until, number, key)}"


def read(
    token: str,
    users: Mapping[str, User],
    key: bytes,
    now: float | None = None,
    ended: Container[str] = (),
) -> User | None:
    """The user whom a token stands for, or None.

    Args:
        ended: numbers of logins that were ended by a logout.
    """
    try:
        encoded, end, number, mark = token.split(".")
        name = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        until = int(end)
    except ValueError:
        return None
    user = users.get(name)
    if user is None or until < (time.time() if now is None else now):
        return None
    right = hmac.compare_digest(_mark(user, until, number, key).encode(), mark.encode())
    return user if right and number not in ended else None


def login_of(token: str) -> tuple[str, int]:
    """The number of the login that a token, which was read before, stands for, and the second at which it ends."""
    _, end, number, _ = token.split(".")
    return number, int(end)


def _mark(user: User, until: int, number: str, key: bytes) -> str:
    """Over the kept password too: a new one ends every login."""
    said = f"{user.name}\n{until}\n{number}\n{user.role}\n{user.password}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()

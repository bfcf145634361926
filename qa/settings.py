"""The one reader of the environment; what it finds is handed down as plain arguments.

========================  ===================  =============================================
variable                  default              meaning
========================  ===================  =============================================
``UNION_QA_HOME``         ``~/.union-qa``      where the program keeps what it writes
``UNION_QA_INDEX``        ``HOME/index``       index folder of commands without ``--index``
``UNION_QA_STORE``        the index folder     ``milvus:`` and an address, where passages and vectors live instead
``UNION_QA_STORE_TOKEN``  no token             what that asks for: ``user:password`` or a key
``UNION_QA_ENCODER``      the shipped encoder  a sentence-transformers model, name or path
``UNION_QA_HOST``         ``127.0.0.1``        where the web page listens
``UNION_QA_PORT``         ``7860``             likewise
``UNION_QA_USERS``        ``HOME/users.json``  who may log in; without that file nobody has to
``UNION_QA_NAMES``        none                 names, with commas, under which other machines call the web page
``UNION_QA_PROXIES``      ``127.0.0.1,::1``    reverse proxies whose word counts for a visitor's address
``UNION_QA_LLM_URL``      no LLM               base address of an OpenAI-compatible service
``UNION_QA_LLM_MODEL``    must then be named   its model
``UNION_QA_LLM_KEY``      no key               its key
``UNION_QA_LLM_SECONDS``  ``30``               all that it may take for one question
``UNION_QA_LLM_CONTEXT``  ``4096``             tokens that it takes in and puts out in one call
========================  ===================  =============================================
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from qa.errors import QAError

_PROXIES = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible service that may write answers.

    Args:
        url: its base address, ``"http://127.0.0.1:8000/v1"``.
        model: as the service names it.
        key: ``""`` where none is needed; never printed.
        seconds: all that one question may take.
        context: tokens of one call, question and reply together.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 30.0
    context: int = 4096


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set from outside.

    Args:
        home: folder of everything that is written without being asked where to.
        index: index folder that was named, or None where nobody named one.
        encoder: name or path of an encoder; None for the one that the index names, else the shipped one.
        host: address of the web page.
        port: likewise, 1 to 65535.
        llm: what writes answers, or None: they are taken from the reports, and nothing leaves the machine.
        users: file of users that was named, or None where nobody named one.
        names: host names under which the web page may be called, beside addresses.
        proxies: addresses or networks of reverse proxies that are believed whom they speak for.
        store: where passages and vectors live, ``"milvus:…"``; None for the index folder.
        store_token: what it asks for; never printed.
    """

    home: Path
    index: Path | None
    encoder: str | None
    host: str
    port: int
    llm: Endpoint | None = None
    users: Path | None = None
    names: tuple[str, ...] = ()
    proxies: tuple[str, ...] = _PROXIES
    store: str | None = None
    store_token: str = field(default="", repr=False)

    @property
    def index_folder(self) -> Path:
        """The index folder in use: the one that was named, else the default one."""
        return self.index or self.home / "index"

    @property
    def sample_folder(self) -> Path:
        """The index of the bundled sample reports."""
        return self.home / "sample"

    @property
    def feedback_file(self) -> Path:
        """What people said of answers."""
        return self.home / "feedback.sqlite3"

    @property
    def users_file(self) -> Path:
        """Who may log in: the file that was named, else the default one."""
        return self.users or self.home / "users.json"

    @property
    def audit_log(self) -> Path:
        """Who changed what, and when."""
        return self.home / "audit.jsonl"

    @property
    def error_log(self) -> Path:
        """The errors that nobody expected, one a line."""
        return self.home / "errors.jsonl"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; a variable that is set to nothing counts as not set.

    Args:
        environment: None for that of the process.

    Raises:
        QAError: the port is not a port, a proxy no address, or the LLM is named in part or wrongly.
    """
    values = {k: v.strip() for k, v in (os.environ if environment is None else environment).items()}
    port = values.get("UNION_QA_PORT") or "7860"
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise QAError(f"环境变量 UNION_QA_PORT 应是 1 到 65535 的整数，现在是“{port}”。请改正或去掉它。")
    index, users = values.get("UNION_QA_INDEX"), values.get("UNION_QA_USERS")
    return Settings(
        home=Path(values.get("UNION_QA_HOME") or "~/.union-qa").expanduser(),
        index=Path(index).expanduser() if index else None,
        encoder=values.get("UNION_QA_ENCODER") or None,
        host=values.get("UNION_QA_HOST") or "127.0.0.1",
        port=int(port),
        llm=_endpoint(values),
        users=Path(users).expanduser() if users else None,
        names=tuple(values.get("UNION_QA_NAMES", "").replace(",", " ").split()),
        proxies=_proxies(values.get("UNION_QA_PROXIES", "")),
        store=values.get("UNION_QA_STORE") or None,
        store_token=values.get("UNION_QA_STORE_TOKEN", ""),
    )


def _proxies(said: str) -> tuple[str, ...]:
    proxies = tuple(said.replace(",", " ").split())
    try:
        for proxy in proxies:
            ip_network(proxy, strict=False)
    except ValueError as error:
        raise QAError(
            f"环境变量 UNION_QA_PROXIES 应是反向代理的地址或网段，用逗号隔开，如 10.0.0.5,192.168.0.0/16；“{proxy}”不是。"
        ) from error
    return proxies or _PROXIES


def _endpoint(values: Mapping[str, str]) -> Endpoint | None:
    """The LLM's service; no message repeats what was set, which may hold a secret."""
    url = values.get("UNION_QA_LLM_URL")
    if not url:
        return None
    if not _is_plain_address(url):
        raise QAError(
            "环境变量 UNION_QA_LLM_URL 应是 http:// 或 https:// 开头的地址，如 http://127.0.0.1:8000/v1，"
            "不带用户名、密码和参数；密钥请放在 UNION_QA_LLM_KEY 里。"
        )
    model, key = values.get("UNION_QA_LLM_MODEL"), values.get("UNION_QA_LLM_KEY", "")
    if not model:
        raise QAError("设置了 UNION_QA_LLM_URL，还要用 UNION_QA_LLM_MODEL 指明模型；不用语言模型就去掉前者。")
    if not (key.isascii() and all(c.isprintable() and c != " " for c in key)):
        raise QAError("环境变量 UNION_QA_LLM_KEY 含有空格、中文或不可见的字符，请重新复制密钥。")
    try:
        seconds = float(values.get("UNION_QA_LLM_SECONDS") or "30")
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 600:
        raise QAError("环境变量 UNION_QA_LLM_SECONDS 应是 1 到 600 的数。请改正或去掉它。")
    context = values.get("UNION_QA_LLM_CONTEXT") or "4096"
    if not (context.isascii() and context.isdigit() and 3000 <= int(context) <= 1_000_000):
        raise QAError("环境变量 UNION_QA_LLM_CONTEXT 应是 3000 到 1000000 的整数。请改正或去掉它。")
    return Endpoint(url, model, key, seconds, int(context))


def _is_plain_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and not any(c.isspace() for c in url)
            and not (parts.username or parts.password or parts.query or parts.fragment)
        )
    except ValueError:
        return False

"""Read the settings from environment variables; no other module reads the environment.

========================  ===================  =============================================
variable                  default              meaning
========================  ===================  =============================================
``UNION_QA_HOME``         ``~/.union-qa``      folder for everything the program writes
``UNION_QA_INDEX``        ``HOME/index``       index folder of commands without ``--index``
``UNION_QA_STORE``        the index folder     ``milvus:`` and an address, to store passages and vectors there
``UNION_QA_STORE_TOKEN``  no token             its credentials: ``user:password`` or a key
``UNION_QA_ENCODER``      the shipped encoder  a sentence-transformers model, name or path
``UNION_QA_HOST``         ``127.0.0.1``        address of the web page
``UNION_QA_PORT``         ``7860``             port of the web page
``UNION_QA_USERS``        ``HOME/users.json``  who may log in; without the file no login is needed
``UNION_QA_NAMES``        none                 host names of the web page, separated by commas
``UNION_QA_PROXIES``      ``127.0.0.1,::1``    reverse proxies that are trusted to state a visitor's address
``UNION_QA_LLM_URL``      no LLM               base address of an OpenAI-compatible service
``UNION_QA_LLM_MODEL``    needed with a URL    its model
``UNION_QA_LLM_KEY``      no key               its key
``UNION_QA_LLM_SECONDS``  ``30``               time limit for one question
``UNION_QA_LLM_CONTEXT``  ``4096``             tokens of one call, prompt and reply together
========================  ===================  =============================================
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from os import PathLike
from pathlib import Path
from urllib.parse import urlsplit

from qa.errors import QAError

_PROXIES = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible service that may write answers."""

    url: str  # base address, ``"http://127.0.0.1:8000/v1"``
    model: str
    key: str = field(default="", repr=False)  # never printed
    seconds: float = 30.0  # limit for one question
    context: int = 4096  # tokens of one call, prompt and reply together


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; the table above says what each means."""

    home: Path
    index: Path | None  # None for the default folder
    encoder: str | None  # name or path; None for the one that the index names, else the shipped one
    host: str
    port: int
    llm: Endpoint | None = None  # None: answers are taken from the reports, and nothing leaves the machine
    users: Path | None = None  # None for the default file
    names: tuple[str, ...] = ()
    proxies: tuple[str, ...] = _PROXIES  # addresses or networks
    store: str | None = None  # ``"milvus:…"``; None for the index folder
    store_token: str = field(default="", repr=False)  # never printed

    @property
    def index_folder(self) -> Path:
        """The index folder: the one that was set, else the default."""
        return self.index or self.home / "index"

    @property
    def sample_folder(self) -> Path:
        return self.home / "sample"

    @property
    def feedback_file(self) -> Path:
        return self.home / "feedback.sqlite3"

    @property
    def users_file(self) -> Path:
        """The users who may log in: the file that was set, else the default."""
        return self.users or self.home / "users.json"

    @property
    def audit_log(self) -> Path:
        """The log of who changed what, and when."""
        return self.home / "audit.jsonl"

    @property
    def error_log(self) -> Path:
        return self.home / "errors.jsonl"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, by default from ``os.environ``; raise QAError if one is not valid.

    An empty variable counts as not set.
    """
    values = {k: v.strip() for k, v in (os.environ if environment is None else environment).items()}
    index, users = values.get("UNION_QA_INDEX"), values.get("UNION_QA_USERS")
    return Settings(
        home=user_path(values.get("UNION_QA_HOME") or "~/.union-qa", "UNION_QA_HOME"),
        index=user_path(index, "UNION_QA_INDEX") if index else None,
        encoder=values.get("UNION_QA_ENCODER") or None,
        host=values.get("UNION_QA_HOST") or "127.0.0.1",
        port=_integer(values, "UNION_QA_PORT", 7860, 1, 65535, repeated=True),
        llm=_endpoint(values),
        users=user_path(users, "UNION_QA_USERS") if users else None,
        names=tuple(values.get("UNION_QA_NAMES", "").replace(",", " ").split()),
        proxies=_proxies(values.get("UNION_QA_PROXIES", "")),
        store=values.get("UNION_QA_STORE") or None,
        store_token=values.get("UNION_QA_STORE_TOKEN", ""),
    )


def user_path(path: str | PathLike[str], variable: str = "") -> Path:
    """Return a path with the folder that its ``~`` stands for; raise QAError, naming the variable, if there is none."""
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        where = f"环境变量 {variable} 的" if variable else ""
        raise QAError(f"{where}路径 {path} 开头的 ~ 不知是哪个文件夹。请写出完整的路径。") from error


def _proxies(value: str) -> tuple[str, ...]:
    proxies = tuple(value.replace(",", " ").split())
    try:
        for proxy in proxies:
            ip_network(proxy, strict=False)
    except ValueError as error:
        raise QAError(
            f"环境变量 UNION_QA_PROXIES 应是反向代理的地址或网段，用逗号隔开，如 10.0.0.5,192.168.0.0/16；“{proxy}”不是。"
        ) from error
    return proxies or _PROXIES


def _endpoint(values: Mapping[str, str]) -> Endpoint | None:
    """Return the LLM service, if one is set; no message repeats a value, which may contain a secret."""
    url = values.get("UNION_QA_LLM_URL")
    if not url:
        return None
    parts = urlsplit(url) if is_web_address(url) and not any(c.isspace() for c in url) else None
    if not parts or parts.username or parts.password or parts.query or parts.fragment:
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
    context = _integer(values, "UNION_QA_LLM_CONTEXT", 4096, 3000, 1_000_000)
    return Endpoint(url, model, key, seconds, context)


def _integer(
    values: Mapping[str, str], variable: str, default: int, least: int, most: int, *, repeated: bool = False
) -> int:
    """Return a whole number; its length is checked before ``int``, which refuses thousands of digits.

    ``repeated``: the message repeats the value, which must be no secret.
    """
    text = values.get(variable) or str(default)
    digits = text.lstrip("0") if text.isascii() and text.isdigit() else ""
    if not (digits and len(digits) <= len(str(most)) and least <= int(digits) <= most):
        now = f"，现在是“{text}”" if repeated else ""
        raise QAError(f"环境变量 {variable} 应是 {least} 到 {most} 的整数{now}。请改正或去掉它。")
    return int(digits)


def is_web_address(url: str) -> bool:
    """Whether this is an address of http or https with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def refuse_little_memory(needed: int, who: str = "程序") -> None:
    """Raise QAError if the process may use less address space: native libraries would crash without a message."""
    if (allowed := system_limit("RLIMIT_AS")) < needed:
        have = f"这个进程最多能用 {allowed // 10**6} MB 内存地址（ulimit -v）"
        raise QAError(f"{have}，{who}需要 {needed // 10**6} MB。请放宽限制后重试。")


def system_limit(name: str) -> int:
    """Return what the system allows this process of a resource, such as ``RLIMIT_NOFILE``."""
    if sys.platform == "win32":
        return sys.maxsize
    import resource

    allowed, _ = resource.getrlimit(getattr(resource, name))
    return sys.maxsize if allowed == resource.RLIM_INFINITY else allowed

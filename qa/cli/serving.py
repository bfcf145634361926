"""``union-qa serve`` and ``mcp`` run the web page and the tools for models; ``users`` and ``log`` say who may, and did what."""

from __future__ import annotations

import getpass
import sys
from dataclasses import asdict, astuple
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from qa.cli.terminal import (
    AsJson,
    Encoder,
    Index,
    Store,
    UsersFile,
    opened,
    print_json,
    print_table,
    say,
    settings_with,
    value,
)
from qa.errors import QAError
from qa.settings import Settings, read_settings
from qa.text.normal import local_time

if TYPE_CHECKING:
    from qa.web.users import Action, Users

_ROLES = {"reader": "读者", "administrator": "管理员"}
_ACTIONS = {
    "upload": "上传",
    "delete": "删除",
    "rebuild": "重建索引",
    "correct": "更正",
    "login": "登录",
    "logout": "退出",
    "locked": "多次输错密码",
    "add user": "添加用户",
    "remove user": "删除用户",
}

Name: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="用户名。")]
user_commands = typer.Typer(name="users", no_args_is_help=True, help="谁能登录网页：添加、列出、删除用户。")


def serve(
    index: Index = None,
    store: Store = None,
    encoder: Encoder = None,
    host: Annotated[str | None, value("地址", "监听地址；默认 127.0.0.1，只有本机能打开。")] = None,
    port: Annotated[int | None, value("端口", "监听端口；默认 7860。", min=1, max=65535)] = None,
    users: UsersFile = None,
    name: Annotated[list[str] | None, value("域名", "别的电脑打开网页时用的名称；可写多次。")] = None,
    for_all: Annotated[
        bool, typer.Option("--open", help="没有用户文件也对别的电脑开放：谁都能提问和阅读，谁都不能增删。")
    ] = False,
    with_mcp: Annotated[bool, typer.Option("--mcp", help="在 /mcp 提供给语言模型用的五个工具。")] = False,
) -> None:
    """打开网页：在浏览器里提问，右边看出处。

    例：union-qa serve

    例：union-qa serve --index 我的索引 --port 8000

    例：union-qa serve --host 0.0.0.0 --users 用户.json --name qa.example.org
    """
    from qa.web.serve import serve as serve_page

    settings = settings_with(index, store, host=host, port=port, users=users, names=tuple(name or ()))
    serve_page(settings, lambda: opened(settings, encoder), say, for_all=for_all, mcp=with_mcp)


def mcp(index: Index = None, store: Store = None, encoder: Encoder = None) -> None:
    """供语言模型使用的五个工具（MCP），经标准输入输出；由模型的程序启动，不需要手动运行。

    例：union-qa mcp --index 我的索引
    """
    from qa.web.api import speak
    from qa.web.shelf import Shelf

    settings = settings_with(index, store)
    speak(Shelf(opened(settings, encoder)), settings.error_log)


@user_commands.command()
def add(
    name: Name,
    role: Annotated[str, value("角色", "reader 只能提问和阅读；administrator 还能增删报告。")] = "reader",
    users: UsersFile = None,
) -> None:
    """添加用户，或给已有的用户换密码、换角色；密码会提示输入，也可以从标准输入给一行。

    例：union-qa users add 张三 --role administrator
    """
    from qa.web.users import ROLES, User, change_users, hash_password, normalised_name

    if role not in ROLES:
        raise typer.BadParameter(f"角色应是 {' 或 '.join(ROLES)}", param_hint="--role")
    settings, name = read_settings(), normalised_name(name)
    user = User(name, "administrator" if role == "administrator" else "reader", hash_password(_password()))
    path = users or settings.users_file
    change_users(path, lambda before: {**before, name: user})
    _record(settings, "add user", name)
    say(f"{name}（{_ROLES[role]}）已写入 {path}。正在运行的网页若已要求登录，立即生效；否则请重新启动它。")


@user_commands.command("list")
def list_users(users: UsersFile = None, as_json: AsJson = False) -> None:
    """列出能登录的用户和角色。

    例：union-qa users list
    """
    from qa.web.users import read_users

    path = users or read_settings().users_file
    found = read_users(path) if path.exists() else {}
    if as_json:
        print_json([{"name": user.name, "role": user.role} for user in found.values()])
    elif found:
        print_table(("用户", "角色"), ((user.name, _ROLES[user.role]) for user in found.values()))
    else:
        say("还没有用户：在本机打开网页不用登录。用 union-qa users add 名字 添加。")


@user_commands.command()
def remove(name: Name, users: UsersFile = None) -> None:
    """删除用户；他的登录立即失效。

    例：union-qa users remove 张三
    """
    from qa.web.users import change_users, normalised_name

    settings, name = read_settings(), normalised_name(name)
    path = users or settings.users_file

    def without(before: Users) -> Users:
        if name not in before:
            raise QAError(f"没有用户“{name}”。union-qa users list 可以列出全部用户。")
        return {each: user for each, user in before.items() if each != name}

    change_users(path, without)
    _record(settings, "remove user", name)
    say(f"已删除用户 {name}。")


def log(
    last: Annotated[int, typer.Option("-n", "--last", metavar="行数", min=1, help="只看最近这么多条。")] = 50,
    as_json: AsJson = False,
) -> None:
    """谁在什么时候上传、删除、更正了什么，谁登录过。

    例：union-qa log -n 20
    """
    from qa.web.users import read_changes

    path = read_settings().audit_log
    changes, lost = read_changes(path)
    changes = changes[-last:]
    if lost:
        say(f"注意：{path} 里有 {lost} 行读不出，可能是损坏的。")
    if as_json:
        print_json([asdict(change) for change in changes])
    elif changes:
        rows = (
            (local_time(at), who or "（本机）", address, _ACTIONS.get(action, action), "、".join(what))
            for at, who, address, action, what in map(astuple, changes)
        )
        print_table(("时间", "谁", "地址", "做了什么", "对象"), rows)
    elif not lost:
        say("还没有记录。网页里的上传、删除、更正和登录会记在这里。")


def _password() -> str:
    if sys.stdin is None:
        raise QAError("没有读到密码：标准输入是关着的。请在终端里运行，或从标准输入给一行。")
    if sys.stdin.isatty():
        return str(typer.prompt("密码", hide_input=True, confirmation_prompt="再输一次"))
    return sys.stdin.readline().rstrip("\r\n")


def _record(settings: Settings, action: Action, name: str) -> None:
    from qa.web.users import record

    try:
        who = getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        who = ""
    record(settings.audit_log, who, "", action, (name,))

"""The command line, ``union-qa`` or ``python -m qa``: all commands, exit codes, and one sentence for each error.

Exit codes: 0, 1 for a user's error (and for ours, with a log), 2 for wrong usage, 130 after Ctrl-C.
"""

import errno
import os
import re
import sys
from collections.abc import Sequence

import typer

from qa.cli.asking import ask, search
from qa.cli.checking import check
from qa.cli.evaluating import evaluate, feedback_commands, llm_commands
from qa.cli.figures import figures
from qa.cli.indexing import backup, rebuild, restore, status
from qa.cli.reading import read
from qa.cli.serving import log, mcp, serve, user_commands
from qa.cli.terminal import prepare_streams, say
from qa.errors import QAError

USER_ERROR, WRONG_USE, INTERRUPTED = 1, 2, 130
_UsageError: type[Exception] = typer.BadParameter.__bases__[0]  # Click's; newer Typers bundle Click

app = typer.Typer(
    name="union-qa",
    help="带出处的工会报告问答：每个数字都能核对到原文。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
_COMMANDS = (rebuild, status, read, search, ask, check, figures, serve, mcp, backup, restore, evaluate, log)
for command in _COMMANDS:
    app.command()(command)
for group in (feedback_commands, user_commands, llm_commands):
    app.add_typer(group)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; ``arguments`` default to ``sys.argv``."""
    prepare_streams()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # So that the flush at exit does not fail, too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return USER_ERROR
    return code


def _run(arguments: Sequence[str] | None) -> int:
    try:
        command = typer.main.get_command(app)
        code = command.main(None if arguments is None else list(arguments), "union-qa", standalone_mode=False)
    except _UsageError as error:
        if words := _in_chinese(error):  # none where a command alone has printed its help
            context = getattr(error, "ctx", None)
            path = context.command_path if context else "union-qa"
            say(f"用法不对：{words}。用法见 {path} --help")
        return WRONG_USE
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  # the last resort: a user never sees a traceback
        say(_message(error))
        return USER_ERROR
    return code if isinstance(code, int) else 0


def _message(error: Exception) -> str:
    from embeddings import EncoderError

    if isinstance(error, QAError | EncoderError):
        return f"错误：{error}"
    if isinstance(error, MemoryError):
        return "错误：内存不够，没有做完，已有的索引没有改动。请关闭别的程序、放宽内存限制，或分成几个索引。"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "错误：磁盘已满，没有写完。请腾出空间再试。"
    from qa.errors import log_error
    from qa.settings import read_settings

    words = f"出了意料之外的错误（{type(error).__name__}）"
    try:
        log = read_settings().error_log
        code = log_error(error, log)
    except (OSError, QAError):
        return f"{words}。日志也写不进去；请检查 ~/.union-qa 是否可写，再试一次。"
    return f"{words}，编号 {code}。详情已记入 {log}，反馈问题时请附上它。"


def _in_chinese(error: Exception) -> str:
    """Return the message of Click's usage error in Chinese; unknown messages stay in English."""
    name = type(error).__name__
    if name == "NoSuchOption":
        return f"没有选项 {getattr(error, 'option_name', '')}"
    parameter = getattr(error, "param", None)
    called = str(getattr(parameter, "metavar", None) or getattr(parameter, "name", None) or "")
    if name == "MissingParameter":
        return f"缺少 {called}"
    words = str(getattr(error, "message", error)).rstrip(".")
    for english, chinese in _WORDS:
        words = re.sub(english, chinese, words)
    return f"{called}：{words}" if called else words


_WORDS = (
    (r"No such command", "没有命令"),
    (r"Missing command", "缺少命令"),
    (r"Got unexpected extra arguments?(?:\(s\))?", "多出了参数"),
    (r"Option (\S+) requires an argument", r"选项 \1 后面缺少值"),
    (r"Input should be a valid integer.*|'.*' is not a valid int.*", "应是整数"),
    (r"Input should be a valid number.*|'.*' is not a valid float.*", "应是数"),
    (r"Input should be less than or equal to (\S+)", r"不应大于 \1"),
    (r"Input should be greater than or equal to (\S+)", r"不应小于 \1"),
)

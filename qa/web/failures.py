"""Say what went wrong in words that a person understands; the traceback goes to the log."""

from __future__ import annotations

import logging
import secrets
import traceback
from pathlib import Path

from qa.errors import QAError

__all__ = ["explain"]

_log = logging.getLogger(__name__)


def explain(error: Exception, log: Path) -> str:
    """The sentence to show: a QAError's own words, for any other error an id that stands in ``log`` too.

    The file keeps the last unexpected error; where it cannot be written, the program's logging still has it.
    """
    if isinstance(error, QAError):
        return str(error)
    code = secrets.token_hex(3)
    trace = "".join(traceback.format_exception(error))
    _log.error("id %s: %s: %s", code, type(error).__name__, error)
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(f"id {code}\n{trace}", encoding="utf-8")
    except OSError as unwritten:
        _log.error("id %s, %s not written (%s):\n%s", code, log, unwritten, trace)
    return f"这个问题没有处理成功，请换个问法再试。如果仍然不行，请把编号 {code} 告诉管理员。"

"""Log unexpected errors as JSON Lines, under the id that the user was shown."""

from __future__ import annotations

import json
import secrets
import traceback
from datetime import UTC, datetime
from pathlib import Path

_MOST_BYTES = 2_000_000  # then the file is renamed to ``.old`` and a new one begins


def log_error(error: BaseException, log: Path) -> str:
    """Append the error with its traceback to ``log`` and return its id; raise OSError if that fails."""
    code = secrets.token_hex(3)
    line = {
        "id": code,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "error": f"{type(error).__name__}: {error}",
        "trace": "".join(traceback.format_exception(error)),
    }
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.is_file() and log.stat().st_size > _MOST_BYTES:
        log.replace(log.with_name(log.name + ".old"))
    log.touch(mode=0o600)  # it contains folder names and questions
    with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return code

"""The one reader of the environment; what it finds is handed down as plain arguments.

======================  =======================  ==========================================
variable                default                  meaning
======================  =======================  ==========================================
``UNION_QA_HOME``       ``~/.union-qa``          where the program keeps what it writes
``UNION_QA_INDEX``      ``HOME/index``           index folder of commands without ``--index``
``UNION_QA_ENCODER``    the shipped encoder      a sentence-transformers model, name or path
``UNION_QA_HOST``       ``127.0.0.1``            where the web page listens
``UNION_QA_PORT``       ``7860``                 likewise
======================  =======================  ==========================================
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qa.errors import QAError

__all__ = ["Settings", "read_settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set from outside.

    Args:
        home: folder of everything that is written without being asked where to.
        index: index folder that was named, or None where nobody named one.
        encoder: name or path of an encoder; None for the one that the index names, else the shipped one.
        host: address of the web page.
        port: likewise, 1 to 65535.
    """

    home: Path
    index: Path | None
    encoder: str | None
    host: str
    port: int

    @property
    def index_folder(self) -> Path:
        """The index folder in use: the one that was named, else the default one."""
        return self.index or self.home / "index"

    @property
    def sample_folder(self) -> Path:
        """The index of the bundled sample reports."""
        return self.home / "sample"

    @property
    def error_log(self) -> Path:
        """The traceback of the last error that nobody expected."""
        return self.home / "last-error.log"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; a variable that is set to nothing counts as not set.

    Args:
        environment: None for that of the process.

    Raises:
        QAError: the port is not a port.
    """
    values = {k: v.strip() for k, v in (os.environ if environment is None else environment).items()}
    port = values.get("UNION_QA_PORT") or "7860"
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise QAError(f"环境变量 UNION_QA_PORT 应是 1 到 65535 的整数，现在是“{port}”。请改正或去掉它。")
    index = values.get("UNION_QA_INDEX")
    return Settings(
        home=Path(values.get("UNION_QA_HOME") or "~/.union-qa").expanduser(),
        index=Path(index).expanduser() if index else None,
        encoder=values.get("UNION_QA_ENCODER") or None,
        host=values.get("UNION_QA_HOST") or "127.0.0.1",
        port=int(port),
    )

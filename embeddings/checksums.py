"""Checksums beside a model folder's files, written with the model: compared before any of it is read."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

CHECKSUMS = "checksums.json"  # file name → sha256, beside the model
REINSTALL = "请重新安装本软件，或用 python -m embeddings.train 重新训练模型。"


class EncoderError(Exception):
    """An encoder cannot be opened or does not fit; the message (Chinese) says what to do."""


def verified(folder: Path, names: Sequence[str]) -> dict[str, str]:
    """The sha256 of these files and of all that have a checksum; raises EncoderError if one is missing or another."""
    wanted = _read_checksums(folder)
    digests: dict[str, str] = {}
    for name in dict.fromkeys((*names, *wanted)):
        try:
            digests[name] = sha256_of(folder / name)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise EncoderError(f"模型文件夹 {folder} 不完整，缺少 {name}。{REINSTALL}") from error
        except OSError as error:
            raise _unreadable(folder / name, error) from error
        if digests[name] != wanted.get(name, digests[name]):
            raise EncoderError(f"模型文件 {folder / name} 与校验和不符，可能已损坏或被改动。{REINSTALL}")
    return digests


def _read_checksums(folder: Path) -> dict[str, str]:
    path = folder / CHECKSUMS
    try:
        return {str(name): str(digest) for name, digest in json.loads(path.read_text("utf-8")).items()}
    except (FileNotFoundError, NotADirectoryError):
        return {}  # a model of someone else's
    except OSError as error:
        raise _unreadable(path, error) from error
    except (ValueError, AttributeError) as error:
        raise EncoderError(f"校验和文件 {path} 无法读取。{REINSTALL}") from error


def _unreadable(path: Path, error: OSError) -> EncoderError:
    return EncoderError(f"模型文件 {path} 读不出（{error.strerror or error}）。请检查权限和磁盘；{REINSTALL}")


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

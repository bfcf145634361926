"""Decode text in UTF-8, UTF-16, UTF-32, GB18030, Big5 and HZ.

A byte order mark decides; else HZ that yields Chinese; else strict UTF-8; else the encoding that decodes without error
into the largest share of common characters. A file that is almost UTF-8 or GB18030 (cut inside a character, a few
damaged bytes) is read with U+FFFD in their place; one that no encoding explains is refused, so no garbage is quoted.
"""

import codecs
import re
from collections import Counter
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from qa.errors import ReportError
from qa.reading.limits import TEXT_BYTES, read_bytes

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ODD = re.compile(r"[\x00-\x06\x0e-\x1a\x1c-\x1f]")  # control characters that no text holds
_SAMPLE = 65536  # characters that are checked
_ENOUGH = 0.8  # share of common characters
_DAMAGED = 0.02  # share of characters that may be unreadable
_LEAST_LETTERS = 20  # letters beyond ASCII that suffice to tell whether they are Chinese


def read_text(path: Path) -> tuple[str, str]:
    """Return the text of a file and its encoding, as ``decode`` does; raises ReportError if it cannot be read."""
    return decode(read_bytes(path, TEXT_BYTES), path.name)


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text without byte order mark, and the encoding.

    Raises ReportError if none fits, and for binary data and for text without letters or digits.
    """
    text, encoding = _decoded(data, name)
    sample = text[:_SAMPLE]
    odd = len(_ODD.findall(sample))
    if odd > 0.1 * len(sample) or sample.count("\ufffd") > 0.2 * len(sample):
        raise ReportError(f"{name} 像是二进制文件，不是文本。请确认扩展名与内容一致。")
    if not any(c.isalnum() for c in text):
        raise ReportError(f"{name} 里没有文字，已跳过。")
    return text, encoding


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace").lstrip("\ufeff"), encoding
    if b"~{" in data and data.isascii() and _chinese(text := _attempt(data, "hz"), 4) >= _ENOUGH:
        return text, "hz"
    with suppress(UnicodeDecodeError):
        text, sample = data.decode("utf-8"), data[:_SAMPLE]
        nuls = max(sample[::2].count(0), sample[1::2].count(0))  # at even or at odd places, many in UTF-16
        few = nuls <= 0.2 * len(sample) / 2
        if "\0" not in text or (few and _share(text.replace("\0", ""), "utf-8") > _ENOUGH):
            return text, "utf-8"
    attempts = [(_attempt(data, e), e) for e in ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")]
    text, encoding = max(attempts, key=lambda attempt: _share(*attempt))
    if _share(text, encoding) >= _ENOUGH:
        return text, encoding
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= max(1, int(_DAMAGED * len(text))) and _share(text, encoding) >= _ENOUGH:
            return text, encoding
    lines = data.splitlines(keepends=True)
    mixed = "".join(_attempt(line, "utf-8") or line.decode("gb18030", "replace") for line in lines)
    if "\ufffd" not in mixed and _share(mixed, "gb18030") >= _ENOUGH:
        return mixed, "utf-8, gb18030"
    how = "请用编辑器另存为 UTF-8 文本；如果它其实是别的格式，请改回扩展名。"
    raise ReportError(f"{name} 不是文本，或编码无法识别。{how}")


def _attempt(data: bytes, encoding: str) -> str:
    """Return the text; ``""`` if the bytes do not decode."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


@lru_cache(maxsize=2)
def _common(traditional: bool) -> frozenset[str]:
    """Return the first-level characters of GB 2312 or Big5, printable ASCII and Chinese punctuation."""
    if traditional:
        encoding, first, second = "big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    else:
        encoding, first, second = "gb2312", range(0xB0, 0xD8), (*range(0xA1, 0xFF),)
    hanzi = b"".join(bytes((high, low)) for high in first for low in second).decode(encoding, "ignore")
    printable = "".join(map(chr, range(0x20, 0x7F)))
    return frozenset(hanzi + printable + "\t\r\n\u3000，。、；：？！“”‘’（）《》【】—…·％〇○①②③")


def _share(text: str, encoding: str) -> float:
    """Return the share of common characters."""
    sample = text[:_SAMPLE]
    common = _common(encoding == "big5hkscs")
    return sum(character in common for character in sample) / max(len(sample), 1)


def is_garbled(text: str) -> bool:
    """Return whether the letters are hardly ever common: the text was decoded wrongly, or its font misleads.

    In reports every letter beyond ASCII is a common character; in GBK read as UTF-8, Latin, Big5, Japanese or
    Korean and in UTF-8 read as GBK 0.00 to 0.56 of them are.
    """
    return 0.0 <= _chinese(text, _LEAST_LETTERS) < _ENOUGH


def _chinese(text: str, least: int) -> float:
    """Return the share of common characters among letters beyond ASCII; -1 if fewer than ``least``."""
    counts = Counter(text[:_SAMPLE])
    letters = {c: n for c, n in counts.items() if c > "\x7f" and (c.isalpha() or not c.isprintable())}
    common, every = _common(False) | _common(True), sum(letters.values())
    return sum(n for c, n in letters.items() if c in common) / every if every >= least else -1.0

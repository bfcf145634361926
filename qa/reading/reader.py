"""Read one file as a report in this process; :mod:`qa.reading` calls this in a child process."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from qa.errors import ReportError
from qa.reading import formats
from qa.reading.encoding import is_garbled
from qa.reading.layout import Restored, restore
from qa.reading.limits import DOCUMENT_BYTES, read_bytes
from qa.reading.metadata import described
from qa.reading.overrides import Override
from qa.text.visible import one_line
from qa.types import Place, Report, Source

_SENTENCE = re.compile(r"[，。；！？,;!?]")
_GARBLED = "文字里常用汉字很少，像是乱码：编码认错了，或字体没有文字对应表。请核对，或用原来的软件另存一份。"


def read(path: Path, override: Override | None, recognise: bool = False) -> tuple[Report, Restored]:
    """Return the report of a file, with OCR if ``recognise``, and its restoration; raises ReportError."""
    extracted = formats.extract(path, recognise)
    data = read_bytes(path, DOCUMENT_BYTES)
    identity = hashlib.sha256(path.name.encode("utf-8", "surrogateescape") + data).hexdigest()[:16]
    restored = restore(extracted, identity)
    if not restored.paragraphs:
        raise ReportError(f"{path.name} 里没有正文，已跳过。请确认导出时没有漏掉内容。")
    name, digest = one_line(path.name), hashlib.sha256(data).hexdigest()
    source = Source(name, extracted.format, extracted.encoding, extracted.text, digest)
    doubt = (_GARBLED,) if is_garbled(extracted.text) else ()
    notes = (*extracted.notes, *doubt, *_no_prose(restored))
    bare = Report(identity, source, path.stem, "", "", Place(""), None, (), restored.paragraphs, notes=notes)
    return described(bare, restored, override), restored


def _no_prose(restored: Restored) -> tuple[str, ...]:
    """Return a note if there are neither sentences nor table rows, as if a web page was copied in part."""
    kept = (p for p in restored.paragraphs if p.kind in ("prose", "table row", "note"))
    if any(p.kind != "prose" or _SENTENCE.search(p.text) for p in kept):
        return ()
    return ("没有读到成句的正文，只有标题、栏目一类的短行。请确认复制网页时选中了正文，再重新导入。",)

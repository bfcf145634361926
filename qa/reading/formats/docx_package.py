"""Read and stream the XML parts of a Word file, without entities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat
from zipfile import ZipFile

from qa.errors import ReportError
from qa.reading.limits import EXPANDED_BYTES

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"  # the same namespace in "Strict Open XML"
_CHUNK = 1 << 16  # bytes that are parsed at once


def part_of(package: ZipFile, part: str, name: str) -> bytes:
    """Return a part of the package, b"" if missing; raises ReportError if too large or with a DTD."""
    try:
        size = package.getinfo(part).file_size
    except KeyError:
        return b""
    if size > EXPANDED_BYTES:
        raise ReportError(f"Word 文件的正文超过 {EXPANDED_BYTES >> 20} MB：{name}。请拆分成几个文件。")
    data = package.read(part)
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ReportError(f"Word 文件里有文档类型声明，可能是攻击，没有读：{name}。")

    def stop(*_: object) -> None:
        raise StopIteration

    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, stop
    try:
        parser.Parse(data, True)
    except StopIteration:
        pass
    except expat.ExpatError:
        raise ET.ParseError from None
    return data.replace(_STRICT.encode(), W[1:-1].encode())


def root_of(data: bytes) -> ET.Element:
    """Return the root element of a part."""
    return ET.fromstring(data)  # noqa: S314 - without a document type declaration there are no entities


def events_of(data: bytes) -> Iterator[tuple[str, ET.Element]]:
    """Yield start and end events of elements.

    A chunk without events is followed by one twice as large: expat reads a comment from its start at every
    chunk.
    """
    parser: Any = ET.XMLPullParser(("start", "end"))
    at, size = 0, _CHUNK
    while at < len(data):
        parser.feed(data[at : at + size])
        at += size
        events = list(parser.read_events())
        size = _CHUNK if events else 2 * size
        yield from events
    parser.close()
    yield from parser.read_events()

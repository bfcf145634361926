"""Read the XML parts of a Word file without entities: their events, styles, switches and numbers."""

import posixpath
import re
from contextlib import suppress
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.parsers import expat
from zipfile import ZipFile

from qa.errors import ReportError
from qa.reading.archives import each_element
from qa.reading.limits import EXPANDED_BYTES

_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])")
_TITLES = {"title": 1, "标题": 1, "subtitle": 2, "副标题": 2}  # levels by the name of the style
_OFF = ("0", "false", "off")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"  # the same namespace in "Strict Open XML"
_MAIN = "word/document.xml"


def part_of(package: ZipFile, part: str, name: str) -> bytes:
    """Return a part of the package, b"" if missing; raises ReportError if too large or with a DTD."""
    try:
        size = package.getinfo(part).file_size
    except KeyError:
        return b""
    if size > EXPANDED_BYTES:
        raise ReportError(f"Word 文件的正文超过 {EXPANDED_BYTES >> 20} MB：{name}。请拆分成几个文件。")
    data = package.read(part)

    def stop(*_: object) -> None:
        raise StopIteration

    with suppress(StopIteration, expat.ExpatError):  # a declaration is above the first element
        each_element(data, f"Word 文件里有文档类型声明，可能是攻击，没有读：{name}。", stop)
    return data.replace(_STRICT.encode(), W[1:-1].encode())


def main_part(package: ZipFile, name: str) -> str:
    """Return the name of the part that holds the text: the usual one, unless the package names another of Word's."""
    with suppress(ET.ParseError, ValueError, LookupError):  # of an unknown encoding
        for relation in root_of(package, "_rels/.rels", name):
            part = posixpath.normpath(relation.get("Target", "").replace("\\", "/")).lstrip("/")
            named = part != _MAIN and relation.get("Type", "").endswith("/officeDocument")
            if named and W[1:-1].encode() in part_of(package, part, name):
                return part
    return _MAIN


def root_of(package: ZipFile, part: str, name: str) -> ET.Element:
    """Return the root element of a part, an empty one if the part is missing; raises as ``part_of``."""
    data = part_of(package, part, name) or b"<missing/>"
    return ET.fromstring(data)  # noqa: S314 - without a document type declaration there are no entities


@dataclass(frozen=True, slots=True)
class Style:
    """A style with its inherited properties."""

    name: str = ""
    level: int = 0  # of a heading
    hidden: bool = False


def styles_of(package: ZipFile, file: str) -> dict[str, Style]:
    """Return the styles by id, with inherited properties filled in."""
    root = root_of(package, "word/styles.xml", file)
    elements = {style.get(W + "styleId", ""): style for style in root.iter(W + "style")}
    styles: dict[str, Style] = {}
    for style in elements:
        chain: dict[str, None] = {}  # up to a style that is resolved, has no base, or closes a cycle
        at = style
        while at in elements and at not in chain and at not in styles:
            chain[at] = None
            at = value_of(elements[at].find(W + "basedOn"))
        base = styles.get(at, Style())
        for each in reversed(chain):
            element = elements[each]
            name = value_of(element.find(W + "name")).lower()
            numbered = _HEADING_NAME.match(name)
            level = int(numbered[1]) if numbered else _TITLES.get(name, 0) or outline_level(element)
            hidden = base.hidden or is_on(element.find(f"{W}rPr/{W}vanish"))
            base = styles[each] = Style(name, level or base.level, hidden)
    return styles


def outline_level(element: ET.Element) -> int:
    """Return the outline level of a style or a paragraph, 1 to 9; 0 for body text."""
    level = number_of(element.find(f"{W}pPr/{W}outlineLvl"), 9)
    return level + 1 if level < 9 else 0


def value_of(element: ET.Element | None) -> str:
    """Return the value of an element; ``""`` if it is missing."""
    return (element.get(W + "val") or "") if element is not None else ""


def number_of(element: ET.Element | None, without: int) -> int:
    """Return the whole number in an element; ``without`` if there is none, or one of ten digits or more."""
    digits = value_of(element)
    return int(digits) if digits.isdecimal() and len(digits) < 10 else without


def is_on(element: ET.Element | None) -> bool:
    """Return whether a switch is present and not turned off."""
    return element is not None and value_of(element) not in _OFF

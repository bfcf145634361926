"""Resolve the styles of a Word file, and read its switches and numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from qa.reading.formats.docx_package import W, part_of, root_of

_HEADING_NAME = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_OFF = ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class Style:
    """A style with its inherited properties."""

    name: str = ""
    level: int = 0  # of a heading
    hidden: bool = False


def styles_of(package: ZipFile, name: str) -> dict[str, Style]:
    """Return the styles by id, with inherited properties filled in."""
    data = part_of(package, "word/styles.xml", name)
    if not data:
        return {}
    elements = {style.get(W + "styleId", ""): style for style in root_of(data).iter(W + "style")}
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
            hidden = base.hidden or is_on(element.find(f"{W}rPr/{W}vanish"))
            base = Style(value_of(element.find(W + "name")).lower(), _level(element) or base.level, hidden)
            styles[each] = base
    return styles


def _level(style: ET.Element) -> int:
    name = value_of(style.find(W + "name"))
    if name.lower() in ("title", "标题"):
        return 1
    if name.lower() in ("subtitle", "副标题"):
        return 2
    numbered = _HEADING_NAME.match(name)
    return int(numbered[1]) if numbered else outline_level(style.find(W + "pPr"))


def outline_level(properties: ET.Element | None) -> int:
    """Return the outline level of a heading, 1 to 9; 0 for body text."""
    level = number_of(properties.find(W + "outlineLvl"), 9) if properties is not None else 9
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

"""What the pages show of an answer, taken apart: which tags and links its HTML holds, and what can be read."""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from qa.types import Answer
from qa.web.answers import growing_html
from qa.web.evidence import evidence_section
from qa.web.shelf import Answerer

__all__ = ["Shown", "shown"]

_OWN_LINK = re.compile(r"#(?:cite|mark)-\d+-\d+|/\?report=[0-9a-f]{16}(?:&at=[\d,\-]+)?")
_LEADING = ("href", "src", "srcset", "action", "ping", "poster", "data", "background", "formaction", "style")


@dataclass(frozen=True, slots=True)
class Shown:
    """The page's part of one answer.

    Args:
        said: what the answer itself says.
        beside: what the cards and passages beside it say.
        strange: tags, handlers and addresses that are not ours.
    """

    said: str
    beside: str
    strange: tuple[str, ...]


def shown(answer: Answer, library: Answerer) -> Shown:
    """Every state in which the answer appears, and its panel."""
    *_, last = states = tuple(growing_html(answer, 1))
    panel = evidence_section(answer, library.report, 1)
    strange = tuple(dict.fromkeys(s for html in (*states, panel) for s in _strange(html)))
    return Shown(_text(last), _text(panel), strange)


def _text(html: str) -> str:
    return LexborHTMLParser(html).text(separator="")


def _strange(html: str) -> list[str]:
    body = LexborHTMLParser(html).body
    found = []
    for node in body.css("*") if body else ():
        if node.tag in (
            "script",
            "img",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "video",
            "audio",
            "svg",
            "math",
        ):
            found.append(node.tag)
        for name, value in node.attributes.items():
            if name.startswith("on") or (name in _LEADING and not _ours(name, value or "")):
                found.append(f"{node.tag} {name}={value}")
    return found


def _ours(name: str, value: str) -> bool:
    if name == "style":
        return re.fullmatch(r"width:[\d.]+%", value) is not None
    return name == "href" and _OWN_LINK.fullmatch(value) is not None

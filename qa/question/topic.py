"""Extract the words of a question to match in the reports: without time, politeness and places."""

from __future__ import annotations

import re

from qa.question.asides import without_asides
from qa.question.periods import When, find_when
from qa.question.places import ASKED, QUOTED, Named, Where

_TIME_WORDS = re.compile(
    r"(?:最近|过去)?(?:[这那近]|(?=[五5]))[五5几]?年[来里间]?(?![规计]划)|[前后两]+个五年|(?<![往今])[前后]一?个?五年|从?(?:算起|起算)|这?[两二2三]届|上一?届和这一?届|[上这本前后]一?届|换届(?:[以之]?[前后]|时)|以[来后前]|之后的?|之前|(?:召开)?前(?=[，,])|那会儿|期间|如今|眼下|目前|现在|最近|至今|截至|到(?=$|[，,])"
)
_EDGES = re.compile(
    r"^[\s,，、。的和跟与:：]+|(?<![\s,，、。;；])[\s,，、。;；]+$|(?<![\s,，、;；:：])[\s,，、;；:：]++(?=[？?]*$)"
)
_GAP = "\x00"  # replaces a place
_GAPS = re.compile(
    r"(?:[,，、/和跟与及同]*\x00(?:全[省市区县](?=[、,，/和跟与及\x00]))?)+(?:[两三四][市地]的?)?"
)


def topic_of(text: str, when: When, where: Where, keep: Named | None, *, bare: bool = False) -> str:
    """Return the words to match; the place ``keep`` stays if it is part of a quoted name.

    ``bare``: the asides are removed already.
    """
    quoted = [m.span() for m in QUOTED.finditer(text)]
    pieces, at = [], 0
    for named in sorted(where.named, key=lambda n: n.start):
        pieces.append(text[at : named.start])
        inside_quote = any(a < named.start and named.end < b for a, b in quoted)
        if (named.mention and (named is keep or len(where.named) == 1)) or (inside_quote and named is keep):
            pieces.append(text[named.start : named.end])
            at = named.end
        else:
            pieces.append(_GAP)
            levelled = text[named.end : named.end + 1] == "级" and text[named.end - 1] in "省市县区"
            at = named.end - 1 if levelled else named.end  # 市级劳模 stays whole
    pieces.append(text[at:])
    rest = _GAPS.sub(_closed, "".join(pieces))
    rest = find_when(rest).text if when.periods else rest
    rest = _TIME_WORDS.sub("", rest)
    rest = rest if bare else without_asides(rest)
    return _EDGES.sub("", re.sub(r"[(（]\s*[)）]", "", rest)) or text


def _closed(gap: re.Match[str]) -> str:
    """Return the replacement for places: the comma between two questions, else nothing."""
    apart = not {",", "，"}.isdisjoint(gap.group()) and ASKED.search(gap.string[: gap.start()])
    return "，" if apart and ASKED.search(gap.string[gap.end() :]) else ""

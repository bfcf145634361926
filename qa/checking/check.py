"""Check an answer before it is shown; what does not hold is taken out, never shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from qa.checking.claims import bears, claims
from qa.checking.verify import at_home, citation_stands, verify_figures
from qa.text.divisions import short_name
from qa.text.figures import figures
from qa.types import Answer, Citation, Report

__all__ = ["UNVERIFIED", "check"]

UNVERIFIED = "报告里没有可以核对的答案，请看下面检索到的段落。"

_MARK = re.compile(r"\[(\d{1,3})\]")
_HEADED = re.compile(r"(?:- )?([^：（]{1,30})(?:（([^：（）]*)）)?：")  # 温州（2018–2023）：


def check(answer: Answer, reports: Mapping[str, Report], echoed: str = "") -> Answer:
    """The answer with every figure's state; lines with an unsupported figure or a false mark are dropped.

    Args:
        answer: from any writer.
        reports: report id → report, the sources of the citations.
        echoed: the question; a refusal may repeat its figures, and name the years of reports.
    """
    standing = tuple(c for c in answer.citations if citation_stands(c, reports))
    markers = {c.marker for c in standing}
    lines = answer.text.split("\n")
    echoed += "".join(f"，{r.period.start}年至{r.period.end}年" for r in reports.values() if r.period)
    places = {short_name(r.place.name) for r in reports.values() if r.place.name}
    kept = [line for line in lines if _holds(line, answer, standing, markers, places, echoed)]
    text = "\n".join(kept).strip()
    used = {int(m) for m in _MARK.findall(text)}
    if text == answer.text and len(standing) == len(answer.citations):
        return replace(
            answer,
            short=_short(answer.short, text, standing),
            figures=verify_figures(text, standing, answer.calculation),
        )
    if not used and not (answer.abstained and text):
        return replace(
            answer,
            text=UNVERIFIED,
            short=None,
            abstained=True,
            reason="no_support",
            citations=(),
            calculation=(),
            figures=(),
        )
    numbers = {old: new for new, old in enumerate(sorted(used), 1)}
    text = _MARK.sub(lambda mark: f"[{numbers[int(mark[1])]}]", text)
    citations = tuple(replace(c, marker=numbers[c.marker]) for c in standing if c.marker in used)
    return replace(
        answer,
        text=text,
        short=_short(answer.short, text, citations),
        calculation=tuple(c for c in answer.calculation if c in text),
        citations=citations,
        figures=verify_figures(text, citations, answer.calculation),
    )


def _mislabelled(line: str, cited: Sequence[Citation], places: set[str]) -> bool:
    """Whether a line is headed with the place of a report, and cites others only or another period of it."""
    head = _HEADED.match(line)
    return (
        head is not None
        and head[1] in places
        and all(short_name(c.place) != head[1] or head[2] not in (None, c.period) for c in cited)
    )


def _holds(
    line: str,
    answer: Answer,
    standing: Sequence[Citation],
    markers: set[int],
    places: set[str],
    echoed: str,
) -> bool:
    marks = {int(m) for m in _MARK.findall(line)}
    if not marks <= markers or not at_home(line, standing):
        return False
    if marks and _mislabelled(line, [c for c in standing if c.marker in marks], places):
        return False
    allowed = {f.value for f in figures(echoed)} if answer.abstained else set()
    return all(
        f.state != "unsupported" or f.value in allowed
        for f in verify_figures(line, standing, answer.calculation)
    )


def _short(short: str | None, text: str, citations: Sequence[Citation]) -> str | None:
    """The short answer where what is shown or cited bears every figure of it out."""
    told = [claim for t in (text, *(c.quote for c in citations)) for claim in claims(t)]
    return short if short and all(any(bears(t, said) for t in told) for said in claims(short)) else None

"""Check an answer before it is shown; what does not hold is taken out, never shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from qa.checking.verify import citation_stands, verify_figures
from qa.text.figures import figures
from qa.types import Answer, Report

__all__ = ["UNVERIFIED", "check"]

UNVERIFIED = "报告里没有可以核对的答案，请看下面检索到的段落。"

_MARK = re.compile(r"\[(\d{1,3})\]")


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
    kept = [line for line in lines if _holds(line, answer, standing, markers, echoed)]
    text = "\n".join(kept).strip()
    used = {int(m) for m in _MARK.findall(text)}
    if text == answer.text and len(standing) == len(answer.citations):
        return replace(answer, figures=verify_figures(text, standing, answer.calculation))
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
    citations = tuple(c for c in standing if c.marker in used)
    return replace(
        answer,
        text=text,
        short=answer.short if answer.short and all(_said(answer.short, line) for line in [text]) else None,
        citations=citations,
        figures=verify_figures(text, citations, answer.calculation),
    )


def _holds(line: str, answer: Answer, standing: tuple, markers: set[int], echoed: str) -> bool:  # type: ignore[type-arg]
    if any(int(m) not in markers for m in _MARK.findall(line)):
        return False
    allowed = {f.value for f in figures(echoed)} if answer.abstained else set()
    return all(
        f.state != "unsupported" or f.value in allowed
        for f in verify_figures(line, standing, answer.calculation)
    )


def _said(short: str, text: str) -> bool:
    have = {f.value for f in figures(text)}
    return all(f.value in have for f in figures(short))

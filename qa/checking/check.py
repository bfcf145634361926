"""Check an answer before it is shown; what does not hold is taken out, never shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from qa.checking.claims import bears, claims
from qa.checking.patterns import MARK
from qa.checking.verify import at_home, citation_stands, verify_figures
from qa.text.divisions import short_name
from qa.text.figures import figures
from qa.text.organisations import report_label
from qa.types import Answer, Citation, Report

UNVERIFIED = "报告里没有可以核对的答案，请看下面检索到的段落。"

_HEADED = re.compile(r"(?:- )?([^：（]{1,30})(?:（([^：（）]*)）)?：")  # 温州（2018–2023）：


def check(answer: Answer, reports: Mapping[str, Report], echoed: str = "") -> Answer:
    """The answer with every figure's state; lines with an unsupported figure or a false mark are dropped.

    With a cited line falls what may rest on it: conclusions, the short answer, formulas, the reason. What is left is
    judged again by the citations that are left, until nothing falls.

    Args:
        answer: from any writer.
        reports: report id → report, the sources of the citations.
        echoed: the question; a refusal may repeat its figures, and name the years of reports.
    """
    echoed += "".join(f"，{r.period.start}年至{r.period.end}年" for r in reports.values() if r.period)
    places = {short_name(r.place.name) for r in reports.values() if r.place.name}
    left = _judged(answer, reports, places, echoed)
    while (left.text, left.citations) != (answer.text, answer.citations):
        answer, left = left, _judged(left, reports, places, echoed)
    return left


def _judged(answer: Answer, reports: Mapping[str, Report], places: set[str], echoed: str) -> Answer:
    """What is left of an answer by the citations that it has."""
    standing = tuple(c for c in answer.citations if citation_stands(c, reports))
    markers = {c.marker for c in standing}
    lines = answer.text.split("\n")
    kept = [line for line in lines if _holds(line, answer, standing, markers, places, echoed)]
    refused = answer.abstained and answer.reason != "false_premise"
    if not refused and any(MARK.search(line) for line in lines if line not in kept):
        labels = {f"{report_label(reports[c.report_id], w)}：" for c in standing for w in ("", c.time or "")}
        kept = [line for line in kept if _rests_on_no_other(line, labels, answer.missing)]
        answer = replace(answer, short=None, abstained=False, reason=None, calculation=())
    text = "\n".join(kept).strip()
    used = {int(m) for m in MARK.findall(text)}
    whole = text == answer.text and len(standing) == len(answer.citations)
    if whole and (used or answer.reason != "false_premise"):
        return replace(
            answer,
            short=_short(answer.short, text, standing),
            figures=verify_figures(text, standing, answer.calculation),
        )
    if not used and not (refused and text):
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
    text = MARK.sub(lambda mark: f"[{numbers[int(mark[1])]}]", text)
    citations = tuple(replace(c, marker=numbers[c.marker]) for c in standing if c.marker in used)
    calculation = tuple(c for c in answer.calculation if c in text)
    reckoned = calculation == answer.calculation
    return replace(
        answer,
        text=text,
        short=_short(answer.short, text, citations) if reckoned else None,
        calculation=calculation,
        citations=citations,
        figures=verify_figures(text, citations, calculation),
    )


def _rests_on_no_other(line: str, labels: set[str], missing: Sequence[str]) -> bool:
    """Whether a line stands though another one falls: a listed one, the label of a report, or what is missing."""
    listed = bool(MARK.search(line)) or line.startswith("- ")
    return listed or line in labels or (bool(missing) and line.endswith(f"{'、'.join(missing)}。"))


def _mislabelled(line: str, cited: Sequence[Citation], places: set[str]) -> bool:
    """Whether a line is headed with the place of a report, and cites others only or another period of it."""
    head = _HEADED.match(line)
    return (
        head is not None
        and head[1] in places
        and all(short_name(c.place) != head[1] or head[2] not in (None, c.period, c.time) for c in cited)
    )


def _holds(
    line: str,
    answer: Answer,
    standing: Sequence[Citation],
    markers: set[int],
    places: set[str],
    echoed: str,
) -> bool:
    marks = {int(m) for m in MARK.findall(line)}
    if not marks <= markers or not at_home(line, standing):
        return False
    if marks and _mislabelled(line, [c for c in standing if c.marker in marks], places):
        return False
    claims_nothing = answer.abstained or (not marks and line.startswith("| "))  # an empty row of a table
    allowed = {f.value for f in figures(echoed)} if claims_nothing else set()
    return all(
        f.state != "unsupported" or f.value in allowed
        for f in verify_figures(line, standing, answer.calculation)
    )


def _short(short: str | None, text: str, citations: Sequence[Citation]) -> str | None:
    """The short answer where what is shown or cited bears every figure of it out."""
    told = [claim for t in (text, *(c.quote for c in citations)) for claim in claims(t)]
    return short if short and all(any(bears(t, said) for t in told) for said in claims(short)) else None

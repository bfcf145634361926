"""Check an answer before it is shown; what does not hold is removed. No writer of answers, ours or a model, can bypass it.

- ``claims`` reads the figures that a text or a quote states, ``verify`` compares them and places with what is cited;
- ``statements`` checks what a language model writes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from qa.checking.claims import claims, confirms
from qa.checking.verify import citation_stands, matches_cited_places, verify_figures
from qa.text.divisions import short_name
from qa.text.figures import figures
from qa.text.organisations import report_label
from qa.types import MARK, Answer, Citation, Report

UNVERIFIED = "报告里没有可以核对的答案，请看下面检索到的段落。"

_HEADED = re.compile(r"(?:- )?([^：（]{1,30})(?:（([^：（）]*)）)?：")  # 温州（2018–2023）：


def check(answer: Answer, reports: Mapping[str, Report], echoed: str = "") -> Answer:
    """Return the answer with the states of its figures, without lines that hold a false mark or figure.

    With a cited line, all that may depend on it is removed: conclusions, the short answer, formulas, the
    reason. The rest is judged again by the remaining citations until nothing changes.

    ``reports`` are the sources of the citations by their ids; ``echoed`` is the question: a refusal may repeat its
    figures and name the years of reports.
    """
    echoed += "".join(f"，{r.period.start}年至{r.period.end}年" for r in reports.values() if r.period)
    places = {short_name(r.place.name) for r in reports.values() if r.place.name}
    left = _judged(answer, reports, places, echoed)
    while (left.text, left.citations) != (answer.text, answer.citations):
        answer, left = left, _judged(left, reports, places, echoed)
    return left


def _judged(answer: Answer, reports: Mapping[str, Report], places: set[str], echoed: str) -> Answer:
    """Return what is left of an answer, judged by its citations."""
    standing = tuple(c for c in answer.citations if citation_stands(c, reports))
    lines = answer.text.split("\n")
    kept = [line for line in lines if _holds(line, answer, standing, places, echoed)]
    refused = answer.abstained and not answer.citations
    if not refused and any(MARK.search(line) for line in lines if line not in kept):
        labels = {f"{report_label(reports[c.report_id], w)}：" for c in standing for w in ("", c.time)}
        kept = [line for line in kept if _is_independent(line, labels, answer.missing)]
        if answer.reason != "unsure":  # it tells some of what is asked, as before
            answer = replace(answer, abstained=False, reason=None)
        answer = replace(answer, short=None, calculation=())
    text = "\n".join(kept).strip()
    used = {int(m) for m in MARK.findall(text)}
    whole = text == answer.text and len(standing) == len(answer.citations)
    if whole and (used or answer.reason != "false_premise"):
        checked = verify_figures(text, standing, answer.calculation)
        return replace(answer, short=_short(answer.short, text, standing), figures=checked)
    if not used and not (refused and text):
        empty = replace(answer, short=None, citations=(), calculation=(), figures=())
        return replace(empty, text=UNVERIFIED, abstained=True, reason="no_support")
    numbers = {old: new for new, old in enumerate(sorted(used), 1)}
    text = MARK.sub(lambda mark: f"[{numbers[int(mark[1])]}]", text)
    citations = tuple(replace(c, marker=numbers[c.marker]) for c in standing if c.marker in used)
    stated = {figure.text for figure in figures(text)}  # 相差约1.06万件 has the result of its formula alone
    calculation = tuple(c for c in answer.calculation if c in text or re.split("= |，", c)[-1] in stated)
    return replace(
        answer,
        text=text,
        short=_short(answer.short, text, citations) if calculation == answer.calculation else None,
        calculation=calculation,
        citations=citations,
        figures=verify_figures(text, citations, calculation),
    )


def _is_independent(line: str, labels: set[str], missing: Sequence[str]) -> bool:
    """Whether a line may stay if another is removed: a list item, a report's label, or what is missing."""
    listed = bool(MARK.search(line)) or line.startswith("- ")
    return listed or line in labels or (bool(missing) and line.endswith(f"{'、'.join(missing)}。"))


def _holds(line: str, answer: Answer, standing: Sequence[Citation], places: set[str], echoed: str) -> bool:
    """Whether the marks, the places and the figures of a line are those of what it cites."""
    marks = {int(m) for m in MARK.findall(line)}
    if not marks <= {c.marker for c in standing} or not matches_cited_places(line, standing):
        return False
    head = _HEADED.match(line)
    if marks and head and head[1] in places:
        headed = (c for c in standing if c.marker in marks and short_name(c.place) == head[1])
        if not any(head[2] is None or c.is_of(head[2]) for c in headed):
            return False
    refuses = answer.abstained and (not marks or answer.reason == "false_premise")
    empty_row = not marks and line.startswith("| ")
    allowed = {f.value for f in figures(echoed)} if refuses or empty_row else set()
    checked = verify_figures(line, standing, answer.calculation)
    return all(f.state != "unsupported" or f.value in allowed for f in checked)


def _short(short: str | None, text: str, citations: Sequence[Citation]) -> str | None:
    """Return the short answer if what is shown or cited confirms all its figures, else None."""
    stated = [claim for t in (text, *(c.quote for c in citations)) for claim in claims(t)]
    confirmed = all(any(confirms(other, claim) for other in stated) for claim in claims(short or ""))
    return short if short and confirmed else None

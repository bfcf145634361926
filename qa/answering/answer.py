"""Query + Hits → Answer: one way for each kind of question. Deterministic and extractive."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from qa.answering.around import with_list, with_year
from qa.answering.by_year import dated, settled
from qa.answering.candidates import evidence_of
from qa.answering.comparison import caveat, conclusion, scope_line
from qa.answering.compose import Line, compose, merged
from qa.answering.computation import derive, operation_of
from qa.answering.corrections import DISAGREE, correction, uncorrected
from qa.answering.fact import Found, find_parts
from qa.answering.operands import operands, printed_result
from qa.answering.premise import denies, opened, verdict
from qa.answering.refusal import chatter, refuse
from qa.answering.sentences import names_held
from qa.answering.statement import Statement, place_label
from qa.answering.summary import key_statements, summary_lines
from qa.answering.support import stated
from qa.answering.wording import Wording, words_of
from qa.index import Index
from qa.retrieval import search_scope
from qa.text.figures import same_value, unit_kind
from qa.types import Answer, Hit, Part, Period, Query, Reason, Scope

__all__ = ["answer"]

ANSWERS = 0.51  # support under which a question is refused
SUMMARISES = 0.45  # the same for a summary, which claims less
SIDE_BY_SIDE = 0.3  # the same for one place or term of several that were asked for
OPERAND = 0.4  # support that each figure of a computation needs
HARDLY = 0.12  # coverage of a question by a whole section under which it speaks of something else
EXPLAINED = 0.5  # the same for a reason that the report gives as one
EXPLAINS = 0.85  # the same for a reason that no word introduces: to make one up is the worst of errors
ALSO = 0.7  # of the worth of the best sentence, from which a place has a second one in a comparison
NEAR = 0.35  # coverage of a question by a sentence from which a refusal shows it as the nearest
NEARBY = 10  # passages of other places in which the nearest is looked for
LISTED = 0.65  # support from which another place or term is told too, beside a better one
AS_GOOD = 0.85  # share of the best wording coverage that another place must reach to be told
_BECAUSE = re.compile(r"因(?!素)|由于|为了|得益于|受.{1,16}影响|鉴于|出于|旨在")
_CAUSE = re.compile(
    r"为(?=[^，,]{2,30}[，,])|目的|以便|原因|针对|使得?|从而|所以|凭借|面对|随着|避免|防止|确保|保证|背后"
    r"|带动|推动|拉动|助力|支撑|促进|解决|破解|缓解|考虑|反映|表明|让"
)
_AIM = re.compile(r"力争|未来[一-龥]年|今后|预计|计划到|到20\d\d年[^，,]{0,8}(?:达到|突破|超过)")
_WHICH = {"有没有": "有", "有无": "有", "是否": "是的", "是不是": "是的", "吗": "是的"}


def answer(index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit]) -> Answer:
    """Answer a query from what each of its scopes found.

    Args:
        index: the opened index.
        query: the question, understood.
        found: the hits of each scope, in the order of ``query.scopes``.
        passages: what is shown as retrieved.
    """
    wording = _wording(index)
    if query.kind == "chatter":
        return chatter(query)
    if query.refusal:
        return _refused(index, query, query.refusal, found, passages, wording)
    if query.kind == "comparison" and (len(query.scopes) > 1 or query.scopes[0].place is not None):
        told = _compare(query, found, passages, wording)
    elif query.kind == "computation":
        told = _compute(query, found, passages, wording)
    elif query.kind == "summary":
        told = _summarise(query, found, passages, wording)
    else:
        told = _disagreeing(index, query, found, passages, wording) or _facts(query, found, passages, wording)
    return told or _refused(index, query, "no_support", found, passages, wording)


@lru_cache(maxsize=2)
def _wording(index: Index) -> Wording:
    return Wording(index)


def _refused(
    index: Index,
    query: Query,
    reason: Reason,
    found: Sequence[Sequence[Hit]],
    passages: Sequence[Hit],
    wording: Wording,
) -> Answer:
    nearest: list[Statement] = []
    for scope, hits in zip(query.scopes, found, strict=True):
        nearest += _near(query, scope, hits, wording)
    if not nearest and reason == "no_support" and len(query.scopes[0].report_ids) < len(index.reports):
        everywhere = Scope("", None, None, tuple(r.id for r in index.reports), query.scopes[0].topic)
        nearest = _near(query, everywhere, search_scope(index, everywhere, NEARBY), wording)
    return refuse(query, reason, nearest[:1], passages, index.reports)


def _near(query: Query, scope: Scope, hits: Sequence[Hit], wording: Wording) -> list[Statement]:
    """What comes nearest to a question that is refused: only a sentence that holds some of its words."""
    found = find_parts(query.parts[:1], scope, evidence_of(hits), wording)
    return [
        f.statement for f in found if f and wording.coverage(scope.topic, f.statement.evidence.text) >= NEAR
    ]


def _facts(
    query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], wording: Wording
) -> Answer | None:
    """A figure, a name, a list, a reason, a yes: the shortest sentence that says it, with its place and period."""
    hits = found[0]
    asking, scope = opened(query, query.scopes[0])
    told = _told(asking, asking.parts, scope, hits, wording) or _told_elsewhere(asking, scope, hits, wording)
    if told is None:
        return None
    premise = verdict(query, told[0]) if told[0] else ""
    if told[0] and query.kind != "check" and stated(scope.topic, told[0].statement.evidence.text) < 0:
        premise = "no"
    if premise == "no" and told[0]:
        line = Line((told[0].statement,))
        return compose(
            query, (line,), passages, abstained=True, reason="false_premise", opening="报告的记载与问题不符："
        )
    short = told[0].short if len(query.parts) == 1 and told[0] else None
    if query.kind in ("figure", "comparison", "computation"):
        others = _others(query.parts, scope, hits, told, wording)
        if others and scope.place is None:
            groups = sorted([told, *others], key=_document_order)
            lines = [Line(merged([f.statement for f in g if f])) for g in groups]
            return _everywhere(query, groups, lines, passages)
        if others:
            groups = sorted([told, *others], key=_end_year, reverse=True)
            latest = groups[0]
            lines = [Line(merged([f.statement for f in g if f])) for g in groups[:2]]
            if _end_year(latest) == _end_year(groups[1]):
                return compose(query, lines, passages, opening=DISAGREE if _differ(groups[:2]) else "")
            short = latest[0].short if len(query.parts) == 1 and latest[0] else None
            return compose(query, lines, passages, short=short, reason="earlier_figure")
        corrected = told[0] and correction(told[0], evidence_of(hits), scope.topic, wording)
        if told[0] and corrected:
            lines = [Line(merged([f.statement for f in told if f])), Line((corrected,))]
            return compose(query, lines, passages, opening=DISAGREE)
    statements = merged([f.statement for f in told if f])
    if len(statements) == 1:
        counts = query.kind in ("list", "name", "summary")
        statements = with_list(statements[0]) if counts else statements
        statements = statements if len(statements) > 1 else with_year(statements[0])
    before = ""
    if query.kind == "check" and (premise == "yes" or query.parts[0].kind == "check"):
        yes = next((f"{yes}，" for word, yes in _WHICH.items() if word in query.standalone), "")
        before = "没有，" if yes and told[0] and denies(told[0]) else yes
    return compose(query, (Line(statements, before=before),), passages, short=short)


def _disagreeing(
    index: Index, query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], wording: Wording
) -> Answer | None:
    """What two reports of one place say of one year, where they differ: the newer report first."""
    scope = query.scopes[0]
    others = tuple(r.id for r in index.reports if r.place == scope.place and r.id not in scope.report_ids)
    if scope.year is None or query.kind != "figure" or len(query.parts) > 1 or not others:
        return None
    told = _told(query, query.parts, scope, found[0], wording)
    hits = search_scope(index, replace(scope, report_ids=others), NEARBY)
    evidence = [item for item in evidence_of(hits) if str(scope.year) in item.text]
    other = find_parts(query.parts, scope, evidence, wording)[0]
    one = told[0] if told else None
    two = dated(other, scope.year, scope.topic, wording) if other and other.support >= SIDE_BY_SIDE else None
    if not (one and two and one.figure and two.figure) or same_value(one.figure.value, two.figure.value):
        return None
    held = [wording.coverage(scope.topic, f.statement.evidence.text) for f in (one, two)]
    if unit_kind(one.figure.unit) != unit_kind(two.figure.unit) or held[1] < AS_GOOD * held[0]:
        return None
    newest_first = sorted((one, two), key=lambda f: _end_year((f,)), reverse=True)
    lines = [Line((f.statement,)) for f in newest_first]
    return compose(query, lines, passages, opening=DISAGREE, reason="earlier_figure")


def _everywhere(
    query: Query, groups: Sequence[Sequence[Found | None]], lines: Sequence[Line], passages: Sequence[Hit]
) -> Answer:
    """What every place reports where none is named; which is most, where that is asked."""
    firsts = [next((f for f in group if f), None) for group in groups]
    labels = [place_label(f.statement.evidence) if f else "" for f in firsts]
    note, reason = caveat(firsts, labels) if query.kind == "comparison" else ("", None)
    larger, formula = "", ""
    if query.kind == "comparison" and reason != "different_measure":
        larger, formula = conclusion(query, labels, [f.figure if f else None for f in firsts])
    return compose(
        query,
        lines,
        passages,
        reason=reason,
        calculation=(formula,) if formula else (),
        opening="各地报告分别写道：",
        closing=larger + note,
    )


def _told(
    query: Query,
    parts: Sequence[Part],
    scope: Scope,
    hits: Sequence[Hit],
    wording: Wording,
    least: float = ANSWERS,
) -> tuple[Found | None, ...] | None:
    """What answers the parts within one scope; None where the first part has no support."""
    evidence = uncorrected(evidence_of(hits))
    told = find_parts(parts, scope, evidence, wording, "" if query.paired else query.focus)
    told = settled(query.standalone, scope, told, wording)
    if query.kind == "reason" and told and told[0]:
        said = told[0].statement.evidence.text
        least = EXPLAINED if _BECAUSE.search(said) else least if _CAUSE.search(said) else EXPLAINS
    if not told or told[0] is None or max(f.support for f in told if f) < least:
        return None
    if not any(_speaks_of(scope.topic, f.statement, wording) for f in told if f):
        return None
    return tuple(f if f and f.support >= least / 2 else None for f in told)


def _told_elsewhere(
    query: Query, scope: Scope, hits: Sequence[Hit], wording: Wording
) -> tuple[Found | None, ...] | None:
    """Where the best evidence of all does not hold: the best supported of what the other reports say."""
    if len(scope.report_ids) < 2 or query.kind != "figure":
        return None
    each = [[h for h in hits if h.report.id == report_id] for report_id in scope.report_ids]
    told = [t for own in each if own and (t := _told(query, query.parts, scope, own, wording))]
    return max(told, key=lambda t: max(f.support for f in t if f), default=None)


def _speaks_of(topic: str, statement: Statement, wording: Wording) -> bool:
    """Whether the section of a statement holds any of the question's words worth speaking of."""
    if statement.evidence.hit.paragraph.kind == "byline":
        return True  # names alone, where an author was asked for
    return bool(words_of(topic)) and wording.coverage(topic, statement.evidence.section) >= HARDLY


def _others(
    parts: Sequence[Part], scope: Scope, hits: Sequence[Hit], told: Sequence[Found | None], wording: Wording
) -> list[tuple[Found | None, ...]]:
    """The same asked of every other report of the scope: places where none is named, terms where none is."""
    first = told[0]
    if first is None or len(scope.report_ids) < 2 or first.figure is None:
        return []
    own = first.statement.evidence
    best = wording.coverage(scope.topic, (own.text, own.context))
    found = []
    for report_id in scope.report_ids:
        if report_id == own.hit.report.id:
            continue
        evidence = evidence_of([h for h in hits if h.report.id == report_id])
        items = find_parts(parts, scope, evidence, wording)
        if not items or items[0] is None or items[0].figure is None or items[0].support < LISTED:
            continue
        other = items[0].statement.evidence
        named = names_held(scope.topic, other.text) >= names_held(scope.topic, own.text)
        same_unit = named and unit_kind(items[0].figure.unit) == unit_kind(first.figure.unit)
        if same_unit and wording.coverage(scope.topic, (other.text, other.context)) >= AS_GOOD * best:
            found.append(items)
    return found


def _differ(groups: Sequence[Sequence[Found | None]]) -> bool:
    return len({group[0].figure.value for group in groups if group[0] and group[0].figure}) > 1


def _document_order(group: Sequence[Found | None]) -> tuple[str, str]:
    report = next(f for f in group if f).statement.evidence.hit.report
    return (report.place.name, str(report.period))


def _end_year(group: Sequence[Found | None]) -> int:
    period = next(f for f in group if f).statement.evidence.hit.report.period
    return (period or Period(0, 0)).end


def _summarise(
    query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], wording: Wording
) -> Answer | None:
    scope, hits = query.scopes[0], found[0]
    supported = _told(query, (Part(query.focus, None, "summary"),), scope, hits, wording, SUMMARISES)
    if supported is None:
        return None
    lines = summary_lines(scope.topic, hits, wording)
    if not lines:
        return None
    label = place_label(lines[0].statements[0].evidence)
    return compose(query, lines, passages, opening=f"{label}：")


def _compare(
    query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], wording: Wording
) -> Answer | None:
    """One line a scope; a scope whose reports do not say it has a line that says so."""
    lines: list[Line] = []
    labels: list[str] = []
    firsts: list[Found | None] = []
    everything: list[Found | None] = []
    asks_figures = any(p.kind == "figure" for p in query.parts)
    for at, (scope, hits) in enumerate(zip(query.scopes, found, strict=True)):
        told: Sequence[Found | None] = ()
        parts = query.parts[at : at + 1] if query.paired else query.parts
        if query.paired or asks_figures:
            told = _latest(query, parts, scope, hits, wording) or ()
            if told and told[0] and _AIM.search(told[0].statement.text) and not _AIM.search(scope.topic):
                told = ()  # what is hoped for is not what there is
            line = scope_line(scope.label if scope.mention or scope.year else "", told)
        else:
            statements = key_statements(scope.topic, hits, wording, most=2, room=90, least=ALSO)
            line = Line(statements) if statements else None
        own = line is not None and not scope.mention
        labels.append(place_label(line.statements[0].evidence) if line and own else scope.label)
        nothing = "报告没有写明这一项" if scope.report_ids else "没有收录这里的报告"
        lines.append(line or Line((), label=scope.label, before=nothing))
        firsts.append(told[0] if told else None)
        everything += told
    if not any(line.statements for line in lines):
        return None
    cited = {s.evidence.hit.report.period for line in lines for s in line.statements}
    lines = [
        line if line.statements or scope.period in cited else replace(line, label=_place_of(scope))
        for scope, line in zip(query.scopes, lines, strict=True)
    ]
    if len({line.statements for line in lines}) == 1 and not scope.mention:  # 由2011年的3座增加到2015年的9座
        return compose(query, (Line(lines[0].statements),), passages)
    note, reason = caveat(firsts, labels)
    larger, formula = "", ""
    if reason != "different_measure":
        larger, formula = conclusion(query, labels, [f.figure if f else None for f in firsts])
    calculation = (formula,) if formula else ()
    return compose(query, lines, passages, reason=reason, calculation=calculation, closing=larger + note)


def _place_of(scope: Scope) -> str:
    """The place alone: years that no cited report is of are not shown."""
    return scope.label.partition("（")[0]


def _latest(
    query: Query, parts: Sequence[Part], scope: Scope, hits: Sequence[Hit], wording: Wording
) -> tuple[Found | None, ...] | None:
    """What answers within one scope of several: of the latest report where none of its terms is named."""
    if len(scope.report_ids) > 1 and scope.place and not scope.mention:
        latest = [h for h in hits if h.report.id == scope.report_ids[-1]]
        if latest and (told := _told(query, parts, scope, latest, wording)):
            return told
    return _told(query, parts, scope, hits, wording, SIDE_BY_SIDE)


def _compute(
    query: Query, found: Sequence[Sequence[Hit]], passages: Sequence[Hit], wording: Wording
) -> Answer | None:
    operation = operation_of(query.standalone)
    if len(query.scopes) == 1 and (item := printed_result(query, operation, found[0], wording)):
        return compose(query, (Line((item.statement,)),), passages, short=item.short)
    chosen = operands(query, operation, found, wording)
    derived = derive(operation, [f.figure for f in chosen if f.figure])
    if derived is None or min(f.support for f in chosen) < OPERAND:
        return (
            _facts(query, found, passages, wording)
            if len(query.scopes) == 1
            else _compare(query, found, passages, wording)
        )
    by_report: dict[str, list[Statement]] = {}
    for item in chosen:
        by_report.setdefault(item.statement.evidence.hit.report.id, []).append(item.statement)
    lines = [Line(merged(statements)) for statements in by_report.values()]
    closing = f"计算：{derived.formula}。"
    return compose(
        query, lines, passages, short=derived.text, calculation=(derived.formula,), closing=closing
    )

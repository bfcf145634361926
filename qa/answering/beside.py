"""Put beside an answer what other reports say of the same, what corrects it, and whether it confirms the question."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from qa.answering.compose import Line, compose
from qa.answering.statement import YEAR, Evidence, Fact, Hits, Statement, corrects, whole_sentence
from qa.answering.sureness import facts_in
from qa.answering.wording import Wording, names_held, wording_of, words_of
from qa.index import Index
from qa.question.kinds import CHECK
from qa.retrieval import search_scope
from qa.text.divisions import find, short_name
from qa.text.figure_context import interchangeable
from qa.text.figures import amounts_in, figures, same_value, senses, unit_kind
from qa.text.sentences import split_sentences
from qa.types import Answer, Figure, Query

DISAGREE = "资料里的说法不一致，一并列出："
YES = "是的，"  # before what confirms a question
NEARBY = 10  # passages of other reports that are searched
ABOUT = 0.4  # share of the fact's wording coverage that its correction must reach
NEARLY = 0.05  # share by which 约 and 近 may be off
_FIGURES = ("figure", "comparison", "computation")  # kinds of questions that figures answer


def with_others(index: Index, query: Query, answer: Answer, fact: Fact, others: Sequence[Fact]) -> Answer:
    """Return the answer, which states the fact, with what belongs beside it; ``others`` are stated elsewhere, likeliest first."""
    if query.kind == "check":
        return confirming(query, answer, fact)
    if query.kind not in _FIGURES or fact.figure is None or answer.calculation:
        return answer
    scope, passages = query.scopes[0], answer.passages
    if two := _of_the_same_year(index, query, fact):
        lines = _lines(sorted((fact, two), key=lambda one: -one.end_year))
        return compose(query, lines, passages, opening=DISAGREE, reason="earlier_figure")
    same = _of_other_reports(scope.topic, fact, [one for one in others if one.report.id in scope.report_ids])
    if same and scope.place is None:
        every = sorted([fact, *same], key=lambda one: (one.report.place.name, str(one.report.period)))
        return compose(query, _lines(every), passages, opening="各地报告分别写道：")
    if same:
        every = sorted([fact, *same], key=lambda one: -one.end_year)
        newest = [one for one in every if one.end_year == every[0].end_year]
        if len(newest) > 1:
            opening = DISAGREE if _differ(newest) else ""
            return compose(query, _lines(newest), passages, opening=opening)
        return compose(query, _lines(every[:2]), passages, short=every[0].short, reason="earlier_figure")
    if corrected := _correction(fact, fact.figure, passages, scope.topic, wording_of(index)):
        return compose(query, [*_lines([fact]), Line((corrected,))], passages, opening=DISAGREE)
    return answer


def _lines(facts: Sequence[Fact]) -> list[Line]:
    return [Line((fact.statement,)) for fact in facts]


def confirming(query: Query, answer: Answer, fact: Fact) -> Answer:
    """Return whether a fact confirms what the question states: a plain "no" would need the figure to be all there is."""
    verdict, line, passages = _verdict(query, fact), Line((fact.statement,)), answer.passages
    if verdict == "no":
        no = "报告的记载与问题不符："
        return compose(query, (line,), passages, reason="false_premise", opening=no)
    yes = (replace(line, before=YES),)
    return compose(query, yes, passages, short=fact.short) if verdict else answer


def _of_other_reports(topic: str, fact: Fact, others: Sequence[Fact]) -> list[Fact]:
    """Return the likeliest fact of each other report that counts the same thing, of the names asked no fewer."""
    found = dict[str, Fact]()
    held = names_held(topic, fact.statement.evidence.text)
    for other in others:
        if other.report.id == fact.report.id or not (other.figure and fact.figure):
            continue
        kinds = unit_kind(fact.figure.unit), unit_kind(other.figure.unit)
        alike = not all(kinds) or kinds[0] == kinds[1] or interchangeable(*kinds)
        if alike and names_held(topic, other.statement.evidence.text) >= held:
            found.setdefault(other.report.id, other)
    return list(found.values())


def _of_the_same_year(index: Index, query: Query, fact: Fact) -> Fact | None:
    """Return what another report of the place states of the year that is asked for, if it differs."""
    scope = query.scopes[0]
    others = tuple(r.id for r in index.reports if r.place == scope.place and r.id not in scope.report_ids)
    if scope.year is None or query.kind != "figure" or not others:
        return None
    hits = search_scope(index, replace(scope, report_ids=others), NEARBY)
    hits = tuple(hit for hit in hits if str(scope.year) in hit.paragraph.text)
    facts = facts_in(query, hits, wording_of(index))
    dated = [one for one in facts if one.figure and str(scope.year) in one.statement.evidence.text]
    two = next(iter(_of_other_reports(scope.topic, fact, dated)), None)
    return two if two and _differ((fact, two)) else None


def _differ(facts: Sequence[Fact]) -> bool:
    first, *rest = [fact.figure.value for fact in facts if fact.figure]
    return not all(same_value(first, value) for value in rest)


def _correction(fact: Fact, figure: Figure, passages: Hits, topic: str, wording: Wording) -> Statement | None:
    """Return the whole sentence that states another figure of this kind as the right one, or None."""
    source = fact.statement.evidence
    own = f"{fact.report.place.name} {topic} {source.text}"
    least = ABOUT * wording.coverage(topic, source.text)
    sentences = (Evidence(hit, a, b) for hit in passages for a, b in split_sentences(hit.paragraph.text))
    for item in (sentence for sentence in sentences if corrects(sentence.text)):
        alike = {f.value for f in figures(item.text) if unit_kind(f.unit) == unit_kind(figure.unit)}
        of_it = figure.value in alike and item.hit.paragraph == source.hit.paragraph  # 上文600家应为66家
        elsewhere = any(short_name(place.name) not in own for _, _, place in find(item.text))
        about = of_it or wording.coverage(topic, item.text) >= least
        if alike - {figure.value} and about and not elsewhere:
            return whole_sentence(item)
    return None


def _verdict(query: Query, found: Fact) -> Literal["", "yes", "no"]:
    """Return whether a fact confirms the figures that a question states; "" if either states no such figure."""
    asked = _stated(query.topic)
    year = query.scopes[0].year
    years = YEAR.findall(found.statement.text)
    if year and years and str(year) not in years:
        return "no"  # 是2020年开馆的吗, and the report says 2021年
    if not asked:
        return ""
    # of one figure that is asked for, the others of its sentence count something else
    alone = found.figure if year or len(asked) == 1 else None
    reported = [alone] if alone else figures(found.statement.evidence.text)
    if all(_confirmed(a, query.topic, found.figure, reported) for a in asked):
        return "yes"
    return "no" if any(_same_kind(a, f) for a in asked for f in reported) else ""


def without_stated_figures(query: Query) -> Query:
    """Return a query with the figures that it states asked for instead: 书屋是不是50个 → 书屋多少个."""
    if query.kind != "check" or not _stated(query.topic):
        return query
    return replace(
        query,
        standalone=_asked_instead(query.standalone),
        topic=_asked_instead(query.topic),
        focus=_asked_instead(query.focus),
        parts=tuple(replace(p, text=_asked_instead(p.text)) for p in query.parts),
        scopes=tuple(replace(scope, topic=_asked_instead(scope.topic)) for scope in query.scopes),
    )


def _asked_instead(text: str) -> str:
    """Replace the figures that a text states by 多少 and their units, and leave out the words that ask whether it is so."""
    for figure in reversed(_stated(text)):
        text = f"{text[: figure.start]}多少{figure.unit}{text[figure.end :]}"
    asked, _, tail = CHECK.sub("", text).rpartition(",")  # …，对吗
    return asked if asked and not words_of(tail) else CHECK.sub("", text)


def _stated(text: str) -> list[Figure]:
    return [f for f in amounts_in(text) if any(c.isdigit() for c in f.text)]


def _confirmed(asked: Figure, topic: str, answer: Figure | None, reported: Sequence[Figure]) -> bool:
    if any(_same_kind(asked, f) and same_value(asked.value, f.value) for f in reported):
        return True
    if answer is None or not _same_kind(asked, answer):
        return False
    own = senses(asked)
    if own & {"under", "at most"}:
        return answer.value <= asked.value
    if is_limit(asked, topic):
        return answer.value >= asked.value
    return bool(own & {"about", "nearly"}) and abs(answer.value - asked.value) <= NEARLY * asked.value


def is_limit(asked: Figure, text: str) -> bool:
    """Whether a text asks if a figure was passed or reached: 超过50所了吗, 到了50所没有, 不到50所吗."""
    own = senses(asked) & {"over", "at least", "under", "at most"}
    return bool(own) or text[: asked.start].endswith(("达", "到了", "到"))


def _same_kind(one: Figure, other: Figure) -> bool:
    return not one.unit or not other.unit or unit_kind(one.unit) == unit_kind(other.unit)

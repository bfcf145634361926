"""Query + Hits → Answer, one path for each kind of question; deterministic and extractive."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from embeddings.reader import default_question_reader
from qa.answering.beside import with_others, without_stated_figures
from qa.answering.compose import Line, compose, with_missing
from qa.answering.computation import gives_result, operates
from qa.answering.found import chance_in
from qa.answering.members import members
from qa.answering.programs import computed_answer, is_sure_result
from qa.answering.ranking import limit
from qa.answering.refusal import chatter, refuse, unsure
from qa.answering.several import asks_several, is_sure, several
from qa.answering.statement import Hits, place_label
from qa.answering.summary import ANNOUNCED, summary_of_scope
from qa.answering.sureness import choose_answer
from qa.answering.table_rows import extreme, without_other_parts
from qa.answering.wording import wording_of
from qa.index import Index
from qa.question.intents import asks_for_all, names_how_many
from qa.question.kinds import each_asks, unit_of
from qa.question.question_words import ASKED
from qa.types import Answer, Form, Part, Query, QuestionKind


def answer(
    index: Index, query: Query, found: Sequence[Hits], passages: Hits, least: float | None = None
) -> Answer:
    """Return the answer if it is at least as sure as ``least`` (None: as calibrated), else one that abstains.

    ``found`` are the hits of each scope, in the order of ``query.scopes``; ``passages`` those shown as retrieved.
    """
    computed = computed_answer(query, passages, wording_of(index))
    if computed and is_sure_result(query, computed):
        return computed
    told = _told(index, query, found, passages, least, (computed and computed.short) or "")
    if not computed or least is None:
        return told
    likelier = chance_in(computed) >= max(least, 0.0 if told.abstained else chance_in(told))
    return computed if likelier else told


def _told(
    index: Index, query: Query, found: Sequence[Hits], passages: Hits, least: float | None, result: str
) -> Answer:
    """Return what passages tell; arguments as for :func:`answer`, and what is most likely worked out, if anything."""
    for_all = asks_for_all(query.topic)
    compares = default_question_reader().read(query.standalone).operation != "none"
    asks_whether = query.kind == "check" and not (for_all or compares)
    sure = limit("sureness", "sure")
    least = (limit("sureness", "checked") if asks_whether else sure) if least is None else least
    told = _answered(index, query, found, passages, least, result)
    if told.reason == "false_premise" and least < sure:  # it is not contradicted on less
        told = _answered(index, query, found, passages, sure, result)
    asks_nothing = query.kind == "check" and ASKED.search(query.topic) is None  # 接下来的打算
    may_sum_up = all(scope.has_reports for scope in query.scopes) and not query.refusal
    if not told.abstained or not may_sum_up or not (asks_nothing or query.kind in ("list", "manner")):
        return told
    if not for_all and (asks_nothing or names_how_many(query.topic)):  # of so many all have to be told
        return told
    summed_up = replace(query, kind="summary", parts=(replace(query.parts[0], kind="summary"),))
    summary = _answered(index, summed_up, found, passages, least, result)
    fits = not summary.abstained and (for_all or _tells_nearest(summary, told))
    return summary if fits else told


def _tells_nearest(summary: Answer, abstained: Answer) -> bool:
    """Whether several sentences that are likely about the topic have one of the passage nearest to an answer among them."""
    likely = len(summary.citations) > 1 and (summary.chance or 0.0) >= limit("sureness", "listed")
    told = {(citation.report_id, citation.paragraph) for citation in summary.citations}
    return likely and any(near.hit.position in told for near in abstained.nearest[:1])


def _answered(
    index: Index, query: Query, found: Sequence[Hits], passages: Hits, least: float, result: str
) -> Answer:
    if not asks_several(query):
        only, *_ = likeliest(index, query, found, passages, least)
        return only if only.abstained or gives_result(query, only) else unsure(query, passages)
    whole = of_whole(index, query, found, passages)
    known = whole and (whole.calculation or whole.certain or whole.reason == "false_premise")
    if whole and known and is_sure(whole, least):
        return whole
    told = several(index, query, passages, partial(likeliest, index), whole, least, result)
    if not told.abstained or len(query.scopes) > 1 or each_asks(query.parts, query.standalone):
        return told
    # Of things without question words of their own the reader may have taken one for several.
    kind: QuestionKind = "figure" if operates(query) else query.kind
    part = Part(query.topic, unit_of(query.topic), kind, query.standalone, query.topic)
    for_one, least = replace(query, kind=kind, parts=(part,)), max(least, limit("sureness", "shortened"))
    one, *_ = likeliest(index, for_one, found, passages, least)
    return told if one.abstained or not gives_result(query, one) else one


def of_whole(index: Index, query: Query, found: Sequence[Hits], passages: Hits) -> Answer | None:
    """Return the likeliest answer to a question for several things of one place as a whole, however sure it is."""
    return likeliest(index, query, found, passages)[0] if len(query.scopes) == 1 else None


def likeliest(
    index: Index, query: Query, found: Sequence[Hits], passages: Hits, least: float = 0.0
) -> tuple[Answer, ...]:
    """Return the answer to a question that needs no operation if its chance is at least ``least``, else abstain.

    Behind it stand all that were weighed, however sure they are, the likeliest first.
    """
    found = [without_other_parts(query, hits) for hits in found]
    plain = replace(query, form=Form())  # whether there is an answer does not depend on its form
    asking = without_stated_figures(plain)
    written = written_without(index, asking, found, passages)
    chosen = choose_answer(asking, written, passages, wording_of(index), least)
    first = chosen.answer
    if chosen.fact:
        first = with_others(index, query, first, chosen.fact, chosen.others)
        first = replace(first, chance=chosen.answer.chance)
    elif plain != query and query.sums_up and first is written and not first.abstained:
        formed = written_without(index, query, found, passages)
        first = replace(formed, chance=first.chance) if not formed.abstained else unsure(query, passages)
    return first, *chosen.weighed


def written_without(index: Index, query: Query, found: Sequence[Hits], passages: Hits) -> Answer:
    """Return what needs no reader: small talk, a refusal, a row of a table, a summary; arguments as for :func:`answer`."""
    if query.kind == "chatter":
        return chatter(query)
    if query.refusal:
        return refuse(query, query.refusal, passages, index.reports)
    if item := extreme(query, found[0], wording_of(index)):
        return compose(query, (Line((item.statement,)),), passages, short=item.short, chance=1.0)
    if named := members(query, found[0], wording_of(index)):
        names, lines = zip(*named, strict=True)
        opening = f"{place_label(lines[0].statements[0])}："
        return compose(query, lines, passages, short="、".join(names), opening=opening, chance=1.0)
    sums_up = query.sums_up or query.kind in ("manner", *ANNOUNCED)
    made = _summarise(index, query, found, passages) if sums_up else None
    return made or refuse(query, "no_support", passages, index.reports)


def _summarise(index: Index, query: Query, found: Sequence[Hits], passages: Hits) -> Answer | None:
    lines, chances = list[Line](), dict[int, float]()
    each = [*map(partial(summary_of_scope, index, query, passages), query.scopes, found)]
    least = min(limit("sureness", "summary"), max(chance for _, chance in each))
    for number, (own, chance) in enumerate(each):
        if own and chance >= least:
            scope, chances[number] = query.scopes[number], chance
            for at, line in enumerate(own):  # of several, headed by place and years instead of its section
                lines.append(replace(line, label="" if at else scope.label) if len(each) > 1 else line)
    if not lines:
        return None
    opening = f"{place_label(lines[0].statements[0])}：" if len(query.scopes) == 1 else ""
    made = compose(query, lines, passages, opening=opening, chance=min(chances.values()))
    return with_missing(made, query.untold(chances))

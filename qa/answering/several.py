"""Answer a question over several places, terms or things: each by itself, then one operation over what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from embeddings.reader import default_question_reader
from qa.answering.comparison import caveat, conclusion, inside_notes
from qa.answering.compose import Line, among, compose, named, renumbered, with_missing, with_result
from qa.answering.computation import gives_result, operates, operation_of
from qa.answering.found import Found, chance_in, has_figures_of, of_one_state, without_unlikely
from qa.answering.lookups import Alone, features_of_all, look_up_each
from qa.answering.ranking import limit
from qa.answering.refusal import partly, unsure
from qa.answering.statement import EXTRA, Evidence, Hits, whole_sentence
from qa.answering.sureness import chances_of
from qa.answering.sureness.choice import EVEN
from qa.answering.wording import Wording, wording_of
from qa.index import Index
from qa.question.question_words import asking
from qa.retrieval import with_nearest
from qa.text.arithmetic import Derived, derive
from qa.text.figures import MEASURED, amounts_in, figures, unit_kind
from qa.types import MARK, Answer, Citation, Hit, Query, Reason

NOT_HELD, NOT_SURE = "没有收录这里的报告", "没有确定的答案"


def asks_several(query: Query) -> bool:
    """Whether several single things have to be looked up: of several places or terms, or of one."""
    as_one = query.refusal or query.sums_up or query.kind in ("chatter", "manner")
    return not as_one and max(len(query.scopes), len(query.parts)) > 1


def several(
    index: Index, query: Query, passages: Hits, alone: Alone, whole: Answer | None, least: float, result: str
) -> Answer:
    """Return what was found of every single thing, one line a place and term, and what is computed from it.

    ``alone`` gives the answers to a question for one thing, the likeliest first; ``whole`` is the likeliest answer to the
    whole question. If its chance is at least ``least``, what states the same is as sure; if nothing is to be computed, it
    is the answer then unless what was found one by one states the same and more. ``result`` is what is most likely worked out of the
    passages: what the things give is told if it is the same.
    """
    wording, possible = wording_of(index), look_up_each(index, query, alone)
    found = without_unlikely(possible)
    if query.unnamed and query.kind != "computation":
        found = _of_places_that_tell(query, found, least) or found
    read = default_question_reader().read(query.standalone)
    of_all = not query.unnamed or read.each or read.operation == "extreme"  # else no place is asked about
    rest = query.untold({one.scope for one in found}) if of_all else []
    made, values = made_of(index, query, passages, found, whole, result=result)
    likeliest, whole = whole, whole if whole and is_sure(whole, least) else None
    if made is None and whole is None:
        made, values = made_of(index, query, passages, possible, likeliest, result=result)
    chance = chances_of([values])[0] if made else 0.0
    seen = {hit.position: hit for each in (passages, *(one.answer.passages for one in found)) for hit in each}
    left = [one for one in found if one.text and not (whole and one.is_told_in(whole))]
    weakest = min((one.chance for one in left), default=1.0)
    if made and whole and (has_figures_of(made.text, whole.short or whole.text) or not left):
        chance = max(chance, min(whole.chance or 0.0, weakest))
    if whole and gives_result(query, whole):
        more = 0 < len(left) < sum(bool(one.text) for one in found) and not operates(query)
        if made and more and (chance := max(chance, weakest)) >= least:
            return replace(made, chance=chance)
        doubtful = [one for one in left if (one.answer.chance or 0.0) < least]
        if operates(query) or len(doubtful) == len(left):
            known = [one.unanswered() if one in doubtful else one for one in found]
            made = _with_the_rest(query, whole, seen, known, wording)
            if not made.missing or is_sure(made, limit("sureness", "shortened")):
                return made
            return with_nearest(partly(made), _nearest_of(doubtful, seen))
    to_compute = query.kind == "computation" and operation_of(query.standalone)
    if made and chance >= least and not (to_compute and not made.calculation):
        return with_missing(replace(made, chance=chance), rest)
    sure = [one for one in found if one.text and (one.chance >= least or (whole and one.is_told_in(whole)))]
    # Each thing may be told that is sure by itself; of several places or terms if no report of theirs seems to tell the rest.
    compared = read.operation != "none"
    lacking = [one for one in found if one not in sure]
    rest_untold = not (compared or query.unnamed) and not any(_seems_told(query, one) for one in lacking)
    all_known = query.kind != "computation" and not lacking
    may_lack = not operates(query) if len(query.scopes) == 1 else all_known or rest_untold
    if sure and may_lack:
        made, _ = made_of(index, query, passages, sure, whole, concludes=False)
        told_of = {one.scope for one in sure}
        of_told = [one.unanswered() if one in lacking else one for one in found if one.scope in told_of]
        if made:
            made = replace(made, chance=max(least, min(one.chance for one in sure)))
            rest = query.untold(told_of) if of_all else []
            made = _with_the_rest(query, made, seen, of_told, wording, rest)
            told_all = set(made.missing) <= set(rest)
            return made if told_all else with_nearest(partly(made), _nearest_of(lacking, seen))
    in_turn = sorted(found, key=lambda one: [other for other in found if other.scope == one.scope].index(one))
    return with_nearest(replace(unsure(query, passages), chance=chance), _nearest_of(in_turn, seen))


def _of_places_that_tell(query: Query, found: Sequence[Found], least: float) -> list[Found]:
    """Return what is told of the places that are sure, if none is named; to compare, no other may seem to tell it."""
    sure = [one for one in found if one.text and one.chance >= least]
    told_of, others = {one.scope for one in sure}, [one for one in found if one not in sure]
    compared = default_question_reader().read(query.standalone).operation != "none"
    if compared and any(one.answer.reason != "no_support" for one in others):
        return []
    of_them = (one for one in found if one.scope in told_of)
    kept = [one if one in sure else one.unanswered() for one in of_them]
    told_all = told_of - {one.scope for one in kept if not one.text}
    return (kept if len(told_all) > 1 else sure) if compared < len(told_of) < len(query.scopes) else []


def _seems_told(query: Query, one: Found) -> bool:
    """Whether the likeliest answer to a single thing is of its own reports, and too likely to be called not reported."""
    ids = {citation.report_id for citation in one.answer.citations}
    own = not ids.isdisjoint(query.scopes[one.scope].report_ids)
    return own and (one.answer.chance or 0.0) >= limit("sureness", "near")


def _nearest_of(found: Sequence[Found], hits: Mapping[tuple[str, int], Hit]) -> Hits:
    """Return the passages that single things are answered by, of each at least the first that was found for it."""
    nearest = list[Hit]()
    for one in found:
        cited = [hits[at] for c in one.citations if (at := (c.report_id, c.paragraph)) in hits]
        nearest += cited or one.answer.passages[:1]
    return nearest


def _with_the_rest(
    query: Query,
    answer: Answer,
    hits: Mapping[tuple[str, int], Hit],
    found: Sequence[Found],
    wording: Wording,
    rest: Sequence[str] = (),
) -> Answer:
    """Return the answer with what is missing named; what it has of one sentence alone is stated with the rest of that.

    The rest may tell what is missed. ``rest``: the labels of scopes of which nothing was found.
    """
    missing = _missing_from(answer, found, wording)
    first, *others = answer.citations
    hit = hits.get((first.report_id, first.paragraph))
    at = hit.paragraph.text.find(first.quote) if hit else -1
    in_one = all(other.quote == first.quote for other in others)
    if hit and missing and at >= 0 and in_one and not answer.calculation:
        whole = whole_sentence(Evidence(hit, at, at + len(first.quote)))
        if len(amounts_in(whole.text)) <= len(amounts_in(MARK.sub("", answer.text))) + EXTRA:
            lines, core = (Line((whole,)),), answer.text
            answer = compose(query, lines, answer.passages, short=answer.short, chance=answer.chance)
            missing = _missing_from(answer, found, wording, core)
    named_all = len(missing) == len(found)  # then it is an answer to none of them, but to the whole question
    return with_missing(answer, [*(() if named_all else missing), *rest])


def _missing_from(
    answer: Answer, found: Sequence[Found], wording: Wording, core: str | None = None
) -> list[str]:
    """Return the names of those of several things that were not found, and that the answer does not tell all the same.

    It tells a thing with a figure of its unit, or of an unknown one (7群), that is none of the others'; with words that
    are rather right for it and for another; with the likeliest answer to it, if that is quoted and none of the others';
    with its words, if nothing answers it, and with a figure for a thing that asks one.
    ``core``: its words before it was widened to a whole sentence, whose other figures tell nothing by themselves.
    """
    text, known = MARK.sub("", answer.text), [one.figure for one in found if one.figure]
    units = {None, *(unit_kind(figure.unit) for figure in figures(text))}
    own = amounts_in(text if core is None else MARK.sub("", core))
    beside = {unit_kind(figure.unit) for figure in own if not among(known, figure)}

    def tells(one: Found) -> bool:
        best, asks = one.answer, asking(one.part.asked)
        unit = one.part.unit if asks else None
        says = unit == "个" and wording.coverage(one.part.text, text) >= EVEN  # 个 counts anything
        if one.text or one.shared or {unit, ""} & beside or (says and beside.difference(MEASURED)):
            return True
        if unit not in units:
            return False
        if (best.chance or 0.0) < limit("sureness", "near"):
            untold = asks and one.part.kind == "figure" and not beside
            return not untold and wording.coverage(one.part.text, text) >= EVEN
        of_others = any(among(known, figure) for figure in figures(best.short or ""))
        quoted = any(own.quote in cited.quote for own in best.citations for cited in answer.citations)
        return quoted and not of_others and has_figures_of(text, best.short or "")

    return [named(one.part, answer.standalone_question) for one in found if not tells(one)]


def is_sure(answer: Answer, least: float) -> bool:
    """Whether an answer is sure enough to be given."""
    return not answer.abstained and chance_in(answer) >= least


def made_of(
    index: Index,
    query: Query,
    passages: Hits,
    found: Sequence[Found],
    whole: Answer | None,
    *,
    concludes: bool = True,
    result: str = "",
) -> tuple[Answer | None, tuple[float, ...]]:
    """Return the answer and its features; None if one sentence answers for two, or less than two have all that is asked.

    Of more places or terms, one that lacks something has a line that says so. ``concludes``: says which is larger, if asked;
    ``result``: what the figures of all things of one place have to give to be worked with.
    """
    of_years = all(scope.year for scope in query.scopes)
    in_one = of_years and all(one.text == found[0].text != "" for one in found)
    if in_one and len({one.key for one in found}) == 1:
        found = found[:1]
    answers = [one.key for one in found if one.text]
    held = {one.scope for one in found if query.scopes[one.scope].report_ids}
    complete = held - {one.scope for one in found if not one.text}
    if not answers or (complete != held and len(complete) < 2) or len(set(answers)) < len(answers):
        return None, ()
    lines, citations, missing = list[str](), list[Citation](), list[str]()
    heads = dict[str, Found]()  # the first thing of each line, by its label
    of_one = len(query.scopes) == 1  # what another report says has a line of its own
    shown = found[:1] if in_one else found  # 由2011年的3座增加到2015年的9座
    for (at, _), group in groupby(shown, key=lambda one: (one.scope, of_one and one.label)):
        scope, own = query.scopes[at], list(group)
        mention = scope.mention and not of_one  # alone it is no label: its report's sentence need not name it
        special = (mention or scope.year) and not scope.year_only_mentioned and not in_one
        label = scope.label if special else own[0].label or scope.label
        texts = []
        for one in own:
            if not one.text:
                texts.append(NOT_SURE if scope.report_ids else NOT_HELD)
            elif not _stated_by_another(one, own):
                text, cited = renumbered(one.text, one.citations, len(citations))
                citations += cited
                texts.append(text)
        missing += [] if all(one.text for one in own) else [label]
        heads.setdefault(label, own[0])
        lines.append(f"{label}：{'，'.join(texts)}。" if label else f"{'，'.join(texts)}。")
    short = found[0].answer.short if len(found) == 1 and found[0].shared else None
    bullet = "- " if len(lines) > 1 else ""
    opening = "\n".join(f"{bullet}{line}" for line in lines)
    concludes = concludes and len(heads) == len(shown)  # of several things it would be of the first
    closing, reason, formulas = _concluded(index, query, heads, concludes=concludes)
    made = compose(query, (), passages, short=short, reason=reason, opening=opening, closing=closing)
    changes = tuple(one.formula for one in found if one.formula)
    made = replace(
        made, citations=tuple(citations), missing=tuple(missing), calculation=(*formulas, *changes)
    )
    derived = _derived(query, found) if of_one and not made.calculation else None
    if derived and derived.text == result:
        made = with_result(made, derived)
    return made, features_of_all(found, made, whole)


def _derived(query: Query, found: Sequence[Found]) -> Derived | None:
    """Return what is worked out of the figures of all things; None if nothing is asked to be, or one has no figure."""
    known = [one.figure for one in found if one.figure and not one.shared]
    every = query.kind == "computation" and len(known) == len(found)
    return derive(operation_of(query.standalone), known) if every else None


def _stated_by_another(one: Found, every: Sequence[Found]) -> bool:
    """Whether another of several things states the words of one, too; of those with the same words the first is kept."""
    words, at = MARK.sub("", one.text), every.index(one)
    texts = enumerate(MARK.sub("", other.text) for other in every)
    return any(words in theirs and (words != theirs or n < at) for n, theirs in texts)


def _concluded(
    index: Index, query: Query, heads: Mapping[str, Found], *, concludes: bool
) -> tuple[str, Reason | None, tuple[str, ...]]:
    """Return the closing words of a comparison, the reason for a caveat and the formulas; ``heads``: one thing a line."""
    apart = len(query.scopes) == 1 and not operates(query)  # 多少辆、增长多少
    if len(heads) < 2 or apart or (query.paired and len({part.unit for part in query.parts}) > 1):
        return "", None, ()
    labels, known = tuple(heads), [one.said for one in heads.values() if one.figure]
    note, reason = caveat(known, labels)
    of_places = len({scope.place for scope in query.scopes}) > 1
    if of_places and not of_one_state([*heads.values()]):
        note, reason = "有的是计划，有的是结果，不宜直接相比。", "different_measure"
    if reason == "different_measure":
        return note, reason, ()
    places = [index.by_id[one.citations[0].report_id].place for one in heads.values() if one.text]
    note += "".join(inside_notes(places))
    if not concludes:
        return note, reason, ()
    larger, formula = conclusion(query, labels, [one.figure for one in heads.values()])
    return larger + note, reason, (formula,) if formula else ()

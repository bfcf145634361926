"""Question and history → Query: what is asked for, where, when, and what must be matched."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from qa.question.asides import without_asides
from qa.question.budget import BUDGET, Budget, affordable, at_most
from qa.question.catalogue import Catalogue, Term
from qa.question.followup import recent, standalone
from qa.question.form import in_form, things_of
from qa.question.intents import about
from qa.question.kinds import asked_noun, kind_of, parts_of
from qa.question.organisations import find_organisations
from qa.question.periods import When, choose_terms, find_when
from qa.question.places import Named, Where, find_where
from qa.question.spelling import respelled, which_for_that
from qa.text.divisions import find, short_name
from qa.text.normal import squeezed
from qa.types import Form, Part, Period, Query, QuestionKind, Reason, Scope

__all__ = ["understand"]

_TIME_WORDS = re.compile(
    r"(?:最近|过去)?[这那近]?[五5]年(?:来|里|间)?(?!规划|计划)|[前后两]+个五年|(?<!往)[前后]一?个?五年|从?(?:算起|起算)|这?[两二2三]届|上一?届和这一?届|(?:上|这|本|前|后)一?届|换届(?:[以之]?[前后]|时|那会儿)|以[来后]|之后的?|之前|以前|(?:召开)?前(?=[，,])|那会儿|那几年|那年|期间|如今|眼下|目前|现在|最近|至今|截至|到(?=$|[，,])"
)
_LEVEL = re.compile(
    r"(?:从|就)?(?:全[省市区县]|[省市区县]级)(?:层面|范围)(?:来[看说讲])?[，,]?"
)  # which reports are meant, not what is asked
_ONE_OF = re.compile(r"的?那[个座一](?:城市|市)")  # 福建那座城市
_NAMED_CONGRESS = re.compile(
    r"(?:工会)?(?:第[一二三四五六七八九十]+次(?:(?:工会)?代表大会|工代会)|(?<!的)(?<!十)十[一二三四五六七八九]大)(?:召开前|前|后)?"
)
_OWN_BODY = re.compile(r"[一-龥]{0,10}?总?工会(?=[与和跟同及、])")  # 甲省交通系统与…
_SIDE_BY_SIDE = re.compile(r"[摆放]到?在?一起(?:看|比)?|(?<!环)(?<!同)相比(?:如何|怎么?样)?(?=[？?。]*$)")
_YEAR_EACH = re.compile(r"(?:19|20)\d\d年?[^，,。？?；;]{0,12}(?:多少|几(?!乎))")
_CHANGED = re.compile(r"(?:前后)?的?变化(?:大)?[吗么不][大多]?[？?]?|先前|后来")
_IN_ALL = re.compile(r"一共|总共|共计|累计")
_LEADS_OVER = re.compile(r"呢|[，,。？?！!\s]")  # 那……呢？
_BEFORE_LAST = re.compile(r"(.+)[,:：，?？]")  # what the first part shares with the others
_ASKED = re.compile(r"多少|几|什么|哪|谁|怎")
_GAP = "\x00"  # where a place stood
_GAPS = re.compile(
    r"(?:[,，、/和跟与及同]*\x00(?:全[省市区县](?=[、,，/和跟与及\x00]))?)+(?:两[市地]的?|[三四]地的?)?"
)
_EXCLUDED = re.compile(
    r"[（(][^（）()]{0,24}(?:不算|不含|不是)[^（）()]{0,12}[)）]"
)  # what is asked to be left out is not to be found
_IN_A_WORD = re.compile(r"(?<=[一-龥])\(([一-龥])\)(?=[一-龥])")  # 疗(休)养
_QUOTED = re.compile(r"[“\"『「《][^”\"』」》]{1,40}[”\"』」》]")


def understand(
    question: str,
    history: Sequence[str],
    catalogue: Catalogue,
    *,
    place: str | None = None,
    period: tuple[int, int] | None = None,
    report: str | None = None,
    budget: Budget = BUDGET,
) -> Query:
    """Understand a question against what the library covers.

    Args:
        question: as typed.
        history: the user's earlier questions, oldest first.
        catalogue: what the library covers.
        place: a filter; only reports of this place or inside it are searched.
        period: a filter, (first year, last year).
        report: a filter, the file name of one report.
        budget: how much it may ask.

    Raises:
        QuestionError: it asks more than the budget allows.
    """
    pool = catalogue.narrowed(_filtered, place, period, report)
    form, wanted, earlier = in_form(question, recent(history))
    turns = tuple(respelled(turn, catalogue) for turn in earlier)
    if place or report:
        turns = tuple(_of_the_pool(turn, pool) for turn in turns)
    spelled = respelled(wanted, catalogue)
    spelled = spelled if turns else which_for_that(spelled)
    spelled = _as_a_name(spelled, turns, catalogue)
    spelled, turns = _of_another(spelled, turns, catalogue)
    whole = standalone(spelled, turns)
    asked, own = _of_the_same(_tidied(whole.text), turns, catalogue), _tidied(whole.own)
    within = tuple(term.report_id for term in pool.terms)
    pool, text = _titled(pool, asked)
    at_most(len({place.name for _, _, place in find(text)}), budget.scopes, "个地区")
    when, where = find_when(text), find_where(text, pool)
    topic = _topic(text, when, where, keep=None)
    focus = _asked_now(own, pool) if own else topic
    scopes, refusal, outside = _scopes(text, when, where, pool)
    kind = kind_of(asked)
    if len(scopes) > 1 and kind not in ("comparison", "computation", "chatter"):
        kind = "comparison"
    if kind == "figure" and len(scopes) == 1 and _IN_ALL.search(text) and _part_of(when, scopes[0].period):
        kind = "computation"
    of_itself = about(wanted)
    kind = "chatter" if of_itself else _kind_in(form, kind, topic)
    by_name = len(scopes) > 1 and all(s.place is None for s in scopes)
    parts = tuple(parts_of(s.topic, kind)[0] for s in scopes) if by_name else parts_of(focus, kind)
    paired = kind == "comparison" and len(parts) == len(scopes) >= 2
    by_year = len(_YEAR_EACH.findall(text)) == len(scopes) and all(s.year for s in scopes)
    paired = paired and (by_name or by_year or when.in_turn or _in_turn(text, where))
    if paired and not by_name:
        before = _BEFORE_LAST.match(parts[0].text)
        parts = tuple(replace(p, text=_CHANGED.sub("", p.text) or p.text) for p in parts)
        shared = before[1] if before else _unasked(text[: where.named[0].start])
        parts = (parts[0], *(p if asked_noun(p.text) else _of_what(p, shared) for p in parts[1:]))
        scopes = tuple(
            replace(s, topic=_CHANGED.sub("", p.text if p.text.startswith(shared) else f"{shared} {p.text}"))
            for s, p in zip(scopes, parts, strict=True)
        )
    if form.shape == "table":
        parts, paired = tuple(Part(thing, None, "figure") for thing in things_of(topic)), False
    query = Query(
        asked=question,
        standalone=asked,
        topic=topic,
        focus=focus,
        kind=kind,
        parts=parts,
        scopes=scopes,
        refusal=None if kind == "chatter" else refusal,
        outside=outside,
        paired=paired,
        within=within,
        form=form,
        about=of_itself,
    )
    return affordable(query, budget)


def _tidied(text: str) -> str:
    """A question in plain characters, without what it asks to leave out."""
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).strip())
    text = _IN_A_WORD.sub(r"\1", _EXCLUDED.sub("", text))
    return re.sub(r"^不是[^，,。]{1,10}[，,]\s*(?:是)?", "", text)


def _kind_in(form: Form, kind: QuestionKind, topic: str) -> QuestionKind:
    """The kind that a form leaves: a table compares, and a paragraph on what asks nothing sums up."""
    if kind == "chatter":
        return kind
    if form.shape == "table":
        return "comparison"
    return "summary" if form.shape == "paragraph" and not _ASKED.search(topic) else kind


def _closed(gap: re.Match[str]) -> str:
    """What is left where places stood: the comma between two questions, else nothing."""
    apart = re.search(r"[,，]", gap.group()) and _ASKED.search(gap.string[: gap.start()])
    return "，" if apart and _ASKED.search(gap.string[gap.end() :]) else ""


def _of_what(part: Part, shared: str) -> Part:
    """A part that names nothing to be counted (现有多少个), behind what the first part shares with it."""
    return replace(part, text=f"{shared}{part.text}") if part.kind == "figure" else part


def _part_of(when: When, term: Period | None) -> bool:
    """Whether some years of a term are asked for, and not all of them."""
    return any(p.start < p.end and p != term for p in when.periods)


def _unasked(text: str) -> str:
    """The words before the first place, where they ask nothing yet."""
    return "" if _ASKED.search(text) else text.strip(" ,，:：、")


def _as_a_name(question: str, turns: tuple[str, ...], catalogue: Catalogue) -> str:
    """A follow-up with 江南工匠 in quotes, where a report of the place asked before has it so: no other place is meant."""
    from embeddings.words import cut

    before = {place.name for turn in turns for _, _, place in find(turn)}
    reports = [term.report_id for name in before for term in catalogue.of_place(name)]
    quoted = [m.span() for m in _QUOTED.finditer(question)]
    for start, end, place in find(question) if reports else ():
        if any(a < start and end < b for a, b in quoted):
            continue
        word = next(iter(cut(question[end:])), "")
        name = f"“{question[start:end]}{word}”"
        if word and place.name not in before and question.startswith(word, end):
            held = catalogue.holding(name)
            if any(report in held for report in reports):
                return f"{question[:start]}{name}{question[end + len(word) :]}"
    return question


def _of_another(question: str, turns: tuple[str, ...], catalogue: Catalogue) -> tuple[str, tuple[str, ...]]:
    """A follow-up that names an organisation, or a place of a report: what was asked before, without whom it was of."""
    if not turns:
        return question, turns
    named, divisions = find_organisations(question, catalogue), find(question)
    if not (named or divisions or find_where(question, catalogue).named):
        return question, turns
    others = tuple(_without_names(turn, catalogue, places=bool(named) or not divisions) for turn in turns)
    if others == turns:
        return question, turns
    start, end = named[0][0] if named else (0, 0)
    only = named and not _LEADS_OVER.sub("", question[:start] + question[end:])
    return (f"{question[start:end]}{others[-1]}", ()) if only else (question, others)


def _without_names(turn: str, catalogue: Catalogue, places: bool) -> str:
    spans = [span for span, _ in find_organisations(turn, catalogue)]
    return _cut_out(turn, spans + ([(start, end) for start, end, _ in find(turn)] if places else []))


def _of_the_pool(turn: str, pool: Catalogue) -> str:
    """An earlier question without the places that the filters leave out: whoever sets a filter asks of it alone."""
    return _cut_out(turn, [(a, b) for a, b, place in find(turn) if place.name not in pool.divisions.values()])


def _cut_out(text: str, spans: Sequence[tuple[int, int]]) -> str:
    cut = len(text)
    for start, end in sorted(spans, reverse=True):
        if end <= cut:  # else it reaches into what is out already
            text, cut = text[:start] + text[end:], start
    return text


def _of_the_same(text: str, turns: Sequence[str], catalogue: Catalogue) -> str:
    """A follow-up with the organisation that the last question named, where it names neither place nor organisation."""
    if not turns or find(text) or find_organisations(text, catalogue):
        return text
    named = find_organisations(turns[-1], catalogue)
    return f"{turns[-1][slice(*named[0][0])]}，{text}" if named else text


def _in_turn(text: str, where: Where) -> bool:
    """Whether each place is asked something of its own: 苏州建成多少？泉州培育了多少？"""
    starts = [n.start for n in where.named]
    pieces = [text[a:b] for a, b in itertools.pairwise([*starts, len(text)])]
    return len(pieces) > 1 and all(_ASKED.search(piece) for piece in pieces)


def _titled(catalogue: Catalogue, text: str) -> tuple[Catalogue, str]:
    """Where the question names a report by its title, that report alone, and the question without the title."""
    for match in re.finditer(r"《([^》]{4,60})》", text):
        named = tuple(
            t
            for title, terms in catalogue.titles.items()
            if squeezed(match[1]) in title or title in squeezed(match[1])
            for t in terms
        )
        if named and len({t.report_id for t in named}) == 1:
            return Catalogue(named, catalogue.holding), text[: match.start()] + text[match.end() :]
    return catalogue, text


def _filtered(
    catalogue: Catalogue, place: str | None, period: tuple[int, int] | None, report: str | None
) -> tuple[Term, ...]:
    terms = catalogue.terms
    if report:
        terms = tuple(t for t in terms if t.name == report)
    if place:
        terms = tuple(
            t for t in terms if any(place in (n, short_name(n)) for n in (t.place.name, *t.place.parents))
        )
    if period:
        first, last = period
        exact = tuple(t for t in terms if t.period and (t.period.start, t.period.end) == (first, last))
        terms = exact or tuple(t for t in terms if t.period and Period(first, last).meets(t.period))
    return terms


def _scopes(
    text: str, when: When, where: Where, catalogue: Catalogue
) -> tuple[tuple[Scope, ...], Reason | None, str]:
    """What is searched: one scope a place and term; and a refusal where place or period is outside."""
    things = _named_things(text, where)
    if things:
        ids = tuple(t.report_id for t in _undated(when, catalogue)[0])
        return tuple(Scope(name, None, None, ids, topic) for name, topic in things), None, ""
    if not where.named and where.unknown:
        return (_whole(catalogue, text, when, where),), "unknown_place", "、".join(where.unknown)
    if not where.named:
        terms, outside = _undated(when, catalogue)
        whole = Scope("", None, None, tuple(t.report_id for t in terms), _topic(text, when, where, keep=None))
        years = "、".join(f"{p}年" for p in when.periods)
        return (whole,), "outside_period" if outside else None, years if outside else ""
    scopes: list[Scope] = []
    outside_names = []
    for named in where.named:
        terms, outside = choose_terms(when, named.terms)
        if outside:
            outside_names.append(short_name(named.place.name))
        topic = _topic(text, when, where, keep=named)
        outside_year = "" if named.mention else _year_only_mentioned(when, terms)
        mention = named.mention or outside_year
        split = _both_terms(when, terms)
        for group in [(t,) for t in terms] if split else [terms]:
            label = group[0].label if len(group) == 1 and not named.mention else short_name(named.place.name)
            period = group[0].period if len(group) == 1 else None
            ids = tuple(t.report_id for t in group)
            within = _years_within(
                when, period, {t.period.end for t in terms if t.period} if split else set()
            ) or _years_of_one(when, group)
            for year in within or (int(outside_year[:4]) if outside_year else None,):
                own = f"{label.partition('（')[0]}{year}年" if len(within) > 1 else label
                scopes.append(Scope(own, named.place, period, ids, topic, mention, year))
    if len(outside_names) == len(where.named):
        years = "、".join(f"{p}年" for p in when.periods)
        return tuple(scopes), "outside_period", years
    return tuple(scopes), None, ""


def _named_things(text: str, where: Where) -> tuple[tuple[str, str], ...]:
    """Quoted names that are asked about one by one where no place is named outside of them: each with its topic.

    “江岸工匠”“太湖工匠”各评了几名 asks twice, of all reports.
    """
    quoted = list(_QUOTED.finditer(text))
    inside = all(any(q.start() < n.start and n.end < q.end() for q in quoted) for n in where.named)
    if len(quoted) < 2 or not inside or not re.search(r"各|分别", text):
        return ()
    rest = text[quoted[-1].end() :].lstrip("各分别、，, ")
    return tuple((q.group(), f"{q.group()}{rest}") for q in quoted)


def _year_only_mentioned(when: When, terms: tuple[Term, ...]) -> str:
    """The year that a report outside of its own period speaks of (到2028年); ``""`` where a period fits."""
    if (
        when.relation in ("before", "after")
        or not when.periods
        or any(t.period and p.meets(t.period) for t in terms for p in when.periods)
    ):
        return ""
    single = [p.end for p in when.periods if p.start == p.end]
    return next((f"{year}年" for year in single if any(year in t.years for t in terms)), "")


def _years_within(when: When, term: Period | None, ends: set[int]) -> tuple[int, ...]:
    """The single years of a longer term that are asked for; the year in which the term before ended is that one's."""
    if term is None or term.start == term.end or when.relation in ("before", "after"):
        return ()
    asked = [p.start for p in when.periods if p.start == p.end and term.start <= p.start <= term.end]
    return tuple(y for y in asked if y != term.start or y not in ends)


def _years_of_one(when: When, group: Sequence[Term]) -> tuple[int, ...]:
    """The single years that a report of one year speaks of beside its own, as its tables do."""
    asked = tuple(p.start for p in when.periods if p.start == p.end)
    one = [t for t in group if t.period and t.period.start == t.period.end and t.years.issuperset(asked)]
    return asked if len(asked) > 1 and len(one) == len(group) == 1 else ()


def _both_terms(when: When, terms: tuple[Term, ...]) -> bool:
    same_place = len({t.place for t in terms}) == 1 and len(terms) > 1
    wide = any(sum(_inside(p.start, p.end, t) for t in terms) > 1 for p in when.periods)
    return same_place and (when.relation == "both" or wide or (len(when.periods) > 1))


def _inside(first: int, last: int, term: Term) -> bool:
    return term.period is not None and first <= term.period.start and term.period.end <= last


def _undated(when: When, catalogue: Catalogue) -> tuple[tuple[Term, ...], bool]:
    """Without a place: the terms that the years or the congress fit, or all of them."""
    if not when.periods and not when.congress:
        return catalogue.terms, False
    chosen = catalogue.narrowed(_of_time, replace(when, text="")).terms
    return (chosen, False) if chosen else (catalogue.terms, bool(when.periods))


def _of_time(catalogue: Catalogue, when: When) -> tuple[Term, ...]:
    chosen = (choose_terms(when, terms) for terms in catalogue.by_place)
    return tuple(term for terms, outside in chosen if not outside for term in terms)


def _asked_now(own: str, catalogue: Catalogue) -> str:
    """The topic of what was asked in this turn, without what is carried over."""
    catalogue, own = _titled(catalogue, own)
    return _topic(own, find_when(own), find_where(own, catalogue), keep=None)


def _whole(catalogue: Catalogue, text: str, when: When, where: Where) -> Scope:
    return Scope(
        "", None, None, tuple(t.report_id for t in catalogue.terms), _topic(text, when, where, keep=None)
    )


def _topic(text: str, when: When, where: Where, keep: Named | None) -> str:
    """The words to match: without time, politeness and places; ``keep`` stays where it is part of a quoted name."""
    quoted = [m.span() for m in _QUOTED.finditer(text)]
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
            if named.wider and (one := _ONE_OF.match(text, at)):
                at = one.end()
            body = _OWN_BODY.match(text, at)
            if body and named is not keep and any(0 < n.start - body.end() < 3 for n in where.named):
                at = body.end()  # of that place alone
    pieces.append(text[at:])
    rest = _GAPS.sub(_closed, "".join(pieces))
    rest = find_when(rest).text if when.periods else rest
    rest = _SIDE_BY_SIDE.sub("", rest)
    rest = without_asides(_LEVEL.sub("", _TIME_WORDS.sub("", rest)))
    rest = _NAMED_CONGRESS.sub("", rest)
    rest = re.sub(r"[(（]\s*[)）]", "", rest)
    return (
        re.sub(
            r"^[\s,，、。的和跟与:：]+|(?<![\s,，、。;；])[\s,，、。;；]+$|(?<![\s,，、;；:：])[\s,，、;；:：]++(?=[？?]*$)",
            "",
            rest,
        )
        or text
    )

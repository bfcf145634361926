"""Find the places that a question names, and their reports.

A place can have reports (温州), be inside such a place and only mentioned there (鹿城, 桐乡), contain such places
without a report of its own (福建, if only 漳州 reports), or be unknown. Reports that are not of a division's union are named by
their organisation, shortened as people do: 辽河重机 for 辽河重型机械集团有限公司工会.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter

from embeddings.reader import default_question_reader
from embeddings.words import cut_at
from qa.question.asides import CLAUSE_ENDS, clauses
from qa.question.budget import BUDGET
from qa.question.catalogue import Catalogue, Term
from qa.question.question_words import ASKED
from qa.text.divisions import find, short_name
from qa.text.organisations import called, core_name, is_body, is_of_division, nickname_in, own_part
from qa.types import Level, Place, Span

_LEVELS: Mapping[str, Level] = {"省": "province", "市": "city", "区": "district"}
_LEVEL_WORD = re.compile(r"全([省市区])|(?<![一-龥])([省市区])(?:[里内]|一?级|总工会)")
# Marks of one class are never nested in each other: outer ones, inner ones, and those of titles.
_QUOTED = re.compile(r"[“\"「][^”\"」]{1,40}[”\"」]|[‘『][^’』]{1,40}[’』]|《[^》]{1,40}》")
_AND = frozenset("和与跟同及、，,比")
_JOINS = ("", "市", "省", "县", "区", "的", "市的")  # between a division and a place inside it
_WHOLE = re.compile(r"全[省市区县]|[省市区县]?总工会")
PLACES = BUDGET.lookups  # that are asked one by one if none is named
LEAST = 3  # characters of a shortened name
BEYOND = 2  # characters of it that must follow the division that it begins with
_GENERIC = re.compile(r"^(?:集团|公司)+")


@dataclass(frozen=True, slots=True)
class Named:
    """A place that a question names, with its reports."""

    start: int  # offsets of its words in the question
    end: int
    place: Place
    terms: tuple[Term, ...]  # of the place, or that mention it, or of places inside it; none: unknown
    mention: str = ""  # the word that evidence must contain
    wider: bool = False  # the place only contains places with reports


@dataclass(frozen=True, slots=True)
class Where:
    """The places of a question that have reports, and the words of those that have none."""

    named: tuple[Named, ...]
    unknown: tuple[str, ...]
    all_places: bool = False  # the question names none; all are meant by words that stand for them


def find_where(question: str, catalogue: Catalogue) -> Where:
    """Find the places of a question.

    A place is dropped if it contains a more specific one of the question (浙江桐乡), is the scene of an event rather
    than what is asked for (杭州亚运 … 钱塘区), or has no report and begins inside a word.
    """
    found = [_named(question, *item, catalogue) for item in find(question, near=catalogue.places)]
    words = {at for at, _ in cut_at(question)}  # 比武|都 is not 武都
    found = [n for n in found if n.start in words or (n.terms and not n.mention)]
    found = _with_organisations(question, _joined(question, found), catalogue)
    found = _without_scenes(_without_whereabouts(question, found))
    found = [n for n in found if not is_quoted(question, n.start, n.end)] or found  # not “浙江省十佳县”
    joined = [(a, b) for a, b in pairwise(found) if question[a.end : b.start] in _AND]
    listed = set[int]()
    for a, b in (*joined, *reversed(joined)):  # beside a place that has reports, at once or after others
        if {a.start, b.start} & listed or any(n.terms and not n.mention for n in (a, b)):
            listed |= {a.start, b.start}
    found = [n for n in found if n.start in listed or not _in_reports_of_others(n, found)]
    lost = [n for n in found if not n.terms and n.start not in listed]
    named = [n if n.terms else replace(n, mention="") for n in found if n not in lost]
    named = list({n.place.name: n for n in reversed(named)}.values())[::-1]
    unknown = tuple(dict.fromkeys(question[n.start : n.end] for n in lost))
    named = _with_level_words(question, named, found, catalogue)
    if not named and not unknown and (each := _each_place(question, catalogue)):
        return Where(each, (), all_places=True)
    return Where(tuple(named), unknown)


def _each_place(question: str, catalogue: Catalogue) -> tuple[Named, ...]:
    """Return all places, as named by the words that stand for them (各地, 四个地方), if no one of them is asked for."""
    read, places = default_question_reader().read(question), of_level(question, catalogue.by_place)
    one = read.operation != "none" or read.kind in ("name", "place")
    if not read.each or one or not 1 < len(places) <= PLACES:
        return ()
    start, end = max(read.each, key=lambda span: span[1] - span[0])
    words = [(at, at + len(word)) for at, word in cut_at(question)]
    start, end = min(a for a, b in words if b > start), max(b for a, b in words if a < end)  # whole words
    return tuple(Named(start, end, terms[0].place, terms) for terms in places)


def of_level(question: str, places: Sequence[tuple[Term, ...]]) -> Sequence[tuple[Term, ...]]:
    """Return the places of the one level that words for all places name (哪个城市); all if that leaves less than two."""
    words = "".join(question[start:end] for start, end in default_question_reader().read(question).each)
    levels = {_LEVELS[word] for word in words if word in _LEVELS}
    kept = [terms for terms in places if {terms[0].place.level} == levels]
    return kept if len(kept) > 1 else places


def _in_reports_of_others(named: Named, found: list[Named]) -> bool:
    """Whether a place elsewhere is only mentioned in the reports of another place of the question: 运城到三门峡的高铁."""
    others = {term.report_id for other in found if not other.mention for term in other.terms}
    inside = any(other.place.name in named.place.parents for other in found)
    return bool(named.mention and named.terms) and not inside and {t.report_id for t in named.terms} <= others


def is_quoted(text: str, start: int, end: int, quotes: re.Pattern[str] = _QUOTED) -> bool:
    """Whether a stretch of a text stands between quotation marks."""
    return any(quote.start() < start and end < quote.end() for quote in quotes.finditer(text))


def _named(question: str, start: int, end: int, place: Place, catalogue: Catalogue) -> Named:
    own = catalogue.of_place(place.name)
    of_whole = tuple(t for t in own if not t.organisation or is_of_division(t.organisation, place.name))
    if of_whole or (own and not _WHOLE.match(question[end:])):
        return Named(start, end, place, of_whole or own)
    inside = catalogue.under(place.name)
    if not own and inside and not _WHOLE.match(question[end:]):
        return Named(start, end, place, inside, wider=True)
    # The whole place is asked for, and there are only reports of companies, trades or parts of it.
    if own or inside:
        return Named(start, end, place, ())
    word = short_name(place.name)
    return Named(start, end, place, catalogue.mentioning(word), mention=word)


def _with_organisations(question: str, found: list[Named], catalogue: Catalogue) -> list[Named]:
    """Add the organisations; drop divisions that only begin an organisation's name or say where it is."""
    own = [Named(*span, terms[0].place, terms) for span, terms in find_organisations(question, catalogue)]
    if not own:
        return found
    kept = [n for n in found if not any(n.start < o.end and question[n.end : o.start] in _JOINS for o in own)]
    return sorted([*kept, *own], key=lambda n: n.start)


def _joined(question: str, found: list[Named]) -> list[Named]:
    """Join 浙江的滨江区 to one name, like 浙江省滨江区."""
    kept: list[Named] = []
    for named in found:
        above = kept[-1] if kept else None
        if above and above.place.name in named.place.parents and question[above.end : named.start] == "的":
            kept[-1] = replace(named, start=above.start)
        else:
            kept.append(named)
    return kept


def _without_whereabouts(question: str, found: list[Named]) -> list[Named]:
    """Return the places without those told of where nothing is asked, if one around them is asked about: 昆明宝妈一枚，云南有几个….

    Those with reports stay, and all if something is compared.
    """
    read, asked = default_question_reader().read(question), list[Named]()
    if read.operation != "none" or read.each:
        return found
    for start, end in clauses(question):
        if ASKED.search(question, start, end) or question[start:end].rstrip(CLAUSE_ENDS).endswith("呢"):
            asked += [n for n in found if start <= n.start < end]
    reported = [n for n in found if n.terms and not n.mention]
    around = {n.place.name for n in reported if n in asked}
    return [n for n in found if n in (*asked, *reported) or around.isdisjoint(n.place.parents)]


def _without_scenes(found: list[Named]) -> list[Named]:
    """Return the places, in order, without those that contain a more specific one of the question."""
    reported = [n for n in found if n.terms]
    around = {name for n in reported for name in n.place.parents}
    mentioned = {name for n in reported if n.mention for name in n.place.parents}

    def is_scene(named: Named) -> bool:
        if reported and not named.terms and named.start > reported[0].end + 1:  # not listed with it
            return named.place.name in reported[0].place.parents
        return named.place.name in (around if named.wider or not named.terms else mentioned)

    return [n for n in found if not is_scene(n)]


def _with_level_words(
    question: str, named: list[Named], found: list[Named], catalogue: Catalogue
) -> list[Named]:
    """Add the only place of a level that a level word stands for, alone or beside another place: 省里和钱塘区.

    A level word right behind one of the places ``found`` (福建全省) belongs to that name. If a share is asked for, it
    is that of the whole (占全省的几成).
    """
    added: list[Named] = []
    of_whole = default_question_reader().read(question).operation == "share"
    for match in _LEVEL_WORD.finditer(question):
        level = _LEVELS[match[1] or match[2]]
        places = [place for place in catalogue.places if place.level == level]
        joined = of_whole or {question[: match.start()][-1:], question[match.end() :][:1]} & _AND
        if len(places) != 1 or any(n.place == places[0] for n in (*named, *added)):
            continue
        if named and not (joined and any(places[0].name in n.place.parents for n in named)):
            continue
        if not any(n.start < match.start() <= n.end for n in found):
            added.append(Named(*match.span(), places[0], catalogue.of_place(places[0].name)))
    return sorted([*named, *added], key=lambda n: n.start)


def find_organisations(question: str, catalogue: Catalogue) -> tuple[tuple[Span, tuple[Term, ...]], ...]:
    """Return the spans of the organisations that a question names, in order, with their reports.

    A short name begins like the full one, leaves out characters and has at least three; a proper name that only one report has
    (昌沅, 砚湖) is one, too.
    """
    named = [(named_as(name, question), terms) for name, terms in catalogue.organisations.items()]
    known = {term.report_id for span, terms in named if span for term in terms}
    others = ((names, term) for names, term in catalogue.names if term.report_id not in known)
    named += ((called(question, names, term.titles), (term,)) for names, term in others)
    return tuple(sorted(((span, terms) for span, terms in named if span), key=itemgetter(0)))


def without_name(question: str, organisation: str) -> str:
    """Remove the name of an organisation, in full or in short, where it stands in whole words."""
    span = named_as(organisation, question)
    edges = {edge for at, word in cut_at(question) for edge in (at, at + len(word))}
    if span is None or not edges.issuperset(span):
        return question
    return without_name(question[: span[0]] + question[span[1] :], organisation)


def named_as(organisation: str, question: str) -> Span | None:
    """Return where a question names an organisation in full or in short, or None."""
    core = core_name(organisation)
    own = own_part(core)
    found = _mention(question, core, len(core) - len(own)) or _mention(question, own)
    return found or (nickname_in(question, own) if is_body(organisation) else None)


def _mention(question: str, core: str, own: int = 0) -> Span | None:
    """Return the longest run of the question that abbreviates a name, or None.

    ``own``: where the name continues after the division that it begins with; 甲省 alone is not 甲省能源工会.
    """
    if len(core) < LEAST:
        return None
    best: Span | None = None
    for match in re.finditer(re.escape(core[:2]), question):
        at, end, beyond = 2, match.end(), max(0, 2 - own)
        while end < len(question):
            if general := _GENERIC.match(question[end:]):
                end += general.end()
                break
            following = core.find(question[end], at)
            if following < 0:
                break
            at, end = following + 1, end + 1
            beyond += following >= own
        longest = max(LEAST, best[1] - best[0] + 1) if best else LEAST
        if end - match.start() >= longest and (not own or beyond >= BEYOND):
            best = (match.start(), end)
    return best

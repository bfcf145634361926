"""Find figures and ranks of a draft that belong to another item near it in the report: 甲7名、乙2名 for 甲2名、乙7名.

Each figure of a sentence has words of its own, nearer to it than to the others of its measure. Those that stand with one
of them alone tell which is meant; the pair reader may say so, too. Two figures in the other order than in the report
are each other's if what is counted is not in the other order, too.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, combinations, groupby
from operator import attrgetter, itemgetter

from embeddings.reader import Mention, default_pair_reader
from qa.drafts.comparing import distinctiveness, is_round_of, likeness
from qa.drafts.ranking import Candidates, Register, terms_of
from qa.drafts.statements import Statement
from qa.ledger.vocabulary import leading_verb
from qa.text.changes import changes_in
from qa.text.figures import same_measure, unit_kind
from qa.text.rows import is_row
from qa.text.sentences import cells, split_clauses

LEAD = 1.5  # weight of words that stand with the other figure alone
WHOLE = 0.5  # of what a figure counts, if all its words stand with the other one
OWN = 0.75  # weight of words that may still stand with the figure itself alone
LIKELIER = 0.5  # or by how much more likely it counts the same
_PAUSE = re.compile(r"[，、；。：,;:]")


def exchanged(
    said: Sequence[Statement], found: Sequence[Candidates], register: Register
) -> Mapping[int, Statement]:
    """Return, for each of a draft's statements that is another's, what the report states of its own."""
    leads: dict[int, tuple[float, Statement, Statement]] = {}
    likelier: dict[int, Statement] = {}
    named = set[int]()
    bests = [register.statements[each[0].number] if each else None for each in found]
    by_sentence = groupby(range(len(said)), key=lambda at: said[at].number)
    sentences = {number: [*own] for number, own in by_sentence}
    for at, (statement, best) in enumerate(zip(said, bests, strict=True)):
        if best is None or statement.kind not in ("figure", "rank"):
            continue
        beside = sentences[statement.number]
        near = [each for n in beside if (one := bests[n]) for each in register.around(one)]
        around = [each for each in dict.fromkeys(near) if _is_alike(statement, best, each)]
        agreeing = [each for each in around if likeness(statement, each) != "other"]
        own = best if best in agreeing else next(iter(agreeing), None)
        others = [each for each in around if each not in agreeing and not _told_twice(own, each)]
        if own is None or not others:
            continue
        words = own_words(statement, [said[n] for n in beside])
        leading = [(_lead(words, own, each, register), own, each) for each in others]
        whole = [lead for lead in leading if _is_named(words, lead[2], own, register)]
        leads[at] = max(whole or leading, key=itemgetter(0))
        named |= {at} if whole else set()
        others = [each for each in others if own is best and each.number == best.number]
        nearest = max(others, key=lambda each: _counts_the_same(statement, each), default=best)
        mine, theirs = (_apart(*pair, register) for pair in ((best, nearest), (nearest, best)))
        stays = register.weight(words & mine) - register.weight(words & theirs) >= LEAD
        if not stays and _counts_the_same(statement, nearest) >= _counts_the_same(statement, best) + LIKELIER:
            likelier[at] = nearest
    astray = likelier | {
        at: other
        for at, (lead, own, other) in leads.items()
        if lead >= LEAD or at in named or _is_counted(said[at], other, own, register)
    }
    owns = {at: own for at, (_, own, _) in leads.items()}
    for ahead, behind in chain.from_iterable(combinations(each, 2) for each in sentences.values()):
        first, second = owns.get(behind), owns.get(ahead)
        if first and second and _crossed(said[ahead], said[behind], first, second):
            astray |= {ahead: first, behind: second}
    meants = astray.values()
    given = [(said[at], best) for at, best in enumerate(bests) if best in meants and at not in astray]
    told = {(one.number, best) for one, best in given if best and likeness(one, best) != "other"}
    return {at: meant for at, meant in astray.items() if (said[at].number, meant) not in told}


def _crossed(one: Statement, two: Statement, first: Statement, second: Statement) -> bool:
    """Whether ``one`` counts what ``first`` does, of which ``two`` has the figure, and the other way round, and no other way.

    Both are of one measure; ``first`` stands before ``second`` in the report's sentence, ``one`` before ``two`` in the draft's.
    """
    if (_sentence(first), _measure(first)) != (_sentence(second), _measure(second)) or first.at >= second.at:
        return False
    own, other = set(one.subject) - set(two.subject), set(two.subject) - set(one.subject)
    if first.subject == second.subject:  # 牛羊分别增长2%、1%
        places = [[first.subject.find(each) for each in characters] for characters in (own, other)]
        return all(places) and max(places[0]) < min(places[1]) and min(places[0]) >= 0
    in_first, in_second = set(first.subject), set(second.subject)
    apart = own.isdisjoint(in_second) and other.isdisjoint(in_first)
    return apart and not own.isdisjoint(in_first) and not other.isdisjoint(in_second)


def mention_of(statement: Statement) -> Mention:
    """Return a statement as the pair reader reads it: where it stands in its clause."""
    start = statement.begin
    whole = (statement.clause, 0, len(statement.clause))
    return (statement.clause, start, start + len(statement.text)) if start >= 0 else whole


def own_words(statement: Statement, others: Iterable[Statement]) -> frozenset[str]:
    """Return the terms of the stretch of a sentence that belongs to a figure; if it has none, or in a row, of what it counts.

    It reaches back to the one of its measure before it, and on to what the next one of any measure is told of.
    """
    if is_row(statement.sentence) and len(cells(statement.sentence)) > 1:  # its labels are of every cell
        return _terms(statement.subject)
    beside = (each for each in others if _sentence(each) == _sentence(statement))
    counted = [each for each in beside if each.kind in ("figure", "rank")]
    ahead = (e for e in counted if e.at < statement.at and _measure(e) == _measure(statement))
    before = max(ahead, key=attrgetter("at"), default=None)
    behind = min((e for e in counted if e.at > statement.at), key=attrgetter("at"), default=None)
    start = _cut(before, statement) if before else 0
    end = _cut(statement, behind) if behind else len(statement.sentence)
    own = f"{statement.sentence[start : statement.at]} {statement.sentence[statement.at + len(statement.text) : end]}"
    return _terms(own) or _terms(statement.subject)


def _terms(text: str) -> frozenset[str]:
    return frozenset((*terms_of(text), *terms_of(text, printed=True)))


def _lead(words: frozenset[str], own: Statement, other: Statement, register: Register) -> float:
    """Return the weight of a draft's words that stand with another figure alone, 0 if too many stand with its own alone."""
    stays = register.weight(words & _apart(own, other, register)) > OWN
    return 0.0 if stays else register.weight(words & _apart(other, own, register))


def _is_counted(said: Statement, other: Statement, own: Statement, register: Register) -> bool:
    """Whether all that a draft says a figure counts (浙江工匠 in a table) stands with another figure, and not with its own."""
    counted = register.known(terms_of(said.subject))
    apart = counted & _apart(other, own, register)
    return counted <= own_words(other, register.around(other)) and register.weight(apart) >= WHOLE


def _is_named(words: frozenset[str], other: Statement, own: Statement, register: Register) -> bool:
    """Whether a draft has all own words of another figure of the sentence, but not all of what its own counts."""
    if _sentence(own) != _sentence(other) or is_row(own.sentence):
        return False
    mine, theirs = (own_words(each, register.around(each)) for each in (own, other))
    counted = _terms(own.subject)
    return theirs <= words and not counted <= words and register.weight(theirs - mine) >= WHOLE


def _apart(one: Statement, other: Statement, register: Register) -> frozenset[str]:
    """Return the own words of one figure of the reports that are not the other's, nor of what that counts.

    Nor are the words of another clause that the other stands in, and those that lead up to both in a sentence.
    """
    mine, theirs = (own_words(each, register.around(each)) for each in (one, other))
    counted = other.subject.partition("（")[2]  # 总数（新建驿站）: in the words of a clause before
    theirs |= _terms(counted.removeprefix(leading_verb(counted)))
    (begin, _), (start, end) = (
        next(c for c in split_clauses(e.sentence) if e.at < c[1]) for e in (one, other)
    )
    if _sentence(one) != _sentence(other) or is_row(one.sentence):
        return mine - theirs
    others = other.sentence[start:end] if begin != start else ""
    return mine - theirs - _terms(f"{one.sentence[: min(begin, start)]} {others}")


def _cut(one: Statement, following: Statement) -> int:
    """Return where the words of the next figure begin: at the first pause behind one, else right behind it."""
    end = one.at + len(one.text)
    pause = _PAUSE.search(one.sentence, end, following.at)
    return pause.start() if pause else end


def _is_alike(said: Statement, best: Statement, stated: Statement) -> bool:
    """Whether a figure is the best one, or of its kind and report and the draft's measure, and relative if that is."""
    if stated == best or said.figure is None or stated.figure is None:
        return stated == best or (stated.kind, stated.report_id) == (said.kind, best.report_id)
    of_kind = stated.report_id == best.report_id and best.relative <= stated.relative
    return of_kind and same_measure(said.figure.unit, stated.figure.unit)


def _told_twice(one: Statement | None, other: Statement) -> bool:
    """Whether both are of one thing: one figure became the other (从2.7万元增长到3.6万元), or is the other rounded."""
    if one is None or one.figure is None or other.figure is None:
        return False
    changes = changes_in(one.sentence) if one.sentence == other.sentence else ()
    changed = any({c.first.text, c.last.text} == {one.text, other.text} for c in changes)
    rounded = distinctiveness(one) == 1 and is_round_of(other.figure, one.figure)
    return changed or rounded or (distinctiveness(other) == 1 and is_round_of(one.figure, other.figure))


def _counts_the_same(said: Statement, stated: Statement) -> float:
    return default_pair_reader().likeness(mention_of(said), mention_of(stated))


def _measure(statement: Statement) -> str:
    return (unit_kind(statement.figure.unit) if statement.figure else "") or statement.kind


def _sentence(statement: Statement) -> tuple[str, int]:
    return statement.report_id, statement.number

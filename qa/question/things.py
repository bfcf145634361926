"""Take a question apart into the single things that it asks for, as the reader marks them."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from embeddings.reader import default_question_reader
from embeddings.words import cut, rarity, worth
from qa.question.asides import to_leave_out, whole_words
from qa.question.kinds import JOINS, RESULTS, cuts, opening
from qa.question.question_words import ASK, asking, asking_with_measure
from qa.text.normal import without_unpaired
from qa.text.when import times_in
from qa.types import Span

TELLING = 0.25  # weight from which a word names something: that of 女, and more than that of 得
_EDGES = f"{JOINS}()的"


@dataclass(frozen=True, slots=True)
class Thing:
    """What has to be looked up."""

    words: str  # that name it
    time: str  # the time that belongs to it (今年), or ""
    stretch: Span  # of the question


def things_of(question: str, apart: Set[Span]) -> tuple[Thing, ...]:
    """Return what has to be looked up for a comparison or a computation, in order.

    There is nothing if the reader does not mark the words of each thing. Words of comparison and arithmetic, askers and
    courtesies are left out. ``apart`` are the places and terms that are looked up one by one. Any other time belongs to
    what is asked; one alone belongs to every thing.
    """
    read = default_question_reader().read(question)
    marked = whole_words(question, read.looked_up)
    common = {at for at, shared in enumerate(_shared(question, read.shared)) if shared} - _asked(question)
    times = [span for span in times_in(question) if span not in apart]
    results = asking_with_measure(question, RESULTS[read.operation]) if read.operation in RESULTS else []
    asks = asking(question)
    if read.operation == "difference" and len(asks) == 1 and not asking_with_measure(question):
        results = asks  # 多多少 asks for the result, 多了多少件 says in what both are counted
    outside = {at for span in (*apart, *times, *results) for at in range(*span)}

    def words(start: int, end: int, *, own: bool = False) -> str:
        kept = {*range(start, end)} - common if own else {*range(start, end)} | common
        of_it = "".join(question[at] for at in sorted(kept) if marked[at] and at not in outside)
        return without_unpaired(of_it).strip(_EDGES)

    def names(start: int, end: int) -> bool:  # 谁涨得猛 names nothing of its own
        own = cut(ASK.sub("", words(start, end, own=True)))
        return any(word.isalnum() and rarity(word) * worth(word) >= TELLING for word in own)

    stretches: list[Span] = []
    opened = {end: start for start, end in apart}  # a place or term before a thing is its own
    starts = (opened.get(at, at) for at in read.starts or cuts(question))
    for stretch in pairwise([0, *starts, len(question)]):
        if stretches and not (names(*stretch) and names(*stretches[-1])):
            stretches[-1] = (stretches[-1][0], stretch[1])
        else:
            stretches.append(stretch)
    things: dict[tuple[str, str], Span] = {}
    for start, end in stretches:
        own = [question[a:b] for a, b in times if len(times) == 1 or start <= a < end]
        for time in own or [""]:
            things.setdefault((words(start, end), time), (start, end))
    found = tuple(Thing(words_of, time, stretch) for (words_of, time), stretch in things.items())
    return found if all(thing.words for thing in found) else ()


def split_things(question: str, count: int) -> tuple[str, ...]:
    """Split into ``count`` things by the reader's marks, else by question words, or return nothing.

    All share what the reader marks as shared and what stands before the first clause that asks something, if no thing
    begins in it. Asides are left out, and a thing that names a time or asks takes no time or question words from another.

    >>> split_things("全市竞赛，去年办了多少场，今年计划办多少场？", 2)
    ('全市竞赛，去年办了多少场', '全市竞赛，今年计划办多少场')
    """
    read = default_question_reader().read(question)
    pauses = cuts(question)
    ways = (read.starts, pauses, sorted({*read.starts, *pauses}))
    starts = next((each for each in ways if len(each) == count - 1), None)
    if starts is None:
        return ()
    subject, asked = opening(question), _asked(question)
    first = subject if subject <= min(starts, default=subject) else 0
    common = [at < first or shared for at, shared in enumerate(_shared(question, read.shared))]
    aside = {at for span in to_leave_out(question) for at in range(*span)}
    times, things = times_in(question), list[str]()
    for stretch in pairwise([0, *starts, len(question)]):
        told = [at for at in range(*stretch) if question[at] not in JOINS] or [stretch[0]]
        start, end = told[0], told[-1] + 1
        dated = any(start <= a < end for a, _ in times)
        others = {at for a, b in times if dated and not start <= a < end for at in range(a, b)}
        others |= asked if not asked.isdisjoint(range(start, end)) else set()
        kept = (at for at in range(len(question)) if start <= at < end or (common[at] and at not in others))
        own = "".join(question[at] for at in kept if at not in aside)
        things.append(without_unpaired(own).strip(JOINS))
    return tuple(things)


def _shared(question: str, stretches: Sequence[Span]) -> list[bool]:
    """Return for each character whether all things share it: no mark is shared."""
    whole = enumerate(whole_words(question, stretches))
    return [shared and question[at] not in JOINS for at, shared in whole]


def _asked(question: str) -> set[int]:
    """Return the offsets of the question words with their measure words."""
    return {at for span in (*asking(question), *asking_with_measure(question)) for at in range(*span)}

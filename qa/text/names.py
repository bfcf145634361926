"""Find the proper names by which people call a report: what its file name, titles and organisation have that is no word."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from embeddings.words import cut_at, rarity
from qa.text.divisions import short_name
from qa.types import Report, Span

COMMON, RARE = 0.3, 0.9  # rarities: no character of a name is as common, and one is as rare
LENGTHS = range(2, 5)  # characters


def names_of(report: Report) -> tuple[str, ...]:
    """Return the texts that name a report: its file name, titles and organisation."""
    return report.source.name.rpartition(".")[0], report.title, report.subtitle, report.organisation


@lru_cache(maxsize=4096)
def proper_names(text: str) -> tuple[str, ...]:
    """Return what no dictionary knows of a text that names a report, each once.

    >>> proper_names("砚湖大学城总工会第二次代表大会工作报告"), proper_names("走进昌沅化工的工人们")
    (('砚湖',), ('昌沅',))
    """
    runs, end = list[str](), 0
    for at, word in cut_at(text):
        if len(word) == 1 and word.isalpha() and rarity(word) > COMMON:
            runs += [f"{runs.pop()}{word}" if at == end and runs else word]
            end = at + 1
    names = dict.fromkeys(map(short_name, runs))
    return tuple(name for name in names if len(name) in LENGTHS and max(map(rarity, name)) >= RARE)


def own_names(report: Report) -> tuple[str, ...]:
    """Return the proper names of a report but for that of its place."""
    names = dict.fromkeys(name for text in names_of(report) for name in proper_names(text))
    return tuple(name for name in names if name not in report.place.name)


def called(question: str, names: Sequence[str], texts: Sequence[str]) -> Span | None:
    """Return where a question has one of some names, with the words that go on as one of some texts does (昌沅化工), or None."""
    edges = {edge for at, word in cut_at(question) for edge in (at, at + len(word))}
    for name in (name for name in names if name in question):
        start = question.index(name)
        rest = (text[text.index(name) :] for text in texts if name in text)
        shared = (
            takewhile(lambda pair: pair[0] == pair[1], zip(question[start:], own, strict=False))
            for own in rest
        )
        ends = (start + len([*each]) for each in shared)
        return start, max((end for end in ends if end in edges), default=start + len(name))
    return None

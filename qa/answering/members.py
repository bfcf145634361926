"""Find the members of a class that a report names one by one, where a question says how many there are: 哪三大工程.

That none is left out is known: the report has just as many names of the class (“安心”工程) as the question says.
"""

from collections.abc import Iterator
from itertools import pairwise

from embeddings.words import cut, part_of_speech
from qa.answering.compose import Line
from qa.answering.statement import Evidence, Hits, snippet
from qa.answering.summary import prose_of
from qa.answering.wording import Wording
from qa.text.figure_context import NAMES
from qa.text.numerals import DIGITS
from qa.types import Query, Report, Span

_NOUNS = ("n", "vn")  # tags


def members(query: Query, hits: Hits, wording: Wording) -> tuple[tuple[str, Line], ...]:
    """Return the name of each member of the class that is asked for, with a line that states it; none unless all are found."""
    if query.kind != "list" or len(query.scopes) > 1:
        return ()
    for report in {hit.report.id: hit.report for hit in hits if hit.report.id in query.report_ids}.values():
        for noun, count in classes_named(query.standalone):
            named = dict[str, tuple[str, Evidence, Span]]()
            for name, place in _names_of(noun, report):
                named.setdefault(name, place)
            if len(named) == count:
                stated = {
                    name: snippet(own, core, query.topic, wording) for name, (_, own, core) in named.items()
                }
                return tuple(
                    (name, Line((stated[name],), label=label)) for name, (label, *_) in named.items()
                )
    return ()


def classes_named(question: str) -> Iterator[tuple[str, int]]:
    """Yield each class of which a question says how many there are, with that number.

    >>> list(classes_named("“四项行动”是哪四项")), list(classes_named("五大工程叫什么"))
    ([('行动', 4)], [('工程', 5)])
    """
    words = [word for word in cut(question) if word.isalnum()]
    for number, noun in pairwise(words):
        count = DIGITS.get(number[0], 0)
        if count > 1 and len(number) > 1 and part_of_speech(noun).startswith(_NOUNS):
            yield noun, count


def _names_of(noun: str, report: Report) -> Iterator[tuple[str, tuple[str, Evidence, Span]]]:
    """Yield the quoted names in a report that stand right before a noun: with the heading that holds one, and a sentence.

    That is the sentence that holds it, with its offsets there, or the first one under the heading, with its beginning.
    """
    for hit in prose_of(report):
        first, *_ = hit.sentences
        for heading in hit.paragraph.heading:
            for name, _ in _quoted(heading, noun):
                yield name, (heading, Evidence(hit, first.start, first.end), (0, 1))
        for one in hit.sentences:
            for name, span in _quoted(one.text, noun):
                yield name, ("", Evidence(hit, one.start, one.end), span)


def _quoted(text: str, noun: str) -> Iterator[tuple[str, Span]]:
    for match in NAMES.finditer(text) if noun in text else ():
        if text.startswith(noun, match.end()):
            yield match[0][1:-1], match.span()

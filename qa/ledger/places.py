"""Find the division that a figure is about: the report's, or one inside it that is the subject."""

from __future__ import annotations

import re
from collections import deque

from qa.text.divisions import find, within
from qa.text.figure_context import LONGEST_NAME, NEAR
from qa.text.spans import touching
from qa.types import Place, Span

BACK = 4  # sentences that 当地 may refer to
_OPENS = re.compile(r"(?:^|[，,；;。：:、\s）)])(?:其中|例?如|[仅在由向])?[“\"]?$")
_WHOLE = re.compile(r"全[省市区县](?![首唯最推总率范工])|我[省市区县]|[市省区县]总工会")
_THERE = re.compile(r"^(?:[如现]今|目前|现在)?[，,]?(?:当地|[这那]里|该[省市区县镇乡村街])")
_NAME_PART = re.compile(r"[^，,。；;]{0,6}等|工匠|银行|学院|大学|医院|公司|集团")


class Places:
    """Follow a report sentence by sentence: 当地 means the place that was named before."""

    __slots__ = ("_before", "_report")

    def __init__(self, report: Place) -> None:
        self._report = report
        self._before: deque[str] = deque(maxlen=BACK)

    def passed(self, sentence: str) -> None:
        """Note a sentence that 当地 in a later one may refer to."""
        self._before.append(sentence)

    def subjects(self, sentence: str, names: tuple[Span, ...], end: int) -> tuple[tuple[int, Place], ...]:
        """Return the subjects of a sentence as (offset from which it applies, place), in order, the first at 0.

        ``names`` are the spans of quoted names, which contain no subject; ``end`` is the offset of the last figure.
        """
        found = [(0, self._named_before() if _THERE.match(sentence) else self._report)]
        for start, stop, place in self._inside(sentence[:end]):
            in_name = any(a <= start < b for a, b in touching(names, start, stop, LONGEST_NAME))
            opens = _OPENS.search(sentence, max(0, start - NEAR), start)
            if not in_name and opens and not _NAME_PART.match(sentence, stop):
                found.append((start, place))
        found += [(match.start(), self._report) for match in _WHOLE.finditer(sentence, 0, end)]
        return tuple(sorted(found, key=lambda item: item[0]))

    def _named_before(self) -> Place:
        for sentence in reversed(self._before):
            if named := self._inside(sentence):
                return named[-1][2]
        return self._report

    def _inside(self, sentence: str) -> list[tuple[int, int, Place]]:
        """Return (start, end, place) of divisions inside the report's place, or of any if it has none."""
        report = self._report
        return [
            (start, end, place)
            for start, end, place in find(sentence, near=(report,) if report.name else ())
            if not report.name or (place.name != report.name and within(place, report))
        ]

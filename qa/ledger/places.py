"""The division that a figure is about: the report's, or one inside it that is the subject of the sentence."""

from __future__ import annotations

import re
from collections import deque

from qa.text.beside import LONGEST_NAME, NEAR
from qa.text.divisions import find, within
from qa.text.spans import touching
from qa.types import Place, Span

BACK = 4  # sentences
_OPENS = re.compile(r"(?:^|[，,；;。：:、\s）)])(?:如|其中|例如|仅|在|由|向)?[“\"]?$")
_WHOLE = re.compile(r"全[省市区县](?!首|唯|最|推|总|前|率|范|典|工)|我[省市区县]|[市省区县]总工会")
_THERE = re.compile(r"^(?:如今|目前|现在)?[，,]?(?:当地|这里|那里|该[省市区县镇乡村街])")
_MADE_OF = re.compile(
    r"[^，,。；;]{0,6}等|工匠|劳模|标准|经验|精神|银行|学院|大学|医院|公司|集团|日报|亚运|人社|仲裁"
)


class Places:
    """Follows a report sentence by sentence: 当地 means the place that was named before."""

    __slots__ = ("_before", "_report")

    def __init__(self, report: Place) -> None:
        self._report = report
        self._before: deque[str] = deque(maxlen=BACK)

    def passed(self, sentence: str) -> None:
        """Note a sentence that 当地 in a later one may lean on."""
        self._before.append(sentence)

    def subjects(self, sentence: str, names: tuple[Span, ...], end: int) -> tuple[tuple[int, Place], ...]:
        """The subjects of a sentence as (offset from which it holds, place), in order, the first one at 0.

        Args:
            names: offsets of quoted names, in which no subject stands.
            end: offset of the last figure; what comes later is not looked at.
        """
        found = [(0, self._named_before() if _THERE.match(sentence) else self._report)]
        for start, stop, place in self._inside(sentence[:end]):
            in_name = any(a <= start < b for a, b in touching(names, start, stop, LONGEST_NAME))
            opens = _OPENS.search(sentence, max(0, start - NEAR), start)
            if not in_name and opens and not _MADE_OF.match(sentence, stop):
                found.append((start, place))
        found += [(match.start(), self._report) for match in _WHOLE.finditer(sentence, 0, end)]
        return tuple(sorted(found, key=lambda item: item[0]))

    def _named_before(self) -> Place:
        for sentence in reversed(self._before):
            if named := self._inside(sentence):
                return named[-1][2]
        return self._report

    def _inside(self, sentence: str) -> list[tuple[int, int, Place]]:
        """The divisions that can be a subject: those inside the report's, or any where the report has none."""
        report = self._report
        return [
            (start, end, place)
            for start, end, place in find(sentence, near=(report,) if report.name else ())
            if not report.name or (place.name != report.name and within(place, report))
        ]

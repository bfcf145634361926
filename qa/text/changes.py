"""Find figures that became others: 由A降到B, 从A发展到B."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.text.figures import amounts_in, unit_kind
from qa.text.normal import without_punctuation
from qa.text.when import Calendar, time_expressions
from qa.types import Figure, Period, Span

_FROM = re.compile(r"(?:[由自]|从(?!事))(?P<when>[^，。；：、由从自]{0,12}?)的?\s*$")
_TO = re.compile(
    r"[^，。；：\d的]{1,8}(?:到|至|为|成|达)了?(?:(?:(?:19|20)\d\d)?(?:年[末底]?|[^，。；：、\d]{1,4}的))?\s*"
)
_RANGE = ("不等", "之间")
_COURSE = re.compile(
    r"(?:(?P<up>增[长加多]|上[升涨调]|提[高升]|扩大|(?<!最)[高涨增升])|(?P<down>下[降跌滑调]|减少|降低|回落|缩[小减]|(?<!最)[低跌降减]))"
    r"(?:于[^，。；：、\d]{1,8})?(?P<to>[到至])?(?:[了约近超逾再]|每[^，。；：、\d]{1,2})*$"
)
_SOME_TERM = Calendar(Period(1001, 1006))
_BEFORE = 16  # characters before a figure in which 由 or 从 is looked for


@dataclass(frozen=True, slots=True)
class Change:
    """A figure and the one that it became, of the same kind of unit."""

    at: int  # offset of the word 由 or 从
    when: str  # the words between it and the first figure (2019年, 年初), or ""
    first: Figure
    last: Figure


@lru_cache(maxsize=256)  # several stages look at the same sentence in a row
def changes_in(text: str) -> tuple[Change, ...]:
    """Return the changes that a text states, in order.

    >>> [(c.when, c.first.text, c.last.text) for c in changes_in("困难职工由年初的172户减少到129户，慰问300人。")]
    [('年初', '172户', '129户')]
    >>> [c.last.text for c in changes_in("由年初的438户减少到目前的297户。")]
    ['297户']
    >>> changes_in("补助从200元到500元不等。")
    ()
    """
    found = []
    for first, last in pairwise(amounts_in(text)):
        opened = change_between(text, (first.start, first.end), last.start)
        if not opened or text.startswith(_RANGE, last.end):
            continue
        if not last.unit or not first.unit or unit_kind(first.unit) == unit_kind(last.unit):
            found.append(Change(opened.start(), opened["when"], first, last))
    return tuple(found)


def change_between(text: str, first: Span, last: int) -> re.Match[str] | None:
    """Return the words before a first figure if they and those up to the ``last`` say that it became that one.

    >>> bool(change_between("由多少家增至多少家", (1, 4), 6)), bool(change_between("办多少场建成多少家", (1, 4), 6))
    (True, False)
    """
    opened = _FROM.search(text, max(0, first[0] - _BEFORE), first[0])
    return opened if opened and _TO.fullmatch(text, first[1], last) else None


def course_before(text: str) -> tuple[str, bool] | None:
    """Return where the figure right behind a text goes, up or down, and whether to it (提高至) and not by it; None if not told.

    >>> course_before("比上年下降"), course_before("津贴提高至每人每月"), course_before("低于全国")
    (('down', False), ('up', True), ('down', False))
    >>> course_before("建成")
    """
    found = _COURSE.search(text, max(0, len(text) - _BEFORE))
    return (("up" if found["up"] else "down"), bool(found["to"])) if found else None


def is_by_how_much(before: str) -> bool:
    """Whether the figure right behind a text is by how much something changed, and not what it became or is.

    >>> is_by_how_much("寿命提高"), is_by_how_much("寿命提高到"), is_by_how_much("寿命为")
    (True, False, False)
    """
    course = course_before(before)
    return course is not None and not course[1]


def courses_in(question: str) -> list[tuple[str, bool]]:
    """Return every course that a question has words for: up or down, and whether to what it asks for.

    >>> courses_in("装机增加到多少"), courses_in("案件的降幅"), courses_in("寿命是多少")
    ([('up', False), ('up', True)], [('down', False)], [])
    """
    found = (course_before(question[:end]) for end in range(len(question) + 1))
    return list(dict.fromkeys(filter(None, found)))


def asks_by_how_much(question: str) -> bool:
    """Whether a question asks by how much something changed, and not to how much.

    >>> asks_by_how_much("会员增加了几万人？"), asks_by_how_much("会员增加到多少人？")
    (True, False)
    """
    asked = re.search("多少|几", question)
    return asked is not None and is_by_how_much(question[: asked.start()])


def figure_asked(question: str, change: Change) -> Figure:
    """Return which of the two figures a question asks for: the last one, unless it has the words for the first's time.

    >>> (change,) = changes_in("困难职工由年初的172户减少到129户。")
    >>> figure_asked("年初有多少户困难职工？", change).text, figure_asked("还有多少户困难职工？", change).text
    ('172户', '129户')
    """
    asked, when = _times(question), _times(change.when)
    asks_first = (change.when and change.when in question) or not asked.isdisjoint(when)
    return change.first if asks_first and len(asked) < 2 else change.last


def end_asked(question: str, text: str, span: Span) -> Figure | None:
    """Return the end of a change of a text that a question asks for, if the span has one of its ends."""
    for change in changes_in(text):
        if sum(f.start < span[1] and span[0] < f.end for f in (change.first, change.last)) == 1:
            return figure_asked(question, change)
    return None


def rise_asked(question: str, sentence: str, span: Span) -> Figure | None:
    """Return by how much something rose or what it reached (提高1.16岁、达到79.72岁), as asked, if the span is one of them."""
    courses = courses_in(question)
    for by, reached in pairwise(amounts_in(sentence)):
        touched = any(f.start < span[1] and span[0] < f.end for f in (by, reached))
        between = without_punctuation(sentence[by.end : reached.start])
        alike = is_by_how_much(sentence[: by.start]) and unit_kind(by.unit) == unit_kind(reached.unit)
        at_once = len(between) <= 3 and between.endswith(("到", "至", "达"))  # 达到, 提升至
        if touched and alike and at_once:
            return by if courses and not any(to for _, to in courses) else reached
    return None


def _times(text: str) -> set[Period]:
    """Return the times of a text, those relative to a report as if it were of the same years."""
    return {time.period for time in time_expressions(text, _SOME_TERM)}

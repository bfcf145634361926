"""Records of a checked draft, and the verdicts in words for people."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from qa.types import Figure, Period, Spans

# First year of a span; year, month, day.
Date: TypeAlias = tuple[int | None, int | None, int | None, int | None]
UNKNOWN_YEAR = 0  # of a date: a year is stated (去年) but cannot be resolved
StatementKind: TypeAlias = Literal["figure", "date", "name", "occasion", "rank", "deed"]
Verdict: TypeAlias = Literal[
    "agrees", "agrees_otherwise", "differs", "wrong_name", "other_term", "other_place", "plan_for_result",
    "not_in_reports",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure, date or name of a draft or a report, with its context; or a clause, for the deed that it tells."""

    kind: StatementKind
    text: str  # as printed, or as corrected by hand
    figure: Figure | None
    pace: str  # 年 for 每年200元, or ``""``
    relative: bool  # per something, or against something else: 人均2000元, 比上年增加3家
    plan: bool
    subject: str  # what is counted or named, in the words of the clause
    context: str  # the activity of the clause before that it belongs to, or ``""``
    clause: str
    sentence: str
    at: int  # offset in the sentence
    heading: str
    date: Date | None  # with None for parts that are not stated
    place: str  # full name of the division, or ``""``
    period: Period | None
    report_id: str  # ``""`` in a draft
    spans: Spans  # of the source, likewise ``clause_spans``
    clause_spans: Spans
    paragraph: int
    number: int  # of its sentence in the text, from 0
    corrected: bool  # whether the figure was corrected by hand

    @property
    def begin(self) -> int:
        """Where its text begins in its clause, -1 if it is not there as one that was corrected by hand may be."""
        at = self.at - self.sentence.find(self.clause)
        return at if at >= 0 and self.clause.startswith(self.text, at) else self.clause.find(self.text)


@dataclass(frozen=True, slots=True)
class DraftItem:
    """A figure, date or name of a draft with its verdict and the report that it was found in, if any."""

    text: str
    start: int
    end: int
    verdict: Verdict
    report: str | None = None  # file name
    report_id: str | None = None
    title: str | None = None
    label: str | None = None  # of the report, its place and years
    quote: str | None = None  # the clause of the report, 8 to 300 characters
    spans: Spans = ()  # of the quote in the source of the report
    right: str | None = None  # what the report states, if the draft differs
    corrected: bool = False  # whether the report's figure was corrected by hand, so that the quote differs


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """A draft with its items in order, never overlapping."""

    text: str
    items: tuple[DraftItem, ...]
    notes: tuple[str, ...] = ()  # on the whole draft, and on parts of its file that could not be read


GOOD: frozenset[Verdict] = frozenset({"agrees", "agrees_otherwise"})
LABELS: dict[Verdict, str] = {
    "agrees": "与报告一致",
    "agrees_otherwise": "与报告一致，写法不同",
    "differs": "与报告不符",
    "wrong_name": "名称或日期与报告不符",
    "other_term": "报告里说的是另一时期",
    "other_place": "报告里说的是别处",
    "plan_for_result": "报告里是计划，不是结果",
    "not_in_reports": "报告里没有找到",
}


def verdict_text(item: DraftItem) -> str:
    """Return the verdict with the report's text in one line, and a second line with the quote if there is one."""
    of = "所说的这里" if item.verdict in ("other_place", "other_term") else "报告"
    of = "更正后" if item.corrected else of
    right = f"，{of}是“{item.right}”" if item.right and item.right != item.text else ""
    line = f"{LABELS[item.verdict]}{right}{'（报告印的数已经更正）' if item.corrected else ''}。"
    return f"{line}\n{item.label}《{item.title}》：{item.quote}" if item.quote else line

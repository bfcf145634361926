"""Answer a question from the reports, with the language model or the rules, or one about the library itself.

An administrator's corrections in the ledger are applied last, with what is printed, by whom and when: the checks
compare an answer with the report, which still prints what was corrected.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Event

from qa.answering.compose import APART, compose
from qa.answering.computation import computed_again
from qa.engines import Calls, Conversation, LanguageModel, LLMFailure, Watch, answer_by_rules, answer_with
from qa.engines.answering import ignore_step
from qa.engines.client import NOTES
from qa.engines.earlier import computed_from_earlier
from qa.engines.meanings import answer_to_likeliest
from qa.engines.model import Grammar
from qa.ledger.build import Correction, LedgerFigure
from qa.ledger.notes import LedgerError
from qa.library.serving import Snapshot
from qa.settings import Endpoint
from qa.text.figures import figures as numbers
from qa.text.figures import same_value
from qa.text.organisations import report_label
from qa.types import Answer, CheckedFigure, Period, Query, Report, Table, TableCell, Work

LISTED = 60  # reports named one by one
_IDENTITY = (
    "我是工会报告问答：只根据已收录的报告回答，每个数字都在原文里核对过，并给出出处；报告里没有的就说没有。"
    "不接语言模型也能用，问题和报告都留在这台服务器上。"
)
_ABILITY = (
    "我能做这些：",
    "- 查：问数字、名称、做法，可以接着追问，例如：某市办了多少件法律援助？那某省呢？",
    "- 比：几个地区或几届相比；说“用表格对比各地的……”就给出表格，可以下载为 Excel。",
    "- 写：说“写一段200字介绍……”，用报告原句连成一段，每句有出处；还可以说“缩短”“改成要点”。",
    "- 核：在“核稿”里贴上稿件，逐个核对数字、日期和名称。",
    "- 查台账、批量问、增加报告：见页面上的各个标签。",
)

_MARKS = re.compile(r"((?:\[\d{1,3}\])+)")
_OLD_FORMULA = "算式用的是更正前的数。"
_NOT_CHECKED = "数字没有按更正核过：ledger.toml 用不了，原因见数据台账。"


def answer_of(
    snapshot: Snapshot,
    conversation: Conversation,
    grammar: Grammar,
    endpoint: Endpoint | None,
    watch: Watch = ignore_step,
    stop: Event | None = None,
) -> Answer:
    """Return the answer of the language model, or of the rules if there is none or it fails, and what that took.

    ``endpoint`` is that of the language model, None for the rules; setting ``stop`` ends a call of the model with the error
    ``Stopped``.
    """
    started, index = time.monotonic(), snapshot.index

    def by_rules(watch: Watch) -> Answer:
        return computed_from_earlier(index, conversation) or answer_to_likeliest(
            conversation,
            lambda query, least: answer_by_rules(index, replace(conversation, query=query), watch, least),
        )

    if endpoint is None:
        return by_rules(watch)
    model = Calls(endpoint, stop)
    engine = LanguageModel(model, snapshot.catalogue, grammar, endpoint.context)
    try:
        answer, name = answer_with(engine, index, conversation, watch), endpoint.model
    except LLMFailure as failure:
        answer, name = by_rules(ignore_step), ""
        answer = replace(answer, text=f"{answer.text}\n{NOTES[failure.kind]}")
    return replace(answer, work=Work(name, time.monotonic() - started, model.tokens, model.counted))


def about_library(query: Query, reports: Sequence[Report]) -> Answer:
    """Return the answer to a question about the library itself, over the reports that a filter leaves."""
    within = [report for report in reports if report.id in query.within]
    within.sort(key=lambda report: (report.place.name, report.period or Period(0, 0)))
    if query.about == "holdings":
        more = [f"- 还有 {len(within) - LISTED} 份，见“报告”一页。"] if len(within) > LISTED else []
        lines = [_counted(within), *(f"- {_named(report)}" for report in within[:LISTED]), *more]
    elif query.about == "newest":
        dated = [(report, report.period) for report in within if report.period]
        lines = ["库里的报告都没有写明是哪一年的。"]
        if dated:
            first, last = min(period.start for _, period in dated), max(period.end for _, period in dated)
            newest = [report for report, period in dated if period.end == last]
            lines = [f"最新写到 {last} 年，最早从 {first} 年写起。写到 {last} 年的有："]
            lines += [f"- {_named(report)}" for report in newest[:LISTED]]
    else:
        lines = [*_ABILITY] if query.about == "ability" else [_IDENTITY, _counted(within)]
    answer = compose(query, (), (), opening="\n".join(lines))
    return replace(answer, standalone_question=query.asked)  # earlier questions do not belong to it


def _counted(reports: Sequence[Report]) -> str:
    places = dict.fromkeys(report.place.name for report in reports if report.place.name)
    covered = f"，涉及 {len(places)} 个地区：{'、'.join(places)}" if places else ""
    return f"一共收录了 {len(reports)} 份报告{covered}。"


def _named(report: Report) -> str:
    title = f"《{report.title or report.source.name}》"
    return f"{report_label(report)}：{title}" if report.place.name or report.organisation else title


@dataclass(frozen=True, slots=True)
class _Cited:
    """A corrected figure with the mark of a citation that contains it as printed."""

    marker: int
    figure: LedgerFigure
    correction: Correction

    @property
    def alone(self) -> bool:
        """Whether its sentence prints it once; else it is not known which of the answer's figures it is."""
        return sum(each.text == self.figure.text for each in numbers(self.figure.sentence)) < 2

    @property
    def note(self) -> str:
        who = f"{self.correction.author}，{self.correction.date.isoformat()}"
        why = f"{self.correction.reason}；" if self.correction.reason else ""
        which = "" if self.alone else f"“{self.correction.read_indicator or self.figure.indicator}”的数"
        return f"已更正：[{self.marker}] {which}印作“{self.figure.text}”，应为{self.figure.right}（{why}{who}）。"

    def prints(self, value: float) -> bool:
        return self.alone and same_value(self.correction.printed_value, value)

    def put_right(self, words: str) -> str:
        """Return words with the figure as it is right, but not where a longer one ends like it (3家 in 13家)."""
        own = next((each for each in numbers(words) if self.alone and each.text == self.figure.text), None)
        return f"{words[: own.start]}{self.figure.right}{words[own.end :]}" if own else words


def with_corrections(answer: Answer, corrected: Callable[[], Iterable[LedgerFigure]]) -> Answer:
    """Return the answer with its cited figures as corrected by hand; the answer itself if none were.

    ``corrected`` returns the corrected figures of the ledger; if it fails, a line of the answer says so.
    """
    try:
        cited = [one for figure in corrected() for one in _cited(answer, figure)]
    except LedgerError:  # the pages of the ledger show what is wrong with it
        return replace(answer, text=f"{answer.text}\n{_NOT_CHECKED}") if answer.figures else answer
    if not cited:
        return answer
    notes = [one.note for one in cited]
    answer, computed = _computed(answer, cited)
    if not computed:
        notes.append(_OLD_FORMULA)
    short = answer.short
    for one in cited:
        short = one.put_right(short) if short else short
    return replace(
        answer,
        text="\n".join([_corrected(answer.text, cited), *notes]),
        short=short,
        figures=tuple(_checked(figure, cited) for figure in answer.figures),
        table=answer.table and _table(answer.table, cited),
    )


def _computed(answer: Answer, cited: Sequence[_Cited]) -> tuple[Answer, bool]:
    """Return the answer with its formulas computed from what is right, and whether all that need it could be."""
    whole = True
    for formula in answer.calculation:
        operands = numbers(formula.partition(" = ")[0])
        right = {f.text: one.figure.right for f in operands for one in cited if one.prints(f.value)}
        if not right:
            continue
        made, old = computed_again(formula, right), numbers(formula)[-1]
        if made is None:
            whole = False
            continue
        new = numbers(made.text)[0].value
        answer = replace(
            answer,
            text=answer.text.replace(f"{old.text}（{formula}", f"{made.text}（{made.formula}")
            .replace(formula, made.formula)
            .replace(f"{APART}{old.text}", f"{APART}{made.text}"),
            short=made.text if answer.short == old.text else answer.short,
            calculation=tuple(made.formula if one == formula else one for one in answer.calculation),
            figures=tuple(
                replace(figure, text=made.text, value=new)
                if figure.marker is None and same_value(figure.value, old.value)
                else figure
                for figure in answer.figures
            ),
        )
    return answer, whole


def _cited(answer: Answer, figure: LedgerFigure) -> Iterator[_Cited]:
    """Yield a figure with its correction for each citation that contains it and for which the answer prints it."""
    correction = figure.correction
    if correction is None or same_value(correction.printed_value, figure.value):
        return
    for citation in answer.citations:
        inside = any(a <= figure.spans[0][0] < b for a, b in citation.spans)
        own = (each.value for each in answer.figures if each.marker == citation.marker)
        said = any(same_value(correction.printed_value, value) for value in own)
        if citation.report_id == figure.report_id and inside and said:
            yield _Cited(citation.marker, figure, correction)


def _corrected(text: str, cited: Sequence[_Cited]) -> str:
    """Replace each figure in the words before its own mark."""
    pieces = _MARKS.split(text)  # words and marks by turns
    for at, marks in enumerate(pieces[1::2]):
        for one in (each for each in cited if f"[{each.marker}]" in marks):
            pieces[2 * at] = one.put_right(pieces[2 * at])
    return "".join(pieces)


def _checked(figure: CheckedFigure, cited: Sequence[_Cited]) -> CheckedFigure:
    own = (one.figure for one in cited if one.marker == figure.marker and one.prints(figure.value))
    right = next(own, None)
    return replace(figure, text=right.right, value=right.value, state="corrected") if right else figure


def _table(table: Table, cited: Sequence[_Cited]) -> Table:
    def cell(own: TableCell) -> TableCell:
        text, figure = _corrected(own.text, cited), own.figure
        if figure and text != own.text:  # perhaps another figure of its words was corrected
            right = next((one.figure for one in cited if one.prints(figure.value)), None)
            figure = replace(figure, value=right.value, text=right.right) if right else figure
        return replace(own, text=text, figure=figure)

    rows = tuple(replace(row, cells=tuple(map(cell, row.cells))) for row in table.rows)
    return replace(table, rows=rows)

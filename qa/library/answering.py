"""Answer a question from the reports, with the language model or the rules, or one about the library itself."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from threading import Event

from qa.answering.compose import compose
from qa.engines import Calls, Conversation, LanguageModel, LLMFailure, Rules, Watch, answer_with
from qa.engines.answering import ignore_step
from qa.engines.client import NOTES
from qa.engines.model import Grammar
from qa.index import Index
from qa.question import Catalogue
from qa.settings import Endpoint
from qa.text.organisations import report_label
from qa.types import Answer, Period, Query, Report, Work

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


def answer_of(
    index: Index,
    catalogue: Catalogue,
    conversation: Conversation,
    grammar: Grammar,
    endpoint: Endpoint | None,
    watch: Watch | None = None,
    stop: Event | None = None,
) -> Answer:
    """Return the answer of the language model, or of the rules if there is none or it fails, and what that took.

    ``endpoint`` is that of the language model, None for the rules; setting ``stop`` ends a call of the model
    with the error ``Stopped``.
    """
    started = time.monotonic()
    watch = watch or ignore_step
    if endpoint is None:
        return answer_with(Rules(index), index, conversation, watch)
    model = Calls(endpoint, stop)
    engine = LanguageModel(model, catalogue, grammar, index.reports, endpoint.context)
    try:
        answer, name = answer_with(engine, index, conversation, watch), endpoint.model
    except LLMFailure as failure:
        answer, name = answer_with(Rules(index), index, conversation), ""
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
        lines = _newest(within)
    else:
        lines = [*_ABILITY] if query.about == "ability" else [_IDENTITY, _counted(within)]
    answer = compose(query, (), (), opening="\n".join(lines))
    return replace(answer, standalone_question=query.asked)  # earlier questions do not belong to it


def _newest(reports: Sequence[Report]) -> list[str]:
    periods = [report.period for report in reports if report.period]
    if not periods:
        return ["库里的报告都没有写明是哪一年的。"]
    first, last = min(period.start for period in periods), max(period.end for period in periods)
    newest = [report for report in reports if report.period and report.period.end == last]
    return [
        f"最新写到 {last} 年，最早从 {first} 年写起。写到 {last} 年的有：",
        *(f"- {_named(report)}" for report in newest[:LISTED]),
    ]


def _counted(reports: Sequence[Report]) -> str:
    places = dict.fromkeys(report.place.name for report in reports if report.place.name)
    return f"一共收录了 {len(reports)} 份报告，涉及 {len(places)} 个地区：{'、'.join(places)}。"


def _named(report: Report) -> str:
    title = f"《{report.title or report.source.name}》"
    return f"{report_label(report)}：{title}" if report.place.name or report.organisation else title

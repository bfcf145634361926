"""Answer → what was found about its question and not shown yet."""

from __future__ import annotations

from dataclasses import replace

from qa.engines.shaping import Coverage
from qa.retrieval import SHOWN, with_nearest
from qa.types import Answer, Query

ABOUT = 0.5  # share of what is asked that a passage about it holds
FURTHER = "此外没有确定的内容了。下面是还没有显示过的相关段落，请自行判断。"
NOTHING = "没有更多了：库里说到这件事的段落都已经显示过。"


def further(answer: Answer, query: Query, coverage: Coverage) -> Answer:
    """Return the passages about a question that neither its answer nor an earlier request for more (``Form.more``) showed.

    The answer itself if its place is in no report, or nothing was asked of the reports.
    """
    if query.refusal or query.kind == "chatter":
        return answer
    shown = {(citation.report_id, citation.paragraph) for citation in answer.citations}
    shown |= {near.hit.position for near in with_nearest(answer).nearest}
    left = [hit for hit in answer.passages if hit.report.id in query.report_ids and hit.position not in shown]
    left = [hit for hit in left if coverage(query.topic, hit.paragraph.text) >= ABOUT]
    left = left[SHOWN * (query.form.more - 1) :]
    rest = replace(answer, text=FURTHER if left else NOTHING, passages=tuple(left), nearest=())
    rest = replace(rest, short=None, calculation=(), citations=(), figures=(), missing=(), table=None)
    return with_nearest(replace(rest, abstained=True, reason="unsure" if left else None))

"""Where a report says that a figure is wrong: both are said, each with its source, and the reader decides."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.candidates import Evidence
from qa.answering.fact import Found
from qa.answering.statement import Statement, whole
from qa.answering.wording import Wording
from qa.text.divisions import find, short_name
from qa.text.figures import figures, unit_kind

DISAGREE = "资料里的说法不一致，一并列出："
ABOUT = 0.4  # share of the wording coverage of what was found that its correction must reach
_CORRECTS = re.compile(
    r"更正|勘误|笔误|(?:数据|数字|统计|上述|记载)[^。，,]{0,4}有误|误(?:写|记|报|登)[为成]|以[此本][^。]{0,4}为准"
)


def uncorrected(evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """The evidence without sentences that correct another one, where any is left."""
    return [item for item in evidence if not _CORRECTS.search(item.text)] or evidence


def correction(found: Found, evidence: Sequence[Evidence], topic: str, wording: Wording) -> Statement | None:
    """The sentence, said whole, that gives another figure of this kind as the right one; or None."""
    figure = found.figure
    if figure is None or _CORRECTS.search(found.statement.evidence.text):
        return None
    said = found.statement.evidence
    own = (
        f"{said.hit.report.place.name} {topic} {said.text}"  # what is corrected of another place is not this
    )
    least = ABOUT * wording.coverage(topic, found.statement.evidence.text)
    for item in evidence:
        alike = {f.value for f in figures(item.text) if unit_kind(f.unit) == unit_kind(figure.unit)}
        of_it = figure.value in alike and item.hit.paragraph == said.hit.paragraph  # 上文600家应为66家
        if (
            _CORRECTS.search(item.text)
            and alike - {figure.value}
            and (of_it or wording.coverage(topic, item.text) >= least)
            and all(short_name(p.name) in own for _, _, p in find(item.text))
        ):
            return whole(item)
    return None

"""Find sentences that correct a figure: both figures are shown with their sources, and the user decides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.evidence import Evidence
from qa.answering.fact import Fact
from qa.answering.statement import Statement, whole_sentence
from qa.answering.wording import Wording
from qa.text.divisions import find, short_name
from qa.text.figures import figures, unit_kind
from qa.text.sentences import split_sentences
from qa.types import Hit

DISAGREE = "资料里的说法不一致，一并列出："
ABOUT = 0.4  # share of the fact's wording coverage that its correction must reach
_CORRECTS = re.compile(
    r"更正|勘误|笔误|(?:数据|数字|统计|上述|记载)[^。，,]{0,4}有误|误[写记报登][为成]|以[此本][^。]{0,4}为准"
)


def correction(found: Fact, passages: Sequence[Hit], topic: str, wording: Wording) -> Statement | None:
    """Return the whole sentence that states another figure of this kind as the right one, or None."""
    figure, source = found.figure, found.statement.evidence
    if figure is None:
        return None
    # A correction that names another place is not meant.
    own = f"{source.hit.report.place.name} {topic} {source.text}"
    least = ABOUT * wording.coverage(topic, source.text)
    for item in _corrections(passages):
        alike = {f.value for f in figures(item.text) if unit_kind(f.unit) == unit_kind(figure.unit)}
        of_it = figure.value in alike and item.hit.paragraph == source.hit.paragraph  # 上文600家应为66家
        if (
            alike - {figure.value}
            and (of_it or wording.coverage(topic, item.text) >= least)
            and all(short_name(p.name) in own for _, _, p in find(item.text))
        ):
            return whole_sentence(item)
    return None


def corrects(text: str) -> bool:
    """Whether a sentence says that another one is wrong."""
    return _CORRECTS.search(text) is not None


def _corrections(passages: Sequence[Hit]) -> Iterator[Evidence]:
    """Yield the sentences of passages that correct others."""
    for hit in passages:
        text = hit.paragraph.text
        yield from (Evidence(hit, a, b) for a, b in split_sentences(text) if corrects(text[a:b]))

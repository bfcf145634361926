"""``union-qa search --explain``: show how a question was understood and why each passage was found."""

from __future__ import annotations

from collections.abc import Iterable

from qa.cli.terminal import show
from qa.types import Hit, Reasons, Scope, Scores

MOST_REPORTS = 5  # listed by name


def show_searches(hits: Iterable[Hit]) -> None:
    """Print what was searched for, once for each scope."""
    searches: dict[Scope, Reasons] = {}
    for hit in hits:
        if hit.reasons:
            searches.setdefault(hit.reasons.scope, hit.reasons)
    for standalone in dict.fromkeys(reasons.standalone for reasons in searches.values()):
        show(f"问题：{standalone}")
    for scope, reasons in searches.items():
        show(f"检索：{scope.topic}")
        show(f"  词语：{_listed(reasons.words)}")
        show(f"  近义词：{_listed(reasons.synonyms)}")
        show(f"  范围：{_range(scope, reasons)}")
    if searches:
        show("得分：最近的一句的语义 + 整段的词语（都以候选段落间的标准差计）+ 整段含有问题的多少\n")


def show_reasons(reasons: Reasons, scores: Scores) -> None:
    """Print the parts of a passage's score and the words that it matched."""
    show(
        f"   得分 {scores.fused:.2f} = 语义 {reasons.dense:.2f}（余弦 {scores.dense:.3f}）"
        f" + 词语 {reasons.sparse:.2f}（BM25 {scores.sparse:.2f}） + 覆盖 {reasons.coverage:.2f}"
    )
    matched = (f"{m.word} {m.score:.2f}{'（近义）' if m.synonym else ''}" for m in reasons.matched)
    show(f"   命中：{_listed(matched)}")


def _range(scope: Scope, reasons: Reasons) -> str:
    names = _listed(reasons.reports[:MOST_REPORTS])
    parts = [
        f"地区 {scope.place.name}" if scope.place else "",
        f"时期 {scope.period}" if scope.period else "",
        f"须提到“{scope.mention}”" if scope.mention else "",
        f"{len(reasons.reports)} 份报告：{names}{'……' if len(reasons.reports) > MOST_REPORTS else ''}",
    ]
    return "；".join(filter(None, parts))


def _listed(names: Iterable[str]) -> str:
    return "、".join(names) or "（无）"

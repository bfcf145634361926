"""The verdicts in words for people."""

from __future__ import annotations

from qa.drafts.records import DraftItem, Verdict

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

"""Write the reading prompt, and parse the reply to a Reading; its statements are judged elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from qa.checking.statements import Fault
from qa.engines.frame import Shown, framed, neutral, shown_sentences
from qa.engines.lines import labelled, pieces
from qa.engines.planning import operation_named
from qa.engines.prompts import ANSWER_LABELS, MEND, READ
from qa.engines.records import Ask, Operand, Plan, Reading, Statement, StatementKind
from qa.engines.words import FAULTS
from qa.text.figures import figures, is_year
from qa.text.injection import is_injection
from qa.types import Hit

REPLY = 700  # tokens reserved for the reply
LONGEST_SHORT = 60  # characters
MOST_STATEMENTS = 24

_KINDS: dict[str, StatementKind] = {"answer": "answer", "correction": "correction"}


def reading_material(
    plan: Plan, ask: Ask, hits: Sequence[Hit], faults: Sequence[tuple[Statement, Fault]], context: int
) -> tuple[Shown, str]:
    """Return the sentences shown and the user's message, whose numbers name them.

    Args:
        context: tokens of input and output together; a Chinese character counts as one.
    """
    after = [f"问题：{neutral(plan.query.standalone)}"]
    if len(plan.asks) > 1:
        after.append(f"现在只答其中这一项：{neutral(ask.text)}")
    if faults:
        after += [MEND, *(f"未采用：{_quoted(one)}（{FAULTS[fault.kind]}）" for one, fault in faults)]
    room = context - REPLY - len(READ) - sum(map(len, after))
    shown = shown_sentences(hits, room)
    return shown, framed(shown, *after)


def _quoted(statement: Statement) -> str:
    return "略" if is_injection(statement.text) else neutral(statement.text)


def reading_of(reply: str, ask: Ask, hits: Sequence[Hit], shown: Shown) -> Reading:
    """Parse the statements of a reply, with the sentences that its marks name."""
    lines = labelled(reply, ANSWER_LABELS)
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for kind, text in lines:
        by_kind[kind] += [text] if text else []
    statements = tuple(_statements(lines, shown))[:MOST_STATEMENTS]
    if not statements and not by_kind["missing"]:  # another format: its faults will be pointed out
        statements = tuple(_stated(by_kind[""], "answer", shown))[:MOST_STATEMENTS]
    operation = next(iter(by_kind["operation"]), "")
    operands = tuple(_operands(operation, shown))
    short = next((piece for text in by_kind["short"] for piece, _ in pieces(text)), "")
    return Reading(
        ask=ask,
        passages=tuple(hits),
        statements=statements,
        short=short if len(short) <= LONGEST_SHORT else "",
        operation=operation_named(operation) if len(operands) > 1 else "",
        operands=operands,
        missing="；".join(by_kind["missing"]),
        search=next((text for text in by_kind["search"] if 1 < len(text) <= LONGEST_SHORT), ""),
    )


def _statements(lines: Sequence[tuple[str, str]], shown: Shown) -> Iterator[Statement]:
    for kind, text in lines:
        marked = any(numbers for _, numbers in pieces(text))
        if kind in _KINDS or (not kind and marked):
            yield from _stated((text,), _KINDS.get(kind, "answer"), shown)


def _stated(texts: Iterable[str], kind: StatementKind, shown: Shown) -> Iterator[Statement]:
    items = shown.numbered
    for text in texts:
        for piece, numbers in pieces(text):
            evidence = tuple(items[n - 1] for n in numbers if 1 <= n <= len(items))
            unknown = tuple(n for n in numbers if not 1 <= n <= len(items))
            yield Statement(piece, evidence, kind, unknown)


def _operands(text: str, shown: Shown) -> Iterator[Operand]:
    """Yield the last amount before each group of marks, with the first sentence that the marks name."""
    items = shown.numbered
    for piece, numbers in pieces(text):
        amounts = [figure for figure in figures(piece) if not is_year(figure)]
        evidence = next((items[n - 1] for n in numbers if 1 <= n <= len(items)), None)
        if amounts and evidence:
            yield Operand(amounts[-1], evidence)

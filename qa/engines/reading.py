"""Passages → what a language model is shown of them; its reply → a Reading. What it states is not judged here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qa.checking.statements import Fault
from qa.engines.frame import Shown, framed, neutral, shown_sentences
from qa.engines.lines import labelled, pieces
from qa.engines.planning import operation_named
from qa.engines.prompts import ANSWER_LABELS, MEND, READ
from qa.engines.records import Ask, Operand, Plan, Reading, Statement, StatementKind
from qa.engines.words import FAULTS
from qa.text.figures import figures, is_year
from qa.text.orders import gives_orders
from qa.types import Hit

REPLY = 700  # tokens that are left for the reply
LONGEST_SHORT = 60  # characters
MOST_STATEMENTS = 24

_KINDS: dict[str, StatementKind] = {"answer": "answer", "correction": "correction"}


def reading_material(
    plan: Plan, ask: Ask, hits: Sequence[Hit], faults: Sequence[tuple[Statement, Fault]], context: int
) -> tuple[Shown, str]:
    """The user's message, and the sentences that its numbers name.

    Args:
        context: tokens that the model takes in and puts out together; a Chinese character counts as one.
    """
    after = [f"问题：{neutral(plan.standalone)}"]
    if len(plan.asks) > 1:
        after.append(f"现在只答其中这一项：{neutral(ask.text)}")
    if faults:
        after += [MEND, *(f"未采用：{_quoted(said)}（{FAULTS[fault.kind]}）" for said, fault in faults)]
    room = context - REPLY - len(READ) - sum(map(len, after))
    shown = shown_sentences(hits, room)
    return shown, framed(shown, *after)


def _quoted(statement: Statement) -> str:
    return "略" if gives_orders(statement.text) else neutral(statement.text)


def reading_of(reply: str, ask: Ask, hits: Sequence[Hit], shown: Shown) -> Reading:
    """What a reply states, with the sentences that its marks name."""
    lines = labelled(reply, ANSWER_LABELS)
    said = {kind: [text for own, text in lines if own == kind and text] for kind in dict(lines)}
    statements = tuple(_statements(lines, shown))[:MOST_STATEMENTS]
    if not statements and not said.get("missing"):  # a format of its own: let it be told what is lacking
        statements = tuple(_stated(said.get("", ()), "answer", shown))[:MOST_STATEMENTS]
    operation = next(iter(said.get("operation", ())), "")
    operands = tuple(_operands(operation, shown))
    return Reading(
        ask=ask,
        passages=tuple(hits),
        statements=statements,
        short=_short(said.get("short", ())),
        operation=operation_named(operation) if len(operands) > 1 else "",
        operands=operands,
        missing="；".join(said.get("missing", ())),
        search=next((text for text in said.get("search", ()) if 1 < len(text) <= LONGEST_SHORT), ""),
    )


def _statements(lines: Sequence[tuple[str, str]], shown: Shown) -> Iterator[Statement]:
    for kind, text in lines:
        marked = any(numbers for _, numbers in pieces(text))
        if kind in _KINDS or (not kind and marked):
            yield from _stated((text,), _KINDS.get(kind, "answer"), shown)


def _stated(texts: Iterable[str], kind: StatementKind, shown: Shown) -> Iterator[Statement]:
    items = shown.numbered
    for text in texts:
        for said, numbers in pieces(text):
            evidence = tuple(items[n - 1] for n in numbers if 1 <= n <= len(items))
            unknown = tuple(n for n in numbers if not 1 <= n <= len(items))
            yield Statement(said, evidence, kind, unknown)


def _short(texts: Sequence[str]) -> str:
    told = next((said for text in texts for said, _ in pieces(text)), "")
    return told if len(told) <= LONGEST_SHORT else ""


def _operands(text: str, shown: Shown) -> Iterator[Operand]:
    """The last amount before each group of marks, with the first sentence that the marks name."""
    items = shown.numbered
    for said, numbers in pieces(text):
        amounts = [figure for figure in figures(said) if not is_year(figure)]
        evidence = next((items[n - 1] for n in numbers if 1 <= n <= len(items)), None)
        if amounts and evidence:
            yield Operand(amounts[-1], evidence)

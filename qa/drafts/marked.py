"""Marked drafts: texts in which every item carries the verdict that it should get. For training and for tests.

A file holds drafts one after the other; each begins with ``# name report`` and marks its items so::

    困难职工家庭走访了⟦1.31万户|d|1.13万户⟧，办招聘会⟦300余场|a⟧

that is: what the draft says, the verdict's letter, what the report has (where that differs), the report (where it is
another one). ``errors_planted`` makes further drafts out of these, with errors of the usual kinds.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.drafts.records import Verdict
from qa.text.spans import kept
from qa.types import Report

LETTERS: dict[str, Verdict] = {
    "a": "agrees", "o": "agrees_otherwise", "d": "differs", "w": "wrong_name",
    "t": "other_term", "p": "other_place", "l": "plan_for_result", "n": "not_in_reports",
}  # fmt: skip
SHARE = 0.4  # of the true figures that an error is planted in
_MARK = re.compile(r"⟦([^⟦⟧]*)⟧")
_DIGITS = re.compile(r"\d+")
_SOFT = re.compile(r"[余多]|超过?|近|突破|以上")


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """An item with its place in the draft, its verdict, and where in the source of its report the right one stands."""

    text: str
    start: int
    verdict: Verdict
    report: str | None
    at: int | None

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class MarkedDraft:
    """A draft and its items in order."""

    name: str
    text: str
    items: tuple[MarkedItem, ...]


def marked_drafts(text: str, reports: Sequence[Report]) -> Iterator[MarkedDraft]:
    """The drafts of a marked file.

    Raises:
        ValueError: what an item points to does not stand in its report.
    """
    by_name = {report.source.name.rsplit(".", 1)[0]: report for report in reports}
    for part in re.split(r"^# ", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.strip().partition("\n")
        name, home = head.rsplit(" ", 1)
        yield _read(name, home, body, by_name)


def _read(name: str, home: str, body: str, by_name: Mapping[str, Report]) -> MarkedDraft:
    draft, at = "", 0
    items = []
    for match in _MARK.finditer(body):
        draft += body[at : match.start()]
        at = match.end()
        said, letter, *rest = match[1].split("|")
        if letter in LETTERS:
            key = rest[0] if rest and rest[0] else said
            report = by_name[(rest[1] if len(rest) > 1 else home).rsplit(".", 1)[0]]
            found = letter != "n"
            place = _found(report.source.text, key) if found else None
            items.append(
                MarkedItem(said, len(draft), LETTERS[letter], report.source.name if found else None, place)
            )
        draft += said
    return MarkedDraft(name, draft + body[at:], tuple(items))


def _found(source: str, key: str) -> int:
    """Where the last digit or else the last character of what an item points to stands."""
    match = re.search(r"[\s*]*".join(re.escape(c) for c in key if kept(c)), source)
    if match is None:
        raise ValueError(f"not in the report: {key!r}")
    digits = list(_DIGITS.finditer(source, *match.span()))
    return digits[-1].start() if digits else match.end() - 1


def errors_planted(draft: MarkedDraft, seed: int) -> MarkedDraft:
    """The draft with errors in some of its true figures: digits swapped, magnitude, approximator, a neighbour's."""
    choose = random.Random(seed)
    text, moved = draft.text, 0
    items = []
    for number, item in enumerate(draft.items):
        start = item.start + moved
        said = item.text
        if item.verdict == "agrees" and choose.random() < SHARE and _DIGITS.search(said):
            near = [o.text for o in draft.items[max(0, number - 3) : number + 4] if o.text != said]
            said = _wrong(said, near, choose) or said
        verdict: Verdict = item.verdict if said == item.text else "differs"
        text = text[:start] + said + text[start + len(item.text) :]
        moved += len(said) - len(item.text)
        items.append(MarkedItem(said, start, verdict, item.report, item.at))
    return MarkedDraft(f"{draft.name} {seed}", text, tuple(items))


def _wrong(said: str, near: Sequence[str], choose: random.Random) -> str | None:
    """What is wrongly printed in the place of a figure, or None where this kind of error does not fit it."""
    digits = max(_DIGITS.finditer(said), key=lambda m: len(m.group()), default=None)
    if digits is None:
        return None
    number = digits.group()
    kind = choose.choice(("swap", "swap", "magnitude", "soft", "neighbour", "digit"))
    if kind == "swap":
        pairs = [i for i in range(len(number) - 1) if number[i] != number[i + 1]]
        if not pairs:
            return None
        i = choose.choice(pairs)
        number = number[:i] + number[i + 1] + number[i] + number[i + 2 :]
    elif kind == "digit":
        i = choose.randrange(len(number))
        number = number[:i] + str((int(number[i]) + choose.randint(1, 8)) % 10 or 1) + number[i + 1 :]
    elif kind == "magnitude":
        number = number + "0" if choose.random() < 0.5 or not number.endswith("0") else number[:-1]
    elif kind == "soft":
        return _SOFT.sub("", said) if _SOFT.search(said) else None
    else:
        unit = said[digits.end() :]
        same = [other for other in near if _DIGITS.search(other) and other.endswith(unit[-1:])]
        return choose.choice(same) if same else None
    return said[: digits.start()] + number + said[digits.end() :]

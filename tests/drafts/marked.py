"""Marked drafts: texts whose items carry the expected verdict, and the same with errors planted.

A file holds several drafts; each begins with ``# name report`` and marks its items like this::

    困难职工家庭走访了⟦1.31万户|d|1.13万户⟧，办招聘会⟦300余场|a⟧

that is: the text, the verdict's letter, the report's text (if it differs), the report (if it is another one).
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.drafts.judging import Verdict
from qa.text.spans import kept
from qa.types import Report

LETTERS: dict[str, Verdict] = {
    "a": "agrees", "o": "agrees_otherwise", "d": "differs", "w": "wrong_name",
    "t": "other_term", "p": "other_place", "l": "plan_for_result", "n": "not_in_reports",
}  # fmt: skip
SHARE = 0.4  # of the correct figures that get an error
_MARK = re.compile(r"⟦([^⟦⟧]*)⟧")
_DIGITS = re.compile(r"\d+")
_SOFT = re.compile(r"[余多]|超过?|近|突破|以上")


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """An item of a draft with its verdict; ``at`` is the offset of the right text in the report's source."""

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
    """Yield the drafts of a marked file; raise ValueError if the text of an item is not in its report."""
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
            source = (None, None) if letter == "n" else (report.source.name, _offset(report.source.text, key))
            items.append(MarkedItem(said, len(draft), LETTERS[letter], *source))
        draft += said
    return MarkedDraft(name, draft + body[at:], tuple(items))


def _offset(source: str, key: str) -> int:
    """Return the offset of the last number of an item's text in the source, or of its last character."""
    match = re.search(r"[\s*]*".join(re.escape(c) for c in key if kept(c)), source)
    if match is None:
        raise ValueError(f"not in the report: {key!r}")
    digits = list(_DIGITS.finditer(source, *match.span()))
    return digits[-1].start() if digits else match.end() - 1


def errors_planted(draft: MarkedDraft, seed: int) -> MarkedDraft:
    """Return the draft with errors in some correct figures: digits, magnitude, approximator, or a neighbour's figure."""
    choose = random.Random(seed)
    text, moved = draft.text, 0
    items = []
    for number, item in enumerate(draft.items):
        start = item.start + moved
        said = item.text
        if item.verdict == "agrees" and choose.random() < SHARE and _DIGITS.search(said):
            near = [o.text for o in draft.items[max(0, number - 3) : number + 4] if o.text != said]
            said = _with_error(said, near, choose) or said
        verdict: Verdict = item.verdict if said == item.text else "differs"
        text = text[:start] + said + text[start + len(item.text) :]
        moved += len(said) - len(item.text)
        items.append(MarkedItem(said, start, verdict, item.report, item.at))
    return MarkedDraft(f"{draft.name} {seed}", text, tuple(items))


def _with_error(said: str, near: Sequence[str], choose: random.Random) -> str | None:
    """Return a wrong version of a figure in digits, or None if the chosen kind of error does not fit it."""
    digits = max(_DIGITS.finditer(said), key=lambda m: len(m.group()))
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

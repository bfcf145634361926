"""Find who gave a report, when, and when it was published, around its title or in its signature."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.reading.layout.records import Restored
from qa.reading.layout.surroundings import is_day, is_occasion, without_day
from qa.text.dates import DatePrinted, days
from qa.types import Inference, Paragraph, ParagraphKind

_OFFICE = re.compile(r"^.+[长席任记](?=.)")  # an office before the name of the speaker
_ROLE = re.compile(r"^报告人[:：]\s*")
_NO_NAME = re.compile(r"[\d，。；:：■|]")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,12}")
_NO_PROSE = ("byline", "furniture", "caption")
_GREETING = re.compile(r"[^。；！\d]{2,20}[:：]")
SHORT_NAME = 4  # characters
LATER = 12  # months between a speech and its publication that are plausible


@dataclass(frozen=True, slots=True)
class Head:
    """Facts from the head of a report, ``""`` if unknown; dates as in ``qa.types.Report``."""

    delivered: str
    published: str
    speaker: str
    inferences: tuple[Inference, ...]  # doubtful if the dates disagree
    occasions: tuple[str, ...] = ()  # lines that state when, where and to whom it was given


def head_of(restored: Restored) -> Head:
    """Return the head of a restored report."""
    above = list(_above(restored.paragraphs))
    lines = [text for _, text in above]
    titles = [title.text for title in restored.titles]
    prose = next((draft.text for draft in restored.paragraphs if draft.kind == "prose"), "")
    spoken = _GREETING.match(prose) is not None
    occasions = [text for text in [*titles, *lines] if is_occasion(text) or (spoken and is_day(text))]
    delivered = next((date for text in occasions for date in days(text) if _is_whole(date)), None)
    published = _published(restored, lines, titles, occasions)
    inferences = []
    if delivered:
        inferences.append(Inference("delivered", delivered.text, 0.95))
    if published:
        inferences.append(_published_on(delivered, published))
    speaker = _speaker([text for kind, text in above if kind == "byline"]) if occasions else ""
    return Head(
        delivered.iso if delivered else "",
        published.iso if published else "",
        speaker,
        tuple(inferences),
        tuple(occasions),
    )


def _above(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[ParagraphKind, str]]:
    """Yield the lines above the report itself, each with its kind."""
    for draft in paragraphs:
        if draft.kind not in _NO_PROSE:
            return
        yield draft.kind, draft.text


def _published(
    restored: Restored, above: Sequence[str], titles: Sequence[str], occasions: Sequence[str]
) -> DatePrinted | None:
    """Return the last labelled date of the head, else its first outside of occasions, else any other."""
    around = [p.text for p in restored.paragraphs if p.kind in ("byline", "furniture")]
    texts = [text for text in [*above, *around] if text not in occasions]
    labelled = [date for text in above if text in texts for date in days(text) if _is_labelled(text, date)]
    if labelled:
        return max(labelled, key=lambda date: date.iso)
    texts += [*occasions, *titles]  # what was given in public appeared that day
    found = [date for text in texts for date in days(text)]
    return next((date for date in found if _is_whole(date)), found[0] if found else None)


def _is_whole(date: DatePrinted) -> bool:
    return len(date.iso) == len("2026-02-03")


def _is_labelled(text: str, date: DatePrinted) -> bool:
    return _is_whole(date) and text[: date.at[0]].rstrip().endswith((":", "："))


def _published_on(delivered: DatePrinted | None, published: DatePrinted) -> Inference:
    """Return the inference, doubtful if a report was published before it was given or long after."""
    if delivered is None or delivered.iso == published.iso:
        return Inference("published", published.text, 0.8 if delivered is None else 0.6)
    months = 12 * (published.year - delivered.year) + int(published.iso[5:7]) - int(delivered.iso[5:7])
    if published.iso >= delivered.iso[: len(published.iso)] and months <= LATER:
        return Inference("published", published.text, 0.9)
    return Inference("published", f"“{published.text}”与作报告的日期“{delivered.text}”对不上", 0.3)


def _speaker(bylines: Sequence[str]) -> str:
    """Return the name in the first byline that ends with one: after a space, after an office, or alone."""
    for text in bylines:
        bare = _ROLE.sub("", without_day(text).strip("（）()"))
        if _NO_NAME.search(bare):
            continue
        first, *rest = bare.split()
        name = "".join(rest) if rest else _OFFICE.sub("", first)
        short = len(first) <= SHORT_NAME
        if _NAME.fullmatch(name) and (rest or name != first or short):
            return f"{first}{name}" if rest and len(first) == 1 else name
    return ""

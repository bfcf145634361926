"""Read one file as a report, in the child process that :mod:`qa.reading` starts, and infer its fields.

Each field has a basis: title, speaker and dates are found here, the others in their modules.
"""

import hashlib
import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from qa.errors import ReportError
from qa.reading import formats
from qa.reading.encoding import is_garbled
from qa.reading.layout import restore
from qa.reading.layout.records import Restored
from qa.reading.layout.surroundings import is_day, is_occasion, names_report, without_day
from qa.reading.limits import DOCUMENT_BYTES, read_bytes
from qa.reading.origin import organisation_of, place_of
from qa.reading.overrides import FILE, Override
from qa.reading.period import infer_years
from qa.text import divisions
from qa.text.normal import one_line
from qa.text.numerals import DatePrinted, days, single_days
from qa.types import Inference, Paragraph, Period, Report, Source

OPENING = 3  # paragraphs in which a report says whose it is
LONGEST_TITLE = 60  # characters of the name of a table
NAMED = 0.3  # confidence of a title that is the name of the file
LONGEST = 60_000  # characters that are searched
_SUBTITLE = re.compile(
    r"[—–―-]{1,2}|.{0,30}(?:综述|回眸|纪实|侧记|掠影|巡礼|扫描|请查收)(?:[（(][^（()）]{4,20}[)）])?[！!]?$"
)
_DASH = re.compile(r"[—–―-]+\s*")
_BANNER = re.compile(r"热烈(?:庆祝|祝贺)|(?:庆祝|祝贺|喜迎|献礼|欢迎)")
_UNTIL = re.compile(r"截至(?P<year>20\d\d)年(?:(?P<month>1[0-2]|[1-9])月)?(?:底|末|初)?")
# Before the name of a file: the number of the file, which no year is, and the digest that a download has.
_COUNTED = re.compile(r"^[\W_]*(?:(?!(?:19|20)\d\d\D)\d+[\W_]+)?(?:[0-9a-f]{8,}[_-]?)?")
_OFFICE = re.compile(r"^.+[长席任记](?=.)")  # an office before the name of the speaker
_ROLE = re.compile(r"^报告人[:：]\s*")
_NO_NAME = re.compile(r"[\d，。；:：■|]")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,12}")
_NO_PROSE = ("byline", "furniture", "caption")
_GREETING = re.compile(r"[^。；！\d]{2,20}[:：]")
_SHORT_NAME = 4  # characters
_LATER = 12  # months between a speech and its publication that are plausible
_SENTENCE = re.compile(r"[，。；！？,;!?]")
_GARBLED = "文字里常用汉字很少，像是乱码：编码认错了，或字体没有文字对应表。请核对，或用原来的软件另存一份。"
_NO_SENTENCE = "没有读到成句的正文，只有标题、栏目一类的短行。请确认复制网页时选中了正文，再重新导入。"


def read(path: Path, override: Override | None, recognise: bool = False) -> tuple[Report, Restored]:
    """Return the report of a file, with OCR if ``recognise``, and its restoration; raises ReportError."""
    extracted = formats.extract(path, recognise)
    data = read_bytes(path, DOCUMENT_BYTES)
    identity = hashlib.sha256(path.name.encode("utf-8", "surrogateescape") + data).hexdigest()[:16]
    restored = restore(extracted, identity)
    paragraphs = restored.paragraphs
    if not paragraphs:
        raise ReportError(f"{path.name} 里没有正文，已跳过。请确认导出时没有漏掉内容。")
    name, digest = one_line(path.name), hashlib.sha256(data).hexdigest()
    source = Source(name, extracted.format, extracted.encoding, extracted.text, digest)
    notes = list(extracted.notes)
    if is_garbled(extracted.text):
        notes.append(_GARBLED)
    sentences = (p for p in paragraphs if p.kind == "prose" and _SENTENCE.search(p.text))
    if not any(sentences) and not any(p.kind in ("table row", "note") for p in paragraphs):
        notes.append(_NO_SENTENCE)
    described = _described(restored, path.stem, override or Override())
    return Report(identity, source, paragraphs=paragraphs, notes=tuple(notes), **described), restored


def _described(restored: Restored, name: str, given: Override) -> dict[str, Any]:
    """Return the fields of the report, inferred unless ``given``; of last resort by the name of its file."""
    paragraphs = restored.paragraphs
    titles = [heading.text for heading in restored.titles]
    body = "\n".join(p.text for p in paragraphs)[:LONGEST]
    prose = "\n".join(p.text for p in paragraphs if p.kind not in ("byline", "furniture"))[:LONGEST]
    sentences = [p.text for p in paragraphs if p.kind == "prose"]
    above = _head(restored)
    letterhead = (p.text for p in above if p.kind == "furniture")
    opening = "\n".join((*letterhead, *sentences[:OPENING]))
    lines = [*titles, *(p.text for p in above)]
    spoken = bool(sentences) and _GREETING.match(sentences[0]) is not None
    occasions = [text for text in lines if is_occasion(text) or (spoken and is_day(text))]

    title, subtitle, of_title = _title(titles, restored, name)
    heads = titles or [title] * (of_title.confidence > NAMED)
    place, of_place = place_of([*heads, *occasions], opening, body)
    organisation, of_organisation = organisation_of(given.place or place, heads, opening, body)
    if not organisation:  # a person who names the file says whose it is
        named, of_named = place_of([name], "", "")
        organisation, of_organisation = organisation_of(given.place or named, [name], "", "")
        place, of_place = (named, of_named) if organisation else (place, of_place)
    given_on = next((date for text in occasions for date in days(text) if _is_whole(date)), None)
    published_on = _published(restored, [p.text for p in above], titles, occasions)
    delivered, published = (date.iso if date else "" for date in (given_on, published_on))
    banners = [p.text for p in paragraphs if p.kind == "caption" and _SUBTITLE.match(p.text)]
    headings = [heading.text for heading in restored.headings]
    years = infer_years([*(titles or [title]), *banners], headings, prose, body, delivered, published)
    inferences = [of_title, of_place, of_organisation, years.basis]
    if given_on:
        inferences.append(Inference("delivered", given_on.text, 0.95))
    if published_on:
        inferences.append(_published_on(given_on, published_on))
    as_of, why = _as_of(prose, given.period or years.results)
    inferences += [why] if why else []
    fields: dict[str, Any] = {
        "title": title, "subtitle": subtitle, "organisation": organisation, "place": place,
        "period": years.results, "plans": years.plans, "delivered": delivered, "published": published, "as_of": as_of,
    }  # fmt: skip
    stated = {name: value for name in fields if (value := getattr(given, name)) is not None}
    return (
        fields
        | stated
        | {
            "inferences": tuple(
                Inference(i.field, FILE, 1.0) if i.field in stated else i for i in inferences
            ),
            "speaker": _speaker([p.text for p in above if p.kind == "byline"]) if occasions else "",
        }
    )


def _head(restored: Restored) -> list[Paragraph]:
    """Return the lines above the first prose of the file, and those between the title and the prose below it."""
    title = restored.titles[0].spans[0][0] if restored.titles else 0
    starts = ((p for p in restored.paragraphs if p.spans[0][0] >= start) for start in (0, title))
    above = [p for each in starts for p in takewhile(lambda p: p.kind in _NO_PROSE, each)]
    return list({p.number: p for p in above}.values())


def _as_of(prose: str, period: Period | None) -> tuple[str, Inference | None]:
    """Return the time of present figures: the last 截至 if near the end of the period, else that end, as 目前 is."""
    until, words = max(((_iso(m), m.group()) for m in _UNTIL.finditer(prose)), default=("", ""))
    if period and (not until or int(until[:4]) < period.end - 1):
        return str(period.end), Inference("as_of", f"报告期止于{period.end}年", 0.5)
    return until, Inference("as_of", words, 0.9) if until else None


def _iso(match: re.Match[str]) -> str:
    """Turn 2024年6月底 into 2024-06, 2023年底 into 2023-12 and 2023年 into 2023."""
    year, month = match["year"], match["month"]
    if not month and match.group().endswith(("底", "末")):
        month = "12"
    return "-".join(part.zfill(2) for part in (year, month) if part)


def _title(titles: list[str], restored: Restored, name: str) -> tuple[str, str, Inference]:
    """Return title, subtitle, and what the title rests on."""
    if not titles:
        for text in (p.text for p in restored.paragraphs[:OPENING] if p.kind == "caption"):
            if len(text) <= LONGEST_TITLE and (divisions.find(text) or "工会" in text):
                return text, "", Inference("title", f"表格的题名“{text}”", 0.7)
        first = next((h.text for h in restored.headings if h.level == 1), "")
        if first and restored.paragraphs[0].heading[:1] == (first,):
            return first, "", Inference("title", f"第一个标题“{first}”", 0.5)
        return _COUNTED.sub("", name) or name, "", Inference("title", "文中没有标题，用文件名", NAMED)
    titles, above_dash = _join_before_dash(titles)
    ranked = sorted(range(len(titles)), key=lambda k: (k != above_dash, -_title_score(titles[k], k), k))
    title = titles[ranked[0]]
    others = [titles[k] for k in ranked[1:] if not _BANNER.match(titles[k])]
    others.sort(key=lambda text: _DASH.match(text) is None)
    subtitle = next((t for t in others if _SUBTITLE.match(t)), others[0] if others else "")
    return title, subtitle, Inference("title", f"文首的短行“{title}”", 0.9 if len(titles) == 1 else 0.75)


def _join_before_dash(titles: list[str]) -> tuple[list[str], int]:
    """Join the lines above a dash and the congress to which the report was given; return which line that is, or -1."""
    dash = next((k for k, title in enumerate(titles) if _DASH.match(title)), 0)
    # A banner, or a line that only names the report, is not part of it.
    apart = [k for k, title in enumerate(titles[:dash]) if _BANNER.match(title) or names_report(title)]
    first = apart[-1] + 1 if apart else 0
    if first == dash:
        return titles, -1
    return [*titles[:first], " ".join(titles[first:dash]), *titles[dash:]], first


def _title_score(title: str, position: int) -> float:
    score = 1.0 * (position == 0) + 3.0 * bool("工会" in title or divisions.find(title))
    marks = ((_BANNER, 5.0), (_SUBTITLE, 3.5), (_DASH, 4.0))
    return score - sum(minus for mark, minus in marks if mark.match(title))


def _published(
    restored: Restored, above: Sequence[str], titles: Sequence[str], occasions: Sequence[str]
) -> DatePrinted | None:
    """Return the last labelled date of the head, else its first outside of occasions, else any other."""
    around = [p.text for p in restored.paragraphs if p.kind in ("byline", "furniture")]
    texts = [text for text in [*above, *around] if text not in occasions]
    head = [(text, date) for text in above if text in texts for date in days(text) if _is_whole(date)]
    labelled = [date for text, date in head if text[: date.at[0]].rstrip().endswith((":", "："))]
    if labelled:
        return max(labelled, key=lambda date: date.iso)
    texts += [*occasions, *titles]  # what was given in public appeared that day
    found = [date for text in texts for date in single_days(text)]
    return next((date for date in found if _is_whole(date)), found[0] if found else None)


def _is_whole(date: DatePrinted) -> bool:
    return len(date.iso) == len("2026-02-03")


def _published_on(delivered: DatePrinted | None, published: DatePrinted) -> Inference:
    """Return the inference, doubtful if a report was published before it was given or long after."""
    if delivered is None or delivered.iso == published.iso:
        return Inference("published", published.text, 0.8 if delivered is None else 0.6)
    months = 12 * (published.year - delivered.year) + int(published.iso[5:7]) - int(delivered.iso[5:7])
    if published.iso >= delivered.iso[: len(published.iso)] and months <= _LATER:
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
        if _NAME.fullmatch(name) and (rest or name != first or len(first) <= _SHORT_NAME):
            return name
    return ""

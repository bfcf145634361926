"""Infer title, organisation, place, dates and period of a report, each with its basis."""

from __future__ import annotations

import re
from dataclasses import replace

from qa.reading.head import head_of
from qa.reading.layout.lines import YEARS
from qa.reading.layout.records import Restored
from qa.reading.layout.titles import names_report
from qa.reading.origin import organisation_of, place_of
from qa.reading.overrides import Override
from qa.reading.period import infer_years
from qa.text import divisions
from qa.types import Inference, Period, Report

OPENING = 3  # paragraphs in which a report says whose it is
LONGEST_TITLE = 60  # characters of the name of a table
LONGEST = 60_000  # characters that are searched
_UNION = r"(?:各级)?(?:总工会|工会)"
_SUBTITLE = re.compile(
    r"[—–―-]{1,2}|.{0,30}(?:综述|回眸|纪实|侧记|掠影|巡礼|扫描|请查收)(?:[（(][^（()）]{4,20}[)）])?[！!]?$"
)
_DASH = re.compile(r"[—–―-]+\s*")
_KIND = re.compile(r"报告|总结|回顾|工作")
_BANNER = re.compile(r"热烈(?:庆祝|祝贺)|(?:庆祝|祝贺|喜迎|献礼|欢迎)")
_UNTIL = re.compile(r"截至(?P<year>20\d\d)年(?:(?P<month>1[0-2]|[1-9])月)?(?:底|末|初)?")
_SUFFIXES = re.compile(r"^[\d_\W]*(?:[0-9a-f]{8,}[_-]?)?")


def described(bare: Report, restored: Restored, override: Override | None) -> Report:
    """Return the report with every field not in ``override`` inferred; its title is that of last resort."""
    given = override or Override()
    titles = [heading.text for heading in restored.titles]
    body = "\n".join(p.text for p in restored.paragraphs)[:LONGEST]
    title, subtitle, basis, sure = _title(titles, restored, bare.title)
    inferences = [Inference("title", basis, sure)]
    opening = "\n".join([p.text for p in restored.paragraphs if p.kind == "prose"][:OPENING])
    head = head_of(restored)
    place, why = place_of([*titles, *(text for text in head.occasions if text not in titles)], opening, body)
    inferences.append(why)
    organisation, why = organisation_of(place, titles, opening, body)
    inferences.append(why)
    banners = [p.text for p in restored.paragraphs if p.kind == "caption" and _SUBTITLE.match(p.text)]
    prose = "\n".join(p.text for p in restored.paragraphs if p.kind not in ("byline", "furniture"))[:LONGEST]
    heads = [*(titles or [title]), *banners]
    years = infer_years(heads, [heading.text for heading in restored.headings], prose, body, head)
    as_of, basis, sure = _as_of(prose, given.period or years.results)
    inferences += [years.basis, *head.inferences, *([Inference("as_of", basis, sure)] if as_of else [])]
    return replace(
        bare,
        title=given.title or title,
        subtitle=given.subtitle if given.subtitle is not None else subtitle,
        organisation=given.organisation or organisation,
        place=given.place or place,
        period=given.period or years.results,
        inferences=tuple(
            i if getattr(given, i.field) is None else Inference(i.field, "reports.toml", 1.0)
            for i in inferences
        ),
        published=given.published or head.published,
        as_of=given.as_of or as_of,
        delivered=given.delivered or head.delivered,
        speaker=head.speaker,
        plans=given.plans or years.plans,
    )


def _as_of(prose: str, period: Period | None) -> tuple[str, str, float]:
    """Return the time that present figures refer to, its basis and confidence; ``("", "", 0.0)`` if unknown.

    It is the last 截至 if that is near the end of the period, else that end, which 目前 and 现有 refer to.
    """
    until = max(((_iso(m), m.group(), 0.9) for m in _UNTIL.finditer(prose)), default=None)
    if period and (until is None or int(until[0][:4]) < period.end - 1):
        until = (str(period.end), f"报告期止于{period.end}年", 0.5)
    return until or ("", "", 0.0)


def _iso(match: re.Match[str]) -> str:
    """Turn 2024年6月底 into 2024-06, 2023年底 into 2023-12 and 2023年 into 2023."""
    year, month = match["year"], match["month"]
    if not month and match.group().endswith(("底", "末")):
        month = "12"
    return "-".join(part.zfill(2) for part in (year, month) if part)


def _title(titles: list[str], restored: Restored, name: str) -> tuple[str, str, str, float]:
    """Return title, subtitle, basis and confidence."""
    if not titles:
        captions = [p.text for p in restored.paragraphs[:OPENING] if p.kind == "caption"]
        for text in captions:
            if len(text) <= LONGEST_TITLE and (divisions.find(text) or re.search(_UNION, text)):
                return text, "", f"表格的题名“{text}”", 0.7
        first = next((h.text for h in restored.headings if h.level == 1), "")
        if first and restored.paragraphs and restored.paragraphs[0].heading[:1] == (first,):
            return first, "", f"第一个标题“{first}”", 0.5
        bare = _SUFFIXES.sub("", name) or name
        return bare, "", "文中没有标题，用文件名", 0.3
    titles = _join_before_dash(titles)
    ranked = sorted(range(len(titles)), key=lambda k: (-_title_score(titles[k], k), k))
    title = titles[ranked[0]]
    others = [titles[k] for k in ranked[1:] if not _BANNER.match(titles[k])]
    subtitle = next((t for t in others if _SUBTITLE.match(t)), others[0] if others else "")
    return title, subtitle, f"文首的短行“{title}”", 0.9 if len(titles) == 1 else 0.75


def _join_before_dash(titles: list[str]) -> list[str]:
    """Join the lines above the one after a dash that names the congress to which the report was given."""
    k = next((k for k, title in enumerate(titles) if _DASH.match(title) and "大会" in title), 0)
    apart = any(_BANNER.match(title) or names_report(title) for title in titles[:k])
    return [" ".join(titles[:k]), *titles[k:]] if k and not apart else titles


def _title_score(title: str, position: int) -> float:
    score = 1.0 if position == 0 else 0.0
    if re.search(_UNION, title) or divisions.find(title):
        score += 3.0
    if _KIND.search(title):
        score += 0.5
    if _BANNER.match(title):
        score -= 5.0
    if YEARS.fullmatch("".join(title.split())):
        score -= 6.0
    if _SUBTITLE.match(title):
        score -= 3.5
    return score - (4.0 if _DASH.match(title) else 0.0)

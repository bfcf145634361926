"""HTML from ``templates/``, the words of the interface, in Chinese and English, from ``words.toml``, and links.

What is put into a template is escaped, and invisible characters are left out. Gradio translates labels of
components (``translations``); our HTML has both languages (``both``), of which the style sheet shows the one
of ``<html lang>``, so that a switch needs no server.

Links open a report at a place, ``/?report=…&at=…``, with offsets into its source text. A report's id is a hash of its
name and content, so they outlive every rebuild.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import markupsafe
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from markupsafe import Markup

from qa.text.normal import visible
from qa.text.spans import kept, locate
from qa.text.states import label_at, time_at
from qa.types import Paragraph, Report, Spans

NOTHING = Markup()
_HERE = Path(__file__).parent
_SPAN = re.compile(r"(?<!\d)(\d{1,9})-(\d{1,9})(?!\d)")
_MOST_SPANS = 40


@cache
def _words() -> dict[str, list[str]]:
    return tomllib.loads((_HERE / "words.toml").read_text(encoding="utf-8"))


def chinese(key: str) -> str:
    """Return the Chinese words alone, for places that cannot switch."""
    return _words()[key][0]


def english(key: str) -> str:
    """Return the English words alone, not escaped."""
    return _words()[key][1]


@cache
def said() -> dict[str, str]:
    """Return the key of each sentence that the program says in answers, by its Chinese words, longest first."""
    own = {zh: key for key, (zh, _) in _words().items() if key.startswith("said_")}
    return dict(sorted(own.items(), key=lambda item: -len(item[0])))


def both(key: str, **values: object) -> Markup:
    """Return HTML with both languages, one of which the style sheet hides.

    >>> print(both("copied"))
    <span class="zh" lang="zh-CN">已复制</span><span class="en" lang="en">Copied</span>
    """
    zh, en = (words.format(**values) if values else words for words in _words()[key])
    return in_both(escape(zh), escape(en))


def in_both(zh: Markup, en: Markup) -> Markup:
    """Return HTML of which the style sheet shows one language."""
    spans = Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>')
    return spans.format(zh, en)


def translations() -> dict[str, dict[str, str]]:
    """Return the words by locale, as Gradio's ``I18n`` takes them."""
    zh, en = ({key: words[language] for key, words in _words().items()} for language in (0, 1))
    return {"zh-CN": zh, "zh-TW": zh, "en": en}


def escape(text: str) -> Markup:
    """Return the text as HTML for bodies and attributes, without invisible characters."""
    return markupsafe.escape(visible(text))


def lines(text: str) -> Markup:
    """Return text as HTML of one line: after a blank line the chat would read Markdown."""
    return escape(text.replace("\r", "")).replace("\n", Markup("<br>"))


def cut(text: str, most: int) -> str:
    """Return at most so many characters, with an ellipsis for the others."""
    return text if len(text) <= most else f"{text[:most]}…"


def highlighted(text: str, ranges: Iterable[tuple[int, int]], tag: str = "mark") -> Markup:
    """Return the text with each range inside a tag; the ranges must be sorted and not overlap."""
    inside = Markup("<{}>{}</{}>")
    return with_html(text, ((a, b, inside.format(tag, escape(text[a:b]), tag)) for a, b in ranges))


def with_html(text: str, parts: Iterable[tuple[int, int, Markup]]) -> Markup:
    """Return the text with HTML in place of each part (start, end, HTML); they must be sorted and not overlap."""
    html, at = list[Markup](), 0
    for start, end, part in parts:
        html += (escape(text[at:start]), part)
        at = end
    return Markup().join([*html, escape(text[at:])])


class _OneLine(Extension):
    """Leaves out line ends and indentation of a template: they are there for whoever reads it."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        return re.sub(r"\n\s*", "", source)


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        finalize=lambda value: value if isinstance(value, Markup) else visible(str(value)),
        undefined=StrictUndefined,
        auto_reload=False,
        extensions=[_OneLine],
    )
    helpers = (address, both, chinese, highlighted, label_at, locate, time_at)
    found.globals |= {each.__name__: each for each in helpers}
    found.filters |= {"cut": cut, "lines": lines}
    return found


def render(macro: str, /, **values: object) -> Markup:
    """Return what a macro makes of the values: ``"cards.chart"`` is ``chart`` in ``templates/cards.html``."""
    file, _, name = macro.partition(".")
    found = getattr(_environment().get_template(f"{file}.html").module, name)(**values)
    return Markup(found)  # noqa: S704  # made by the template, which escapes


@dataclass(frozen=True, slots=True)
class Bar:
    """One value; bars of one chart have one unit."""

    label: str  # such as "温州市 2018–2023"; Markup as it is
    value: float
    text: str  # the value as printed
    note: str = ""  # a second line under the label
    href: str = ""  # where its source opens


def chart(bars: Sequence[Bar], caption: str) -> Markup:
    """Return a chart, ``""`` without bars."""
    return render("cards.chart", bars=bars, caption=caption)


def empty(key: str) -> Markup:
    """Return what a page says that has nothing to show."""
    return render("cards.empty", words=both(key))


def good(key: str, **values: object) -> Markup:
    """Return the news that something was done, which screen readers read out."""
    return render("cards.good", words=both(key, **values))


def bar(words: Markup, done: int = 0, total: int = 0) -> Markup:
    """Return the progress, without a bar if there is no total."""
    return render("cards.progress", words=words, done=done, total=total)


def address(report_id: str, spans: Spans = ()) -> str:
    """Return the link; without spans it opens the report at its beginning.

    >>> address("0a1b", ((3, 9), (20, 31)))
    '/?report=0a1b&at=3-9,20-31'
    """
    at = ",".join(f"{start}-{end}" for start, end in spans[:_MOST_SPANS])
    return "/?" + urlencode({"report": report_id} | ({"at": at} if at else {}), safe=",")


def parsed(link: str) -> tuple[str, Spans]:
    """Return report id (or ``""``) and spans of an address.

    >>> parsed("/?report=0a1b&at=3-9,x,7-2")
    ('0a1b', ((3, 9),))
    """
    try:
        found = parse_qs(urlsplit(link).query, max_num_fields=8)
    except ValueError:  # brackets that are no address
        return "", ()
    report, at = (found.get(name, [""])[0] for name in ("report", "at"))
    pairs = [(int(m[1]), int(m[2])) for m in _SPAN.finditer(at)][:_MOST_SPANS]
    return report[:200], tuple((start, end) for start, end in pairs if start < end)


def paragraph_at(report: Report, spans: Spans) -> Paragraph | None:
    """Return the paragraph that holds the first character of the spans, or None."""
    if not spans:
        return None
    at = spans[0][0]
    return next((p for p in report.paragraphs if any(start <= at < end for start, end in p.spans)), None)


def offsets_shown(paragraph: Paragraph, source_text: str, spans: Spans) -> tuple[tuple[int, int], ...]:
    """Return the ranges of a paragraph's text at ``spans`` of the source; touching ranges are joined."""
    sources = [at for a, b in paragraph.spans for at in range(a, b) if kept(source_text[at : at + 1])]
    shown = [at for at, character in enumerate(paragraph.text) if kept(character)]
    if len(sources) != len(shown):
        return ()
    inside = [any(start <= at < end for start, end in spans) for at in sources]
    pairs = groupby(zip(shown, inside, strict=True), key=itemgetter(1))
    runs = [[at for at, _ in run] for is_in, run in pairs if is_in]
    return tuple((run[0], run[-1] + 1) for run in runs)

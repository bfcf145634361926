"""Split an extract into printed lines with their white space, each of the kind that its form or a repeated mark suggests.

A mark alone means nothing; the same mark on several lines shows what it stands for: 【概况】 before its text, a bullet.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.reading.formats import Block, Extract
from qa.reading.layout.characters import NOTE, columns, compact, finished, ink_spans, without_links
from qa.reading.layout.records import Kind, Line
from qa.reading.layout.surroundings import LABEL, NAMES_ONLY, PRESS, is_masthead, is_signature, names_report
from qa.text.numerals import days, hanzi_value
from qa.text.rows import is_indicator

LONGEST_HEADING = 60  # characters without white space
LONGEST_BARE = 70
LONGEST_IMPRINT = 8  # lines
LONGEST_BELOW = 24  # characters of a heading below its number
_WIDEST = 1000  # characters of a short line with its white space
NAMES = "names"  # style of a line of nothing but roles, names and days

_CHINESE = "一二三四五六七八九十百零〇"
_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("第章", re.compile(rf"第([{_CHINESE}\d]+)(?:章|部分|篇|编)")),
    ("第节", re.compile(rf"第([{_CHINESE}\d]+)节")),
    ("一、", re.compile(rf"([{_CHINESE}]{{1,3}})[、.．]")),
    ("（一）", re.compile(rf"[（(]([{_CHINESE}]{{1,3}})[）)]")),
    ("1.1", re.compile(r"(\d{1,2})[.．]\d{1,2}(?=[^\d.%％万亿]{2})")),
    ("1、", re.compile(r"(\d{1,2})(?:[、.．](?!\d)|\s+(?=[^\d\s年月日个名人次场家件万亿%％]))")),
    ("（1）", re.compile(r"[（(](\d{1,2})[）)]")),
)
_KEYWORDS = re.compile(r"(?:关键词|关键字|主题词)[:：]")
BULLET = "■□●○◆◇▲△▼▽★☆※◎▪●·•"
_BYLINE = re.compile(
    rf"(?:[{BULLET}/（(【\[]\s*)?(?:{PRESS}(?:记者|通讯员|评论员|撰稿人)|撰文|撰稿|"
    r"作者|供稿|摄影|摄像|文/|图/|文图|图文|制图|责任编辑|责编|编辑|美编|校对|统筹|策划|整理|来源)[/／:：\s、（(]?"
)
_NAMES = re.compile(rf"[{BULLET}]\s*[\u4e00-\u9fff·]{{2,4}}(?:[\s、]+[\u4e00-\u9fff·]{{2,4}}){{0,5}}")
_CAPTION = re.compile(
    r"(?:[▲▼△↑↓←→]|[（(]?图[①-⑳\d一二三四五六七八九十]*(?:为|片|[:：、）)]|\s)|图\d{1,2}(?=[\u4e00-\u9fff])|上图|下图|左图|右图)"
)
_CREDIT = re.compile(r"(?:摄|供图|图)[）)]?$|[（(](?:资料|网络|档案)?(?:图片|照片|图)[）)]$")
_TABLE_TITLE = re.compile(
    r"(?:附?表|附件)\s*[一二三四五六七八九十\d]{0,2}(?:[-—.]\d{1,2})?(?:[:：、.．\s]|(?=[\u4e00-\u9fff\d]{2}.*表$)).*|表\d{1,2}(?=[\u4e00-\u9fff]).*"
    r"|.{2,}(?:一览|统计|情况|汇总|明细|对照|数据|指标)表|[（(]?(?:金额|计量)?单位[:：].{1,12}"
)
_PAGE = re.compile(r"[-—–·・\s]*(?:第?\s*(?:\d{1,4}|[A-Z]?\d{1,3})\s*[页版]|[-—–·・]\s*\d{1,4}\s*[-—–·・]|\d{1,4}\s*/\s*\d{1,4}"
                   r"|第\s*\d+\s*页\s*[,，/]?\s*共\s*\d+\s*页)[-—–·・\s]*")  # fmt: skip
_NUMBER = re.compile(r"\d{1,4}")
_WORDLESS = re.compile(r"[\W_]+")
_STOPS = re.compile(r"[，。！？；：、,.!?;:”’）)》」』\"']{1,4}")
_ITEM = re.compile(rf"[{_CHINESE}]是|\d")  # how one of several things begins that a comma parts
_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_DIGITS = re.compile(r"\d+")
_IMPRINT = ("bare", "byline", "furniture", "caption")
_FIXED: dict[str, Kind] = {
    "paragraph": "prose", "item": "prose", "heading": "heading", "table row": "table row", "caption": "caption", "note": "note",
}  # fmt: skip


def lines(extract: Extract) -> list[Line]:
    """Return the lines in reading order, each with the kind that its own form suggests."""
    return _imprint(_below_numbers(_without_furniture(_table_titles(list(_read(extract))))))


def _read(extract: Extract) -> Iterator[Line]:
    text, before, cut = extract.text, 0, False
    for number, block in enumerate(extract.blocks):
        spans = ink_spans(text, block.start, block.end)
        start, end = block.printed or (block.start, block.end)
        between = text[before:start]
        before = end
        raw = text[spans[0][0] : spans[-1][1]] if spans else ""
        raw = re.sub(NOTE, "", raw) if extract.format == "md" else raw
        ink = compact(raw)
        if not ink:
            continue
        *ended, space = _BREAK.split(between)
        indent = columns(space)
        gap = 99 if number == 0 else max(len(ended) - 1, 0)
        shown = without_links(text, spans) if extract.format == "md" else ()
        plain = "".join(text[a:b] for a, b in shown) or raw
        bare = plain.strip("*_ ")  # without emphasis
        given = block.role in _FIXED
        kind, style, order = _fixed_form(block, bare, ink) if given else form(bare, compact(plain))
        if block.role == "cut line" and kind == "bare":
            kind = "prose"
        below = "".join(text[b.start : b.end].strip() for b in extract.blocks[number + 1 : number + 2])
        listed = is_numbered(below) or _ITEM.match(below)
        open_end = block.role in ("paragraph", "line") and ink[-1] in "，,、" and not listed  # none ends so
        if open_end and kind == "heading" and finished(below):  # a numbered sentence in two lines
            kind, style, order = "prose", "", 0
        after_cut, cut = cut and (gap == 0), block.role == "cut line" or open_end
        fixed = given and not open_end and not (after_cut and block.role == "paragraph")
        yield Line(
            spans, ink, gap, indent, columns(raw), len(space) + len(raw), kind, style, order,
            fixed=fixed, torn=after_cut and not fixed,
        )  # fmt: skip


def _table_titles(found: list[Line]) -> list[Line]:
    """Make lines right above a table that name it or state its unit captions: they are no headings."""
    below = False  # whether the next line is a row or another such line
    for i, line in reversed([*enumerate(found)]):
        short = line.kind == "bare" or (line.kind == "heading" and not line.style.startswith("#"))
        if below and short and not line.order and _TABLE_TITLE.fullmatch(line.ink):
            found[i] = with_kind(line, "caption")
        below = found[i].kind == "table row" or (below and found[i].kind == "caption")
    return found


def _fixed_form(block: Block, raw: str, ink: str) -> tuple[Kind, str, int]:
    if block.role == "paragraph":  # complete, but not necessarily prose
        found = form(raw, ink)
        return found if found[0] != "furniture" or _WORDLESS.fullmatch(ink) else ("prose", "", 0)
    if block.role != "heading":
        return _FIXED[block.role], "", 0
    _, style, order = form(raw.lstrip("# \t"), ink.lstrip("#"))
    return "heading", f"#{block.level}{style if order else ''}" if block.level else style, order


def form(raw: str, ink: str) -> tuple[Kind, str, int]:
    """Return the kind, style of the mark and number that a line's own characters suggest.

    >>> form("二、维权服务", "二、维权服务")
    ('heading', '一、', 2)
    """
    size, ended = len(ink), finished(ink)
    if len(raw) > _WIDEST:  # endless white space would make patterns backtrack without end
        raw = " ".join(raw.split())
    if not 0 < size <= LONGEST_BARE:
        return ("keywords" if _KEYWORDS.match(ink) else "prose"), "", 0
    if _WORDLESS.fullmatch(ink):
        return ("prose" if _STOPS.fullmatch(ink) else "furniture"), "", 0
    if _PAGE.fullmatch(raw) or is_masthead(raw):
        return "furniture", "", 0
    if _KEYWORDS.match(ink):
        return "keywords", "", 0
    if is_signature(raw, ink) or (not ended and NAMES_ONLY.fullmatch(raw.lstrip(f"{BULLET} "))):
        return "byline", NAMES, 0
    if not ended and ((_BYLINE.match(raw) and size <= 40) or _NAMES.fullmatch(raw)):
        return "byline", "", 0
    if _CAPTION.match(raw) or (_CREDIT.search(ink) and not ended):
        return "caption", "", 0
    longest = 24 if ended else LONGEST_HEADING
    for style, mark in _MARKS:
        match = mark.match(raw)
        if match and match.end() < len(raw) and size <= longest:
            return "heading", style, _number(match[1])
    unfinished = not ended and ink[-1] not in "，,、；;：:" and "。" not in ink
    return ("bare" if unfinished else "prose"), "", 0


def number_in_style(ink: str, style: str) -> int:
    """Return the number that a line begins with, if its mark is of this style; else 0.

    >>> number_in_style("5.办好职工运动会", "1、"), number_in_style("五、办好职工运动会", "1、")
    (5, 0)
    """
    match = next((mark.match(ink) for own, mark in _MARKS if own == style), None)
    return _number(match[1]) if match else 0


def is_numbered(ink: str) -> bool:
    """Whether a line begins with the mark of a heading or an item."""
    return any(mark.match(ink) for _, mark in _MARKS)


def _number(mark: str) -> int:
    return int(mark) if mark.isdecimal() else int(hanzi_value(mark) or 0)


def _without_furniture(found: list[Line]) -> list[Line]:
    """Mark lines repeated on page after page, and page numbers alone, as furniture."""
    loose = [line for line in found if not line.fixed and len(line.ink) <= 30]
    faces = Counter(_DIGITS.sub("0", line.ink) for line in loose if line.kind in ("bare", "heading"))
    texts = Counter(line.ink for line in found if len(line.ink) > 30)
    copies = max(texts.values(), default=1)  # of the whole text
    numbers = [int(line.ink) for line in loose if _NUMBER.fullmatch(line.ink)]
    counted = len(numbers) >= 2 and numbers == sorted(numbers)

    for i, line in enumerate(found):
        if line.kind == "bare" and not line.fixed and len(line.ink) <= 30:
            repeated = faces[_DIGITS.sub("0", line.ink)] > max(2, copies)
            if repeated or (counted and _NUMBER.fullmatch(line.ink)):
                found[i] = with_kind(line, "furniture")
    return found


def _below_numbers(found: list[Line]) -> list[Line]:
    """Make the short lines below 01, 02, 03, each alone on its line, headings with these numbers."""
    numbers = [i for i, line in enumerate(found[:-2]) if _NUMBER.fullmatch(line.ink)]
    below = {found[i + 1].ink: i + 1 for i in numbers if found[i + 1].kind == "bare"}
    counted = [int(found[i].ink) for i in numbers] == [*range(1, len(below) + 1)]
    if len(below) > 1 and counted and max(map(len, below)) <= LONGEST_BELOW:
        for order, i in enumerate(below.values(), 1):
            found[i] = replace(found[i], kind="heading", style="1、", order=order)
    return found


def _imprint(found: list[Line]) -> list[Line]:
    """Make what stands below the day at the end of an official document bylines, the list of annexes above captions.

    The document stands above; rows of a table, and what counts something (职工书屋：57家), belong to it.
    """
    text = next((i for i, line in enumerate(found) if line.kind == "prose"), len(found))
    first = max(len(found) - LONGEST_IMPRINT, text + 1)
    signed = (i for i in range(first, len(found)) if found[i].style == NAMES and any(days(found[i].ink)))
    day = max(signed, default=len(found))
    below = found[day + 1 :]
    imprint = (line.kind in _IMPRINT or (line.kind == "prose" and LABEL.match(line.ink)) for line in below)
    if not all(imprint) or any(is_indicator(line.ink) for line in below):
        return found
    above = next((i for i in reversed(range(day)) if found[i].kind not in ("bare", "heading")), day) + 1
    annexes = next((i for i in range(above, day) if found[i].ink.startswith("附件")), day)
    lists = [with_kind(line, "caption") if line.order else line for line in found[annexes:day]]
    return [*found[:annexes], *lists, *found[day : day + 1], *(with_kind(line, "byline") for line in below)]


def with_kind(line: Line, kind: Kind) -> Line:
    """Return the line as another kind, without the mark of a heading."""
    return replace(line, kind=kind, style="", order=0)


LEAST = 3  # lines with a mark that are a list
LONGEST_NAME = 12  # of a newspaper
LONGEST_ITEM = 70
LEAD = 8  # lines at the top that may be a masthead
_RUN_IN = re.compile(r"【[^【】\n]{2,14}】[\s\u3000*]*(?=[^\s【*])")
_TITLED = ("bare", "heading")


def with_marks(found: Sequence[Line], text: str) -> list[Line]:
    """Return the lines with the kinds that repeated marks show; a heading before its text on one line becomes a line."""
    lines = list(_run_in_headings(found, text))
    return _mastheads(_bullets(lines), text)


def _run_in_headings(found: Sequence[Line], text: str) -> Iterator[Line]:
    """Yield each line, or a heading in 【】 and the text that follows it on the same line, if several begin so."""
    cuts = {
        at: match.end()
        for at, line in enumerate(found)
        if line.kind == "prose" and (match := _RUN_IN.match(text, line.start, line.spans[0][1]))
    }
    for at, line in enumerate(found):
        if len(cuts) < LEAST - 1 or at not in cuts:
            yield line
            continue
        (start, end), *rest = line.spans
        head = line.ink[: line.ink.index("】") + 1]
        printed = start + len(text[start : cuts[at]].rstrip())
        apart = replace(line, gap=max(line.gap, 1))  # neither is joined to what is above it
        yield replace(apart, spans=((start, printed),), ink=head, width=0, kind="heading", style="【】")
        yield replace(line, spans=((cuts[at], end), *rest), ink=line.ink[len(head) :], gap=1)


def _bullets(lines: list[Line]) -> list[Line]:
    """Make lines that follow each other with one bullet prose; what stands alone with it several times is no byline."""
    places = defaultdict[str, set[int]](set)
    for at, line in enumerate(lines):
        if line.ink[0] in BULLET and len(line.ink) <= LONGEST_ITEM and not line.fixed:
            places[line.ink[0]].add(at)
    for every in places.values():
        listed = {at for at in every if at + 1 in every or at - 1 in every}
        is_list = 2 * len(listed) >= len(every)
        for at in every if len(every) >= LEAST else ():
            if is_list and at in listed and lines[at].kind not in ("furniture", "prose"):
                lines[at] = replace(with_kind(lines[at], "prose"), fixed=at + 1 in every)
            elif not is_list and lines[at].kind == "byline" and not lines[at].style:
                lines[at] = with_kind(lines[at], "bare")
    return lines


def _mastheads(lines: list[Line], text: str) -> list[Line]:
    """Make the name of a newspaper above the line with its day and page furniture, if a title stands below."""
    top = lines[:LEAD]
    issue = next((at for at, line in enumerate(top) if is_masthead(text[line.start : line.end])), 0)
    names = [line for line in top[:issue] if line.kind in (*_TITLED, "furniture")]
    short = all(len(line.ink) <= LONGEST_NAME and not names_report(line.ink) for line in names)
    title = next((line for line in top[issue + 1 :] if line.kind not in ("furniture", "byline")), None)
    if issue == len(names) > 0 and short and title and title.kind in _TITLED and not title.order:
        lines[:issue] = [with_kind(line, "furniture") for line in names]
    return lines

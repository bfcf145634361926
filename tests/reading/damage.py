"""Newspaper damage: clean articles in, what an export makes of them out, and a score of what comes back."""

import random
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["DAMAGES", "Article", "Score", "damage", "score"]

Section = tuple[str, tuple[str, ...]]
Article = Sequence[Section]
Blocks = list[str]  # printed lines; an empty string is a blank line
_SHORTEST_CUT = 12  # characters on both sides of a cut


@dataclass(frozen=True, slots=True)
class Score:
    """As the shares of characters and paragraphs, 0 to 1."""

    coverage: float
    foreign: float
    paragraph_f1: float
    heading: float  # paragraphs under their own heading, of those that came back


def _plain(article: Article) -> Blocks:
    lines: Blocks = []
    for heading, paragraphs in article:
        if heading:
            lines += [heading, ""]
        for paragraph in paragraphs:
            lines += [paragraph, ""]
    return lines


def one_line(article: Article, chance: random.Random, captions: Sequence[str]) -> str:
    """A paragraph a line, no blank lines: nothing to repair."""
    return "\n".join(line for line in _plain(article) if line)


def blank_lines(article: Article, chance: random.Random, captions: Sequence[str]) -> str:
    """Paragraphs between blank lines: nothing to repair."""
    return "\n".join(_plain(article))


def cuts(article: Article, chance: random.Random, captions: Sequence[str]) -> str:
    """Columns end at random characters, a blank line between the halves."""
    lines: Blocks = []
    for line in _plain(article):
        lines += _cut(line, chance)
    return "\n".join(lines)


def _cut(line: str, chance: random.Random) -> Blocks:
    if len(line) < 60 or chance.random() < 0.4:
        return [line]
    at = chance.randrange(_SHORTEST_CUT, len(line) - _SHORTEST_CUT)
    return [line[:at], "", line[at:]]


def captions_inside(article: Article, chance: random.Random, captions: Sequence[str]) -> str:
    """Cut columns with the caption of a picture in the hole, or between whole paragraphs."""
    left = list(captions)
    chance.shuffle(left)
    lines: Blocks = []
    for line in _plain(article):
        parts = _cut(line, chance)
        if len(parts) > 1 and left and chance.random() < 0.5:
            parts = [parts[0], "", "", "", left.pop(), "", parts[2]]
        elif line and left and len(line) > 60 and chance.random() < 0.2:
            parts = [*parts, "", "", "", left.pop(), "", ""]
        lines += parts
    return "\n".join(lines)


def wraps(article: Article, chance: random.Random, captions: Sequence[str]) -> str:
    """Hard wraps at a fixed width, blank lines between paragraphs."""
    width = chance.randrange(18, 44)
    return "\n".join(
        part for line in _plain(article) for part in ([""] if not line else _wrapped(line, width))
    )


def wraps_indented(article: Article, chance: random.Random, captions: Sequence[str]) -> str:
    """Hard wraps with an indent and no blank lines, as in a printed book."""
    width = chance.randrange(18, 44)
    lines: Blocks = []
    for line in _plain(article):
        if line:
            lines += _wrapped("\u3000\u3000" + line if len(line) > 30 else line, width)
    return "\n".join(lines)


def _wrapped(line: str, width: int) -> Blocks:
    return [line[k : k + width] for k in range(0, len(line), width)]


def spaces(article: Article, chance: random.Random, captions: Sequence[str]) -> str:
    """A stray space every so many characters, as if narrow columns had been pasted together."""
    width = chance.randrange(12, 22)
    return "\n".join(" ".join(_wrapped(line, width)) for line in _plain(article))


def stars(article: Article, chance: random.Random, captions: Sequence[str]) -> str:
    """Figures in asterisks, some on both sides of spaces."""
    return "\n".join(
        re.sub(r"\d+", lambda m: f"**{m[0]}**" if chance.random() < 0.7 else f"** {m[0]} **", line)
        for line in _plain(article)
    )


def far(article: Article, chance: random.Random, captions: Sequence[str]) -> str:
    """One paragraph is torn, and its end stands some paragraphs later."""
    lines = [line for line in _plain(article) if line]
    long = [k for k, line in enumerate(lines[:-2]) if len(line) >= 60]
    if long:
        k = chance.choice(long)
        at = chance.randrange(_SHORTEST_CUT, len(lines[k]) - _SHORTEST_CUT)
        rest = lines[k][at:]
        lines[k] = lines[k][:at]
        lines.insert(min(k + chance.randrange(2, 5), len(lines)), rest)
    return "\n\n".join(lines)


def headings_displaced(article: Article, chance: random.Random, captions: Sequence[str]) -> str:
    """Headings torn from their sections: at the end of the page, at its top, or before another paragraph.

    Half of the articles number their headings.
    """
    numbered = chance.random() < 0.5
    lines: Blocks = [article[0][0]] if article[0][0] else []
    lines += article[0][1]
    top = bool(article[0][0])
    torn: Blocks = []
    for number, (heading, paragraphs) in enumerate(article[1:]):
        printed = f"{'一二三四五六七八九十'[number]}、{heading}" if numbered else heading
        if chance.random() < 0.4:
            torn.append(printed)
        else:
            lines.append(printed)
        lines += paragraphs
    for heading in torn:
        place = chance.choice((len(lines), int(top), chance.randrange(1, len(lines))))
        lines.insert(place, heading)
    return "\n\n".join(lines)


def furniture(article: Article, chance: random.Random, captions: Sequence[str]) -> str:
    """Cut pages with their number and the name of the paper between."""
    lines: Blocks = []
    page = 1
    for line in _plain(article):
        parts = _cut(line, chance)
        if len(parts) > 1:
            page += 1
            parts = [parts[0], "", f"— {page} —", "", "河湾日报", "", parts[2]]
        lines += parts
    return "\n".join(lines)


def everything(article: Article, chance: random.Random, captions: Sequence[str]) -> str:
    """Cuts, captions, stray spaces and asterisks at once."""
    text = captions_inside(article, chance, captions)
    text = re.sub(r"\d+", lambda m: f"**{m[0]}**" if chance.random() < 0.3 else m[0], text)
    width = chance.randrange(14, 22)
    return "\n".join(
        " ".join(_wrapped(line, width)) if chance.random() < 0.3 else line for line in text.split("\n")
    )


DAMAGES: dict[str, Callable[[Article, random.Random, Sequence[str]], str]] = {
    "one line a paragraph": one_line,
    "blank lines": blank_lines,
    "columns cut": cuts,
    "captions inside": captions_inside,
    "hard wraps": wraps,
    "hard wraps, indented": wraps_indented,
    "stray spaces": spaces,
    "asterisks": stars,
    "page furniture": furniture,
    "torn far apart": far,
    "headings displaced": headings_displaced,
    "everything": everything,
}


def damage(kind: str, article: Article, seed: int, captions: Sequence[str]) -> str:
    """The article as a damaged text; the same seed gives the same damage."""
    return DAMAGES[kind](article, random.Random(f"{kind} {seed}"), captions)


def bare(text: str) -> str:
    """Without white space, asterisks and hash marks, widths made equal."""
    return re.sub(r"[\s*#]", "", unicodedata.normalize("NFKC", text))


def _windows(text: str, size: int) -> list[str]:
    return [w for k in range(len(text) - size + 1) if "\n" not in (w := text[k : k + size])]


def score(article: Article, paragraphs: Sequence[tuple[str, str]]) -> Score:
    """How much of the clean article came back, and how much else did.

    Args:
        article: clean; the heading of its first section is its title, which heads no paragraph.
        paragraphs: heading and text of each paragraph that was read.
    """
    gold = [bare(p) for _, section in article for p in section]
    mine = [bare(p) for _, p in paragraphs]
    filed = {bare(p): _words_of(heading) for heading, p in paragraphs}
    own = {
        bare(p): _words_of(heading) if k else ""
        for k, (heading, section) in enumerate(article)
        for p in section
    }
    back = [p for p in own if p in filed]
    gold_text, text = "\n".join(gold), "\n".join(mine)
    have, allowed = set(_windows(text, 8)), set(_windows(gold_text, 16))
    need, printed = _windows(gold_text, 8), _windows(text, 16)
    both = len(set(gold) & set(mine))
    return Score(
        coverage=sum(w in have for w in need) / max(len(need), 1),
        foreign=sum(w not in allowed for w in printed) / max(len(printed), 1),
        paragraph_f1=2 * both / (len(set(gold)) + len(set(mine))),
        heading=sum(filed[p] == own[p] for p in back) / max(len(back), 1),
    )


def _words_of(heading: str) -> str:
    return re.sub(r"^[一二三四五六七八九十]、", "", bare(heading))

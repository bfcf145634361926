"""Show sentences of reports to a model, and parse its reply into labelled lines and these into marked pieces.

The sentences are numbered, as data inside a frame with an unpredictable border.

Nothing of a report ever enters the instructions. Inside the frame each sentence is one line without invisible
characters; brackets are widened, so that no text closes the frame, opens a chat template's role or forges a
mark. Sentences that give orders to a machine are left out.

What models do to the form of a reply is tolerated: thoughts, emphasis, bullets, code fences and invisible characters are
removed; a label may be missing, a line broken, and marks may follow the full stop, use other brackets, share one pair or
form a range.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, zip_longest
from secrets import token_hex
from typing import TypeAlias

from qa.answering.statement import Evidence
from qa.text.normal import visible
from qa.text.organisations import report_label
from qa.text.sentences import is_injection
from qa.text.units import sentence_spans
from qa.types import Hit

ROOM_FIRST = 400  # characters of one of the first passages
ROOM_OTHERS = 250  # characters of one of the others
FIRST = 3  # passages shown at length
SHORT = 150  # characters up to which a passage is shown whole
MARKS = 6  # characters of a number and a line end
WIDEST_RANGE = 9  # marks that [2-5] may stand for

# Of each passage its sentences in text order, the best passage first
Shown: TypeAlias = Sequence[Sequence[Evidence]]

_WIDE = str.maketrans("<>[]〔〕{}|｜", "\uff1c\uff1e\uff3b\uff3d（）（）／／")
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)|\A.*</think(?:ing)?>", re.S)
_DECORATION = re.compile(r"\*\*|__|^`{3}.*$|^#+\s*", re.M)
_BULLET = re.compile(r"^(?:[-*•·>]\s*|\d{1,2}[.、)）]\s*(?!\d)|[（(]\d{1,2}[)）]\s*)+")
_LABEL = re.compile(r"^[【\[]?([一-龥]{1,5})[】\]]?\s*\d?\s*[:：]\s*")
_WRITTEN = re.compile(
    r"[\[［【]\s*(?:资料|编号|出处|来源|\^)?\s*(\d{1,4}(?:\s*[-–—~～至,，、;；]\s*\d{1,4})*)\s*[\]］】]"
)
_PART = re.compile(r"(\d+)(?:\s*[-–—~～至]\s*(\d+))?")
_LATE = re.compile(r"([。！？!?；;，,]+)\s*((?:\[\d+\])+)")
_MARKS = re.compile(r"((?:\[\d+\]\s*)+)")
_WHOLE = re.compile(r"[。！？!?；;\]）)”』]$")


def neutral(text: str) -> str:
    """Return the visible text in one line with widened brackets, which closes no frame, opens no role and is no mark."""
    return " ".join(visible(text).split()).translate(_WIDE)


def shown_sentences(hits: Sequence[Hit], room: int) -> Shown:
    """Return the sentences that fit into ``room``; of long passages the best ones and their neighbours."""
    chosen: list[tuple[Evidence, ...]] = []
    for hit in hits:
        own = _of_passage(hit, len(chosen))
        size = len(_head(hit)) + sum(item.end - item.start + MARKS for item in own)
        if own and size <= room:
            room -= size
            chosen.append(own)
    return chosen


def _of_passage(hit: Hit, rank: int) -> tuple[Evidence, ...]:
    """Return its sentences that fit: matched ones, best first, then their neighbours, and all of a short passage."""
    text, spans = hit.paragraph.text, sentence_spans(hit.paragraph)
    starts = [start for start, _ in spans]
    matched = [starts.index(s.start) for s in hit.matched if s.start in starts]
    around = [near for at in matched for near in (at - 1, at + 1) if 0 <= near < len(spans)]
    others = range(len(spans)) if len(text) <= SHORT else ()
    room, taken = ROOM_FIRST if rank < FIRST else ROOM_OTHERS, set[int]()
    for at in dict.fromkeys((*matched, *around, *others)):
        size = spans[at][1] - spans[at][0]
        if (size <= room or not taken) and not is_injection(text[slice(*spans[at])]):
            taken.add(at)
            room -= size
    return tuple(Evidence(hit, *spans[at], rank) for at in sorted(taken))


def framed(shown: Shown, *after: str) -> str:
    """Return a user's message: the framed sentences, numbered from 1, then what is asked."""
    numbers, lines = count(1), list[str]()
    for own in shown:
        lines += (_head(own[0].hit), *(f"[{next(numbers)}] {neutral(item.text)}" for item in own))
    return bordered(lines, *after)


def bordered(lines: Iterable[str], *after: str) -> str:
    """Return lines of data between two borders, then what is asked."""
    border = f"=== 资料 {token_hex(8)} ==="
    return "\n".join((border, *lines, border, *after))


def _head(hit: Hit) -> str:
    """Return the report, years and headings of a passage."""
    parts = (report_label(hit.report) or hit.report.source.name, *hit.paragraph.heading)
    return f"〔{' · '.join('' if is_injection(part) else neutral(part) for part in parts if part)}〕"


def labelled(reply: str, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the lines of a reply, each with the meaning of its label by ``labels``, ``""`` if it has none."""
    found: list[tuple[str, str]] = []
    for line in _DECORATION.sub("", _THOUGHT.sub("", reply)).splitlines():
        bare = _BULLET.sub("", " ".join(visible(line).split()))
        match = _LABEL.match(bare)
        kind = labels.get(match[1], "") if match else ""
        text = bare[match.end() :] if match and kind else bare
        if kind or not found or found[-1][0] not in ("answer", "correction") or _WHOLE.search(found[-1][1]):
            found.append((kind, text))
        else:  # continues the line before
            found[-1] = (found[-1][0], found[-1][1] + text)
    return tuple((kind, text) for kind, text in found if kind or text)


def pieces(text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the text before each group of marks with their numbers, then the rest without numbers."""
    clean = _LATE.sub(r"\2\1", _WRITTEN.sub(_plain_marks, text))
    said = _MARKS.split(clean)  # text and marks in turn
    for words, marks in zip_longest(said[::2], said[1::2], fillvalue=""):
        if piece := _trimmed(words):
            yield piece, tuple(dict.fromkeys(map(int, re.findall(r"\d+", marks))))


def _plain_marks(written: re.Match[str]) -> str:
    numbers: list[int] = []
    for first, last in _PART.findall(written[1]):
        low, high = int(first), int(last or first)
        numbers += range(low, high + 1) if low <= high < low + WIDEST_RANGE else (low, high)
    return "".join(f"[{number}]" for number in numbers)


def _trimmed(text: str) -> str:
    """Strip punctuation from a piece; return ``""`` if no word is left."""
    bare = re.sub(r"^[\s，,。；;、！!？?：:]+|[\s，,。；;、：:]+$", "", text)
    return bare if any(map(str.isalnum, bare)) else ""

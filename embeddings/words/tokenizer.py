"""Cuts Chinese text into the words that BM25 matches.

Words, and the shorter words in them, are those of jieba's search mode without guessing, found by jieba-rs: nine times
as fast, and loaded in a tenth of a second. Where it knows nothing, single characters in a row become overlapping pairs,
so names it never saw are still matched. Numbers stay whole (``36.58万``, ``92.3%``), function words are dropped. How
often a word stands and its part of speech are looked up in jieba's own dictionary, a sorted file that is never loaded.
"""

import mmap
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import chain, groupby, pairwise
from math import log
from pathlib import Path
from typing import NamedTuple

WORDS_VERSION = "1"  # goes up with every change that changes the words of a text

TRADITIONAL_FILE = Path(__file__).with_name("traditional.txt")
DICTIONARY_TOTAL = 60_101_967  # sum of all frequencies in jieba's dictionary

# As NFKC has it; without them NFKC has nothing to do.
NARROW = tuple(zip("，：；！？（）％", ",:;!?()%", strict=True))
PIECE = re.compile(
    r"(?P<number>\d+(?:[.,:]\d+)*(?:[十百千万亿]+|%|‰)?)"
    r"|(?P<han>[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]+)"
    r"|(?P<other>[^\W\d_\u3400-\u9fff]+)"
)

# Words that bind sentences or ask, and say nothing about what a text is about.
FUNCTION_WORD_LIST = """
的 了 着 过 和 与 及 以及 或 或者 而 而且 并 并且 在 是 为 于 以 对 对于 把 被 将 从 向 由 由于 到 给 让 使 这 那
这个 那个 这些 那些 其 其中 该 此 之 所 者 也 都 就 还 又 再 很 更 最 已 已经 曾 曾经 正 正在 不 没 没有 有 我 你
他 她 它 我们 你们 他们 它们 自己 大家 吗 呢 吧 啊 呀 嘛 哪 哪些 哪个 哪里 谁 何 何时 什么 怎么 怎样 怎么样 如何
多少 几 是否 为什么 为何 请问 一下 一个 一种 因为 所以 如果 但 但是 虽然 然而 因此 即 则 且 若 等 等等 上 下 中
里 内 外 后 前 时 地 得 个 来 去 说 要 会 能 可 可以 应 应该 只 才 便 却 当 按 按照 根据 通过 关于 有关 各 每 某
另 另外 同时 以上 以下 a an the of to in on for and or is are was were be what which who how when where
"""
FUNCTION_WORDS = frozenset(FUNCTION_WORD_LIST.split())


@cache
def _simpler() -> dict[int, str]:
    lines = TRADITIONAL_FILE.read_text("utf-8").splitlines()
    pairs = "".join(line for line in lines if not line.startswith("#"))
    return {ord(pairs[i]): pairs[i + 1] for i in range(0, len(pairs), 2)}


@cache
def _traditional() -> re.Pattern[str]:
    """What is looked for first: few texts hold any, and a look costs a tenth of going through all characters."""
    return re.compile("[" + "".join(map(chr, _simpler())) + "]")


def simplified(text: str) -> str:
    """Traditional to simplified characters, one by one; a text in simplified characters stays as it is.

    >>> simplified("溫州市總工會")
    '温州市总工会'
    """
    return text.translate(_simpler()) if _traditional().search(text) else text


def normalise(text: str) -> str:
    """Full width to half width, traditional to simplified characters, lower case."""
    for wide, narrow in NARROW:
        text = text.replace(wide, narrow)
    return simplified(unicodedata.normalize("NFKC", text).lower())


@cache
def _dictionary() -> tuple[mmap.mmap, int]:
    """The lines ``word count tag`` of jieba's dictionary, and where the sorted ones begin: Latin words come first."""
    package = find_spec("jieba")  # importing it warns of invalid escape sequences
    assert package is not None
    assert package.origin is not None
    with Path(package.origin).with_name("dict.txt").open("rb") as file:
        lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return lines, lines.find("\n一 ".encode()) + 1


@lru_cache(maxsize=16384)
def _entry(word: str) -> tuple[int, str]:
    """The count and the tag of a word in the dictionary; 0 and ``""`` where it is unknown."""
    (lines, _), first = _dictionary(), word[:1].encode("utf-8")
    at = lines.find(f"\n{word} ".encode(), _line_at(first) - 1, _line_at(first + b"\xff"))
    if at < 0:
        return 0, ""
    _, count, tag = lines[at + 1 : lines.find(b"\n", at + 1)].decode("utf-8").split(" ")
    return int(count), tag


@lru_cache(maxsize=16384)
def _line_at(beginning: bytes) -> int:
    """Offset of the first line that begins so, or with what is sorted after it."""
    lines, sorted_from = _dictionary()

    def begins(at: int) -> bytes:
        start = lines.rfind(b"\n", 0, at) + 1
        return lines[start : start + len(beginning)]

    return bisect_left(range(len(lines)), beginning, lo=sorted_from, key=begins)


def cut(text: str) -> list[str]:
    """Words, numbers and Latin words of a text in order, each character in one of them at most."""
    return [word for piece in PIECE.finditer(normalise(text)) for word in _cut_piece(piece)]


def _cut_piece(piece: re.Match[str]) -> list[str]:
    import rjieba

    return rjieba.cut(piece.group(), False) if piece.lastgroup == "han" else [piece.group()]


def cut_at(text: str) -> Iterator[tuple[int, str]]:
    """The words of a text with their offsets, without those whose letters are written otherwise in it.

    >>> list(cut_at("建成12家书屋"))
    [(0, '建成'), (2, '12'), (4, '家'), (5, '书屋')]
    """
    at = 0
    for word in cut(text):
        start = text.find(word, at)
        if start >= 0:
            at = start + len(word)
            yield start, word


def frequency(word: str) -> float:
    """How often a word stands in a million words of general Chinese, by jieba's dictionary; 0.0 where unknown.

    >>> frequency("参加") > 100 > frequency("驿站")
    True
    """
    return _entry(word)[0] / DICTIONARY_TOTAL * 1e6


def rarity(word: str) -> float:
    """How informative a word is by its frequency in general Chinese, 0.2 to 1; 1 where it is unknown.

    >>> rarity("的"), rarity("□")
    (0.2, 1.0)
    """
    per_million = frequency(word)
    return min(max((log(1e6 / per_million) - 6.5) / 4.5, 0.2), 1.0) if per_million else 1.0


def part_of_speech(word: str) -> str:
    """The tag that jieba's dictionary gives a word (n, v, vn, a …); ``""`` where it is unknown or empty.

    >>> part_of_speech("书屋"), part_of_speech("征集"), part_of_speech("□")
    ('n', 'v', '')
    """
    return _entry(word)[1]


def words(text: str) -> list[str]:
    """The words of a text for BM25: those of the dictionary's search mode, pairs of characters where it knows none.

    >>> words("帮扶资金36.58万元")
    ['帮扶', '资金', '36.58万', '元']
    """
    found: list[str] = []
    for piece in PIECE.finditer(normalise(text)):
        if piece.lastgroup == "han":
            for single, run in groupby(_cut_piece(piece), key=lambda word: len(word) == 1):
                own = list(run)
                found += _of_singles(own) if single else chain.from_iterable(map(_inner, own))
        elif piece.group() not in FUNCTION_WORDS:
            found.append(piece.group())
    return found


@cache
def _inner(word: str) -> tuple[str, ...]:
    """What a word of several characters is found by: words of two and three inside it, then itself; no function word."""
    import rjieba

    shorter = (
        word[start : start + length]
        for length in (2, 3)
        if len(word) > length
        for start in range(len(word) - length + 1)
    )
    return () if word in FUNCTION_WORDS else (*filter(rjieba.has_word, shorter), word)


def _of_singles(characters: list[str]) -> list[str]:
    """Single characters in a row, and their overlapping pairs; no function word."""
    if len(characters) == 1:
        return [] if characters[0] in FUNCTION_WORDS else characters
    return [
        *(character for character in characters if character not in FUNCTION_WORDS),
        *(a + b for a, b in pairwise(characters) if not FUNCTION_WORDS & {a, b}),
    ]


class Word(NamedTuple):
    """A word of a text with its offsets and its tag: nr a person, ns a place, nt an institution, n, v, a …."""

    start: int
    end: int
    text: str
    tag: str


@lru_cache(maxsize=1 << 10)
def tagged(text: str) -> tuple[Word, ...]:
    """Every word of a text, marks included, in order; half a surrogate pair, which no file can hold, is a ``?``.

    >>> [(word.text, word.tag) for word in tagged("瑞安市张积贵")]
    [('瑞安市', 'ns'), ('张积贵', 'nr')]
    """
    import rjieba

    found, at = [], 0
    for word, tag in rjieba.tag(text.encode("utf-8", "replace").decode("utf-8"), True):
        found.append(Word(at, at + len(word), word, tag))
        at += len(word)
    return tuple(found)

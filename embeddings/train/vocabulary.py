"""Counts words and builds the tokenizer: a Unigram model that cuts like jieba, in Rust.

The score of a word is the logarithm of its frequency, so the most probable segmentation is what
jieba finds too (Viterbi over word frequencies). Words that are not listed fall to characters.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from embeddings.words import cut, read_terms

UNKNOWN = "[UNK]"
HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[a-z]{2,12}")


def count_words(texts: Iterable[str]) -> Counter[str]:
    """How often each word of the tokenizer stands in the texts; every character of a word counts a little."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(cut(text))
    characters: Counter[str] = Counter()
    for word, count in counts.items():
        for character in word:
            characters[character] += count
    for character, count in characters.items():
        counts[character] = max(counts[character], 1 + count // 50)
    return counts


def choose_words(counts: Counter[str], size: int) -> list[tuple[str, float]]:
    """The vocabulary: (word, log probability), at most ``size`` entries, the unknown word first.

    Characters seen twice are in, then years and short numbers, the words of
    the union register, and the most frequent words of two to six characters.
    """
    kept: dict[str, int] = {}
    kept |= {
        word: count for word, count in counts.items() if len(word) == 1 and count >= 2 and word.isalnum()
    }
    numbers = (
        [str(n) for n in range(100)] + [f"0{n}" for n in range(10)] + [str(n) for n in range(1949, 2036)]
    )
    for number in numbers + list("abcdefghijklmnopqrstuvwxyz%."):
        kept[number] = max(1, counts[number])
    for line in read_terms():
        for term in line:
            for word in cut(term):
                kept.setdefault(word, max(2, counts[word]))
    for word, count in counts.most_common():
        if len(kept) >= size - 1:
            break
        if (HAN.fullmatch(word) and 2 <= len(word) <= 6) or (LATIN.fullmatch(word) and count >= 20):
            kept.setdefault(word, count)
    total = sum(kept.values())
    words = sorted(kept.items(), key=lambda item: (-item[1], item[0]))
    return [(UNKNOWN, -30.0), *((word, math.log(count / total)) for word, count in words)]


def build_tokenizer(words: list[tuple[str, float]]) -> Tokenizer:
    """A tokenizer whose row numbers are the positions in ``words``."""
    tokenizer = Tokenizer(models.Unigram(words, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"[^\p{L}\p{N}%.]+"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer

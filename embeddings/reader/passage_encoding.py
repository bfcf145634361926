"""Turn a question and a passage into a row of numbers for the passage reader.

A row is ``[CLS] question [SEP] context line [SEP] passage [SEP]``, as for single sentences, with the line that says
where the passage stands ("江苏省 2025 heading") before it. Places are counted anew in each sentence of the passage,
so that every sentence looks to the network as it does alone; the number of the sentence tells them apart.
A passage longer than a row is read in windows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .encoding import CLS, SENTENCE, SEP, Alphabet, fold, shared

POSITIONS = 200  # places from the beginning of the row to the end of a sentence
LONGEST_QUESTION, LONGEST_CONTEXT, LONGEST_PASSAGE = 60, 32, 384  # characters
LONGEST_PIECE = 104  # characters of a sentence; longer ones are cut at a mark
MOST_PIECES = 64  # sentences that are numbered apart, the row's other texts among them
OVERLAP = 128  # characters that two windows of a long passage share
CONTEXT = 1  # the part of the context line
INPUTS = ("ids", "parts", "runs", "places", "pieces")
_END = re.compile(r"[。！？；!?;\n][”’」』）)]*")
_MARK = re.compile(r"[，、,：:]")


@dataclass(frozen=True, slots=True)
class Row:
    """One question with one passage; T positions.

    Args:
        values: (5, T): characters; parts (0 question, 1 context line, 2 passage); how long a run of the other text
            each character belongs to, 0 to 3; places; the number of the sentence, 0 outside the passage.
        start: first position of the passage.
        length: characters of the passage that are read.
    """

    values: npt.NDArray[np.int64]
    start: int
    length: int


def passage_row(alphabet: Alphabet, question: str, context: str, passage: str) -> Row:
    """The row of a question with a passage and the line it stands under; what is too long is cut at its end."""
    asked, line = fold(question[-LONGEST_QUESTION:]), fold(context[:LONGEST_CONTEXT])
    text = fold(passage[:LONGEST_PASSAGE])
    first = len(asked) + 2
    start = first + len(line) + 1
    end = start + len(text)
    values = np.zeros((len(INPUTS), end + 1), dtype=np.int64)
    ids, parts, runs, places, numbers = values
    ids[0], ids[[first - 1, start - 1, end]] = CLS, SEP
    ids[1 : first - 1], ids[first : start - 1], ids[start:end] = map(alphabet.ids, (asked, line, text))
    parts[first:start], parts[start:] = CONTEXT, SENTENCE
    read = f"{line}\n{text}"
    runs[1 : first - 1], runs[first:end] = shared(asked, read), shared(read, asked)
    places[:start] = np.arange(start)
    cut = pieces(text)
    for number, (low, high) in enumerate(cut, 1):
        places[start + low : start + high] = start + np.arange(high - low)
        numbers[start + low : start + high] = min(number, MOST_PIECES - 1)
    places[end], numbers[end] = places[end - 1] + 1, numbers[end - 1]
    return Row(values, start, len(text))


def pieces(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of a passage, without gaps; one too long ends at its last mark that fits."""
    found, low = [], 0
    for end in [*(m.end() for m in _END.finditer(text)), len(text)]:
        while end - low > LONGEST_PIECE:
            marks = [m.end() for m in _MARK.finditer(text, low + LONGEST_PIECE // 2, low + LONGEST_PIECE)]
            high = marks[-1] if marks else low + LONGEST_PIECE
            found.append((low, high))
            low = high
        if end > low:
            found.append((low, end))
            low = end
    return found


def windows(length: int) -> list[tuple[int, int]]:
    """Offsets of the windows in which a passage of so many characters is read, each of at most 384."""
    if length <= LONGEST_PASSAGE:
        return [(0, length)]
    starts = list(range(0, length - LONGEST_PASSAGE, LONGEST_PASSAGE - OVERLAP))
    return [(s, s + LONGEST_PASSAGE) for s in starts] + [(length - LONGEST_PASSAGE, length)]

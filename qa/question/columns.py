"""Find the columns of a table in a request: the things it lists, and the subject that they share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qa.question.asides import MARKS
from qa.question.kinds import AND
from qa.question.places import ASKED
from qa.types import Span

_ROW = "\x00"  # where a place or a time stood
_NAME = re.compile(
    rf"(?:{_ROW}|[各每所两三四五六七八九十]有?个?[报告地区省市县届年份家处]{{1,3}})(?:总?工会)?"
)
_ROWS = re.compile(
    rf"^.{{0,8}}?(?:{_NAME.pattern}(?:[、，,和与跟及届年市（()）\s]|地(?!区))*)+[的在里中:：]*"
)
_ONLY_ROWS = re.compile(
    rf"(?:{_NAME.pattern}|总?工会|[和与跟及的这那各每一两三四五前后届年行列是家地份里市总结报告、，,（()）\s])*"
)


def columns_of(question: str, rows: Iterable[Span] = ()) -> tuple[str, tuple[str, ...]]:
    """Return the subject that all columns share (``""`` if none) and the columns.

    Args:
        question: without the words that ask for a table.
        rows: the stretches of it that name places and years.

    >>> columns_of("对比各地的职工书屋、法律援助件数和会员人数")
    ('', ('职工书屋', '法律援助件数', '会员人数'))
    >>> columns_of("温州、漳州的疗休养：去了多少人，花了多少钱", [(0, 2), (3, 5)])
    ('疗休养', ('去了多少人', '花了多少钱'))
    """
    frame, colon, listed = _masked(question, rows).strip(MARKS).replace("：", ":").rpartition(":")
    common = "，".join(_bare(clause) for clause in _clauses(_ROWS.sub("", frame)))
    return common, _things(listed if colon else _ROWS.sub("", listed)) or (question,)


def names_rows_and_columns(question: str, rows: Iterable[Span] = ()) -> bool:
    """Whether a request for a table names its rows and its columns.

    >>> names_rows_and_columns("对比各地的职工书屋"), names_rows_and_columns("对比一下各地")
    (True, False)
    """
    masked = _masked(question, rows)
    return bool(_NAME.search(masked) and _things(_ROWS.sub("", masked)))


def _masked(question: str, rows: Iterable[Span]) -> str:
    for start, end in reversed(_of_rows(question, sorted(rows))):
        question = f"{question[:start]}{_ROW}{question[end:]}"
    return question


def _things(listed: str) -> tuple[str, ...]:
    """Return the columns that a list names, each once."""
    things = map(_bare, _pieces(listed))
    return tuple(dict.fromkeys(thing for thing in things if len(thing) > 1))


def _of_rows(question: str, named: Sequence[Span]) -> list[Span]:
    """Return the places and years that name rows: the first, those close to it, those before the colon."""
    rows: list[Span] = []
    colon = max(question.find(":"), question.find("："))
    for start, end in named:
        apart = rows and (rows[-1][1] <= colon or not _ONLY_ROWS.fullmatch(question[rows[-1][1] : start]))
        if end > colon and apart:
            break
        rows.append((start, end))
    return rows


def _pieces(listed: str) -> Iterable[str]:
    """Split a list into things, without those that only name rows; a clause that asks stays whole."""
    clauses = _clauses(listed)
    for clause in clauses:
        pieces = [piece for piece in re.sub(AND, "、", clause).split("、") if not _ONLY_ROWS.fullmatch(piece)]
        asks = [bool(ASKED.search(piece)) for piece in pieces]
        yield from [clause] if len(clauses) > 1 and any(asks[-1:]) and not all(asks) else pieces


def _clauses(text: str) -> list[str]:
    return [clause for clause in re.split("[，,；;？?。]", text) if not _ONLY_ROWS.fullmatch(clause)]


def _bare(piece: str) -> str:
    named = "" if _ONLY_ROWS.fullmatch(piece) else piece.replace(_ROW, "")
    return named.strip(f"的？?{MARKS}").lstrip("把将的各")

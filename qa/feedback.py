"""Feedback on answers (有用, 无用, a comment): stored next to the index, deleted with age, and exported.

A verdict is stored with its question and answer, without names or addresses, in an SQLite table; readers and writers
wait for each other.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeAlias

from qa.checking.verify import amounts
from qa.errors import QAError
from qa.types import Answer

RETENTION_DAYS = 180  # docs/usage.md and the page 状态 state it
COMMENT_CHARACTERS = 1000
_SCHEMA = 1  # version of the table, in SQLite's user_version
_WAIT_SECONDS = 5.0  # for another process that writes
_CREATE = """CREATE TABLE IF NOT EXISTS feedback (
    key TEXT PRIMARY KEY, at TEXT NOT NULL, verdict TEXT NOT NULL, comment TEXT NOT NULL, question TEXT NOT NULL,
    details TEXT NOT NULL) STRICT"""  # details: the other fields, as JSON
_OWN_COLUMNS = ("key", "at", "verdict", "comment", "question")
_LISTS = ("history", "figures", "quotes")

Verdict: TypeAlias = Literal["useful", "useless"]


@dataclass(frozen=True, slots=True)
class Feedback:
    """A verdict on an answer, and all that is needed to ask its question again."""

    key: str  # of the answer; a second verdict on it replaces the first
    at: str  # time of the verdict, ``"2024-06-18T09:30:00+00:00"``
    verdict: Verdict
    comment: str
    question: str
    history: tuple[str, ...]
    place: str  # the filter that was set, or ``""``, as in the next two
    period: str
    report: str  # its file name
    answer: str
    short: str  # the direct answer, or ``""``
    abstained: bool  # the answer was a refusal
    calculated: bool  # figures of the answer were computed
    figures: tuple[str, ...]  # those that measure something, as the answer prints them
    quotes: tuple[str, ...]  # what it cited


def feedback_on(
    answer: Answer,
    key: str,
    verdict: Verdict,
    *,
    comment: str = "",
    history: Sequence[str] = (),
    place: str = "",
    period: str = "",
    report: str = "",
) -> Feedback:
    """Return the record of a verdict given now; a comment is cut at COMMENT_CHARACTERS."""
    return Feedback(
        key=key,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        verdict=verdict,
        comment=comment.strip()[:COMMENT_CHARACTERS],
        question=answer.question,
        history=tuple(history),
        place=place,
        period=period,
        report=report,
        answer=answer.text,
        short=answer.short or "",
        abstained=answer.abstained,
        calculated=bool(answer.calculation),
        figures=tuple(dict.fromkeys(figure.text for figure in amounts(answer))),
        quotes=tuple(citation.quote for citation in answer.citations),
    )


def expected(feedback: Feedback) -> dict[str, Any]:
    """Return feedback as a question with its expected answer, as ``union-qa evaluate`` reads it.

    What a useful answer stated and cited is expected again. After a useless one nothing is expected yet: a person who
    reads the comment fills ``answer_groups`` in.
    """
    useful = feedback.verdict == "useful"
    refused = useful and feedback.abstained
    points = [feedback.short] if feedback.short else list(feedback.figures)
    return {
        "id": feedback.key,
        "type": "unanswerable" if refused else "aggregate" if feedback.calculated else "",
        "question": feedback.question,
        "history": list(feedback.history),
        "place": feedback.place,
        "period": feedback.period,
        "report": feedback.report,
        "answer_groups": [[point] for point in points] if useful and not refused else [],
        "evidence": list(feedback.quotes) if useful and not refused else [],
        "verdict": feedback.verdict,
        "comment": feedback.comment,
        "answer": feedback.answer,
        "at": feedback.at,
    }


def save(path: Path, feedback: Feedback) -> None:
    """Store a verdict, replacing an earlier one on the same answer, and delete what is too old.

    Raises QAError if the file cannot be written, is damaged, or was written by a newer version.
    """
    details = asdict(feedback)
    own = [details.pop(name) for name in _OWN_COLUMNS]
    with _opened(path) as database:
        values = [each.encode("utf-8", "replace").decode() for each in (*own, json.dumps(details))]
        database.execute("INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?)", values)
        _delete(database, RETENTION_DAYS)


def load_all(path: Path) -> tuple[Feedback, ...]:
    """Return all feedback, oldest first; raise QAError as ``save``."""
    if not path.exists():
        return ()
    with _opened(path) as database:
        rows = database.execute("SELECT * FROM feedback ORDER BY at, key").fetchall()
    values = (dict(zip(_OWN_COLUMNS, own, strict=True)) | json.loads(details) for *own, details in rows)
    return tuple(Feedback(**each | {name: tuple(each[name]) for name in _LISTS}) for each in values)


def delete_old(path: Path, older_than_days: int = 0) -> int:
    """Delete what is at least that old, also from the disk; return how many; raise QAError as ``save``."""
    if not path.exists():
        return 0
    with _opened(path) as database:
        gone = _delete(database, older_than_days)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # earlier versions wrote ahead into a log
    return gone


def _delete(database: sqlite3.Connection, older_than_days: int) -> int:
    before = (datetime.now(UTC) - timedelta(days=older_than_days)).isoformat(timespec="seconds")
    return database.execute("DELETE FROM feedback WHERE at <= ?", (before,)).rowcount


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # SQLite gives its log the same mode
        with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)) as database:
            database.execute("PRAGMA secure_delete=ON")
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:  # new; of two processes that both make the table one waits for the other
                database.executescript(f"BEGIN IMMEDIATE; {_CREATE}; PRAGMA user_version = {_SCHEMA}; COMMIT")
            elif version != _SCHEMA:
                written = f"反馈文件 {path} 是另一个版本的程序写的（{version}）。"
                raise QAError(f"{written}请用那个版本，或把它移走。")
            yield database
    except (sqlite3.OperationalError, OSError) as error:
        why = getattr(error, "strerror", None) or error
        raise QAError(f"反馈存取不了 {path}（{why}）。请检查磁盘空间和写权限后重试。") from error
    except sqlite3.DatabaseError as error:
        raise QAError(f"反馈文件 {path} 已损坏（{error}）。请把它移走，程序会另建一个。") from error

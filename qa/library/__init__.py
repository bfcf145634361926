"""The entry point of the program: open a library, retrieve passages, ask questions.

A library is the user's own index, or else the bundled sample reports; ``qa.retrieve`` and ``qa.ask`` use the default.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path

from qa.errors import StoreError
from qa.index import MILVUS, index_exists, rebuild, store_at, store_named
from qa.library.facade import Library
from qa.library.filters import PeriodLike
from qa.library.serving import Latest, LibraryStatus
from qa.settings import Settings, read_settings, user_path
from qa.types import Answer, Hit

__all__ = ["SAMPLE_REPORTS", "Library", "LibraryStatus", "ask", "open_library", "retrieve"]

SAMPLE_REPORTS = Path(__file__).parent.parent / "sample"
WAIT_SECONDS = 60.0  # for another process that builds the same sample
_opened: Latest[tuple[Settings, bool], Library] = Latest()  # by settings, and whether an index is built


def open_library(
    path: str | PathLike[str] | None = None,
    *,
    encoder: str | None = None,
    settings: Settings | None = None,
    say: Callable[[str], object] = str,
) -> Library:
    """Open a library.

    Args:
        path: an index folder, or a store such as ``"milvus:http://host:19530"``; None for that of
            ``UNION_QA_STORE`` or ``UNION_QA_INDEX``, else the default folder, or, if nothing was built
            there, the sample reports, which are indexed first.
        encoder: name or path; None for the one that the index names.
        settings: None to read them from the environment.
        say: called with sentences for the user, such as that the sample is being indexed.

    Raises QAError if the client of a language model that is set is not installed or the ``~`` of a path stands for no
    folder, StoreError if the store does not answer or the index cannot be used, embeddings.EncoderError if the encoder
    cannot be opened.
    """
    settings = settings or read_settings()
    encoder = encoder or settings.encoder
    if path is None and not (settings.index or settings.store) and not index_exists(settings.index_folder):
        return _open_sample(settings, encoder, say)
    if path is None or (isinstance(path, str) and path.startswith(MILVUS)):
        store = store_named(path or settings.store, settings.index_folder, settings.store_token)
    else:
        store = store_at(user_path(path))
    library = Library(store, encoder=encoder, llm=settings.llm)
    for warning in library.status().warnings:
        say(warning)
    return library


def _open_sample(settings: Settings, encoder: str | None, say: Callable[[str], object]) -> Library:
    folder = settings.sample_folder
    first = "第一次启动，正在为它们建索引……" if not index_exists(folder) else ""
    own = "要用自己的报告，请运行 union-qa rebuild 报告文件夹。"
    say(f"还没有您自己的索引，现用自带的示例报告回答。{first}{own}")
    try:
        rebuild([SAMPLE_REPORTS], folder, encoder=encoder, wait_seconds=WAIT_SECONDS)
    except StoreError:
        if not index_exists(folder):
            raise  # otherwise it exists and only cannot be updated, in a read-only home
    return Library(folder, encoder=encoder, is_sample=True, llm=settings.llm)


def retrieve(
    question: str,
    k: int = 5,
    *,
    place: str | None = None,
    period: PeriodLike | None = None,
    report: str | None = None,
) -> tuple[Hit, ...]:
    """:meth:`Library.retrieve` on the default index, else on the bundled sample reports."""
    return _default().retrieve(question, k, place=place, period=period, report=report)


def ask(
    question: str,
    *,
    history: Sequence[str] = (),
    place: str | None = None,
    period: PeriodLike | None = None,
    report: str | None = None,
) -> Answer:
    """:meth:`Library.ask` on the default index, else on the bundled sample reports."""
    return _default().ask(question, history=history, place=place, period=period, report=report)


def _default() -> Library:
    settings = read_settings()
    built = index_exists(settings.index_folder)  # once it is, the sample gives way
    return _opened.get(
        (settings, built),
        lambda: open_library(settings=settings, say=lambda line: print(line, file=sys.stderr)),
    )

"""A library: reports that can be searched and asked, whichever generation serves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from qa.errors import IndexGone, QuestionError
from qa.index import Store, store_at
from qa.library.filters import (
    PeriodLike,
    known_period,
    known_place,
    known_report,
    names_of,
    no_report_fits,
    usable_history,
    usable_question,
)
from qa.library.holder import Held, Holder
from qa.library.ledgers import Ledgers, find_figures
from qa.library.registers import Registers
from qa.library.status import LibraryStatus, status_of
from qa.settings import Endpoint
from qa.types import Answer, Hit, Query, Report

if TYPE_CHECKING:
    from threading import Event

    from qa.drafts import DraftCheck
    from qa.engines import Watch
    from qa.ledger import Ledger, LedgerFigure

Done = TypeVar("Done")


class Library:
    """Reports that can be searched and asked; safe to share between threads.

    A rebuild of its index is taken up by the next call. ``retrieve`` is a stable interface: it keeps its
    arguments and the meaning of its records.

    >>> library = open_library("my-index")  # doctest: +SKIP
    >>> library.ask("法律援助办了多少件？").text  # doctest: +SKIP
    """

    def __init__(
        self,
        store: Path | Store,
        *,
        encoder: str | None = None,
        is_sample: bool = False,
        llm: Endpoint | None = None,
    ) -> None:
        if llm is not None:
            from qa.engines.client import require_client

            require_client()
        self._holder = Holder(store_at(store), encoder)
        self._ledgers = Ledgers()
        self._registers = Registers()
        self._is_sample = is_sample
        self._llm = llm

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports, ordered by their names."""
        return self._holder.get().index.reports

    @property
    def built_from(self) -> tuple[Path, ...]:
        """The files and folders that the reports were read from; none where an older version built the index."""
        return tuple(map(Path, self._holder.get().index.manifest.paths))

    def report(self, report_id: str) -> Report:
        """One report.

        Raises:
            QuestionError: it is not, or no longer, in the library.
        """
        try:
            return self._holder.get().index.report(report_id)
        except KeyError:
            raise QuestionError("这份报告已不在库中，可能刚刚更新过。请重新提问。") from None

    def retrieve(
        self,
        question: str,
        k: int = 5,
        *,
        place: str | None = None,
        period: PeriodLike | None = None,
        report: str | None = None,
        explain: bool = False,
    ) -> tuple[Hit, ...]:
        """The ``k`` passages that fit a question best, best first; fewer where there are fewer.

        Args:
            place: only reports of this division or of one inside it; 温州 and 温州市 are the same.
            period: only reports of these years: ``(2018, 2023)``, ``"2018-2023"``, ``2023``.
            report: only this report, by its file name, title or id.
            explain: say of each hit why it was found (``reasons``); the hits are the same.

        Raises:
            QuestionError: a blank or too long question, one that asks too much at once, ``k`` under 1, or a
                filter that no report fits.
        """
        from qa.retrieval import found_and_ranked, search_explained

        if k < 1:
            raise QuestionError(f"要返回的段落数 k 应至少为 1，现在是 {k}。")

        def find(held: Held) -> tuple[Hit, ...]:
            query = _understand(held, question, (), place, period, report)
            look = partial(search_explained, standalone=query.standalone) if explain else None
            return found_and_ranked(held.index, query, k, look)[1]

        return self._serving(find)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        place: str | None = None,
        period: PeriodLike | None = None,
        report: str | None = None,
        llm: bool = True,
        watch: Watch | None = None,
        stop: Event | None = None,
    ) -> Answer:
        """Answer a question from the reports, each statement with the passage that it stands in.

        Args:
            history: the user's earlier questions, oldest first.
            place: as in :meth:`retrieve`, likewise ``period`` and ``report``.
            llm: False keeps the language model, where one is set, out of it.
            watch: takes each step of a model's work as it is begun.
            stop: set, it ends a question that waits for a language model, with ``qa.engines.Stopped``.

        Raises:
            QuestionError: as :meth:`retrieve`, or the earlier questions are too long. A question that the reports
                do not answer raises nothing: the answer says so (``abstained``).
        """
        history = usable_history(history)
        from qa.engines import Conversation
        from qa.engines.answering import unseen
        from qa.library.about import about_library
        from qa.library.answering import answer_of
        from qa.library.corrected import with_corrections
        from qa.library.tables import tabulated

        def tell(held: Held) -> Answer:
            def understood(text: str, turns: Sequence[str] = ()) -> Query:
                return _understand(held, text, turns, place, period, report)

            def of_one(text: str, one: Report | None) -> Query:
                return _understand(held, text, (), place, period, one.id if one else report)

            conversation = Conversation(question, tuple(history), understood(question, history))
            if conversation.query.about:
                return about_library(conversation.query, held.index.reports)
            if conversation.query.form.shape == "table":
                told = tabulated(held.index, conversation.query, of_one, watch or unseen)
            else:
                model = self._llm if llm else None
                told = answer_of(held.index, held.catalogue, conversation, understood, model, watch, stop)
            return with_corrections(told, lambda: self._ledgers.corrections(held.index))

        return self._serving(tell)

    def weigh(
        self, question: str, *, history: Sequence[str] = ()
    ) -> tuple[tuple[Answer, tuple[float, ...]], ...]:
        """Every answer that might be given to a question, unchecked, with the features that it is judged by.

        Raises:
            QuestionError: as :meth:`ask`.
        """
        from qa.answering import weigh
        from qa.engines.answering import PASSAGES
        from qa.retrieval import found_and_ranked

        def look(held: Held) -> tuple[tuple[Answer, tuple[float, ...]], ...]:
            query = _understand(held, question, history, None, None, None)
            return weigh(held.index, query, *found_and_ranked(held.index, query, PASSAGES))

        return self._serving(look)

    def figures(
        self,
        *,
        place: str | None = None,
        period: PeriodLike | None = None,
        indicator: str | None = None,
        unit: str | None = None,
        report: str | None = None,
    ) -> tuple[LedgerFigure, ...]:
        """The figures of the reports, each with what it counts, where, when, and the characters that it stands in.

        Args:
            place: figures about this division or about one inside it; 温州 and 温州市 are the same.
            period: as in :meth:`retrieve`, but of the figures: one of 2017 is found under 2017.
            indicator: words for what is counted, best fit first; synonyms fit too. Without it, in reading order.
            unit: a measure word; those of its kind fit too.
            report: as in :meth:`retrieve`.

        Raises:
            QuestionError: a filter that no report fits, or without a word. Where no figure fits, nothing comes back.
            LedgerError: ``ledger.toml`` beside the index cannot be used.
        """
        held = self._holder.get()
        return find_figures(
            held,
            self._ledgers.get(held.index),
            place=place,
            period=period,
            indicator=indicator,
            unit=unit,
            report=report,
        )

    def ledger(self) -> Ledger:
        """All figures at once: groups of indicators, and the matrix of reports and indicators.

        Raises:
            LedgerError: as :meth:`figures`.
        """
        return self._ledgers.get(self._holder.get().index)

    def check_draft(
        self,
        draft: str | Path,
        *,
        progress: Callable[[int, int], None] | None = None,
        most: int | None = None,
    ) -> DraftCheck:
        """Look up every figure, date and name of a draft in the reports; without a model, always the same.

        Args:
            draft: its text, or the path of its file in any format that reports have.
            progress: told how many items are done, and of how many.
            most: figures that are looked up at once; None for any number.

        Raises:
            QuestionError: it holds no word, or more to look up than ``most``.
            ReportError: the file cannot be read; the message says what to do.
            LedgerError: as :meth:`figures`.
        """
        from qa.drafts import check_report, draft_of, read_draft

        read = read_draft(draft) if isinstance(draft, Path) else draft_of(draft)
        if not read.paragraphs:
            raise QuestionError("稿件是空的，没有可以核对的文字。请粘贴稿件，或换一个文件。")
        held = self._holder.get()
        return check_report(read, self._registers.get(held, self._ledgers.get(held.index)), progress, most)

    def status(self) -> LibraryStatus:
        """What serves now."""
        return status_of(self._holder.get(), is_sample=self._is_sample)

    def _serving(self, work: Callable[[Held], Done]) -> Done:
        """Work with the generation that serves, and once more where another machine removes it meanwhile."""
        held = self._holder.get()
        try:
            return work(held)
        except IndexGone:
            return work(self._holder.instead_of(held))


def _understand(
    held: Held,
    question: str,
    history: Sequence[str],
    place: str | None,
    period: PeriodLike | None,
    report: str | None,
) -> Query:
    from qa.question import understand

    usable_question(question)
    catalogue = held.catalogue
    division = None if place is None else known_place(place, catalogue)
    years = None if period is None else known_period(period, catalogue)
    name = None if report is None else known_report(report, map(names_of, catalogue.terms)).file
    query = understand(question, history, catalogue, place=division, period=years, report=name)
    if not any(scope.report_ids for scope in query.scopes) and query.refusal is None:
        raise no_report_fits(catalogue, division, years, name)
    return query

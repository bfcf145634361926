"""A library: reports that can be searched and asked, whichever generation serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from qa.errors import IndexGone, QuestionError
from qa.index import Index, Store, store_at
from qa.ledger import Ledger
from qa.ledger.build import LedgerFigure
from qa.ledger.notes import read_notes
from qa.library import filters
from qa.library.filters import PeriodLike
from qa.library.serving import IndexKeeper, Latest, LibraryStatus, Snapshot, version_of_notes
from qa.settings import Endpoint
from qa.types import Answer, Hit, Query, Report

if TYPE_CHECKING:
    from qa.drafts import DraftCheck
    from qa.drafts.ranking import Register
    from qa.engines import Watch

Done = TypeVar("Done")
_Filters: TypeAlias = "tuple[str | None, PeriodLike | None, str | None]"  # by place, period and report


class Library:
    """Reports that can be searched and asked; safe to share between threads.

    The next call after a rebuild uses the new index. ``retrieve`` is a stable interface: its arguments and
    the meaning of its records stay.

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
        self._keeper = IndexKeeper(store_at(store), encoder)
        self._ledger: Latest[tuple[Index, tuple[int, int] | None], Ledger] = Latest()
        self._register: Latest[Ledger, Register] = Latest()
        self._is_sample = is_sample
        self._llm = llm

    @property
    def reports(self) -> tuple[Report, ...]:
        return self._keeper.get().index.reports

    @property
    def built_from(self) -> tuple[Path, ...]:
        """Return the files and folders that were read; empty if an older version built the index."""
        return tuple(map(Path, self._keeper.get().index.manifest.paths))

    def report(self, report_id: str) -> Report:
        """Return one report; raise QuestionError if it is not, or no longer, in the library."""
        try:
            return self._keeper.get().index.report(report_id)
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
        """Return the ``k`` passages that fit a question best, best first; fewer if there are fewer.

        Args:
            place: only reports on this division or one inside it; 温州 and 温州市 are the same.
            period: only reports on these years: ``(2018, 2023)``, ``"2018-2023"``, ``2023``.
            report: only this report, by its file name, title or id.
            explain: add to each hit why it was found (``reasons``); the hits are the same.

        Raises QuestionError for a blank, too long or too broad question, ``k`` under 1, or filters that fit
        no report.
        """
        from qa.retrieval import found_and_ranked

        if k < 1:
            raise QuestionError(f"要返回的段落数 k 应至少为 1，现在是 {k}。")

        def hits_from(snapshot: Snapshot) -> tuple[Hit, ...]:
            query = next(_meanings(snapshot, question, (), (place, period, report)))
            return found_and_ranked(snapshot.index, query, k, explain=explain)[1]

        return self._with_serving(hits_from)

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
        """Answer a question from the reports, each statement with the passage that states it.

        A question that the reports do not answer raises nothing: the answer says so (``abstained``).

        Args:
            history: the user's earlier questions, oldest first.
            place: as in :meth:`retrieve`, like ``period`` and ``report``.
            llm: False to answer without the language model.
            watch: called with each step of a model's work as it begins.
            stop: when set, a question that waits for a language model ends with ``qa.engines.Stopped``.

        Raises QuestionError as :meth:`retrieve`, and for earlier questions that are too long.
        """
        history = filters.usable_history(history)
        from qa.engines import Conversation
        from qa.engines.answering import ignore_step
        from qa.library.answering import about_library, answer_of, with_corrections
        from qa.library.tables import tabulated

        def answer_from(snapshot: Snapshot) -> Answer:
            def understood(text: str, one: Report | None = None) -> Query:
                return next(_meanings(snapshot, text, (), (place, period, one.id if one else report)))

            def answered(turns: tuple[str, ...], model: Endpoint | None, watch: Watch) -> Answer:
                asked, earlier = turns[-1], turns[:-1]
                others = _meanings(snapshot, asked, earlier, (place, period, report))
                conversation = Conversation(
                    next(others), earlier, others, lambda back: before(earlier[: len(earlier) - back + 1])
                )
                if conversation.query.about:
                    return about_library(conversation.query, snapshot.index.reports)
                if conversation.query.form.shape == "table":
                    answer = tabulated(snapshot.index, conversation.query, understood, watch)
                else:
                    answer = answer_of(snapshot, conversation, understood, model, watch, stop)
                return with_corrections(answer, lambda: self._corrected(snapshot.index))

            @cache  # each earlier turn is answered once
            def before(turns: tuple[str, ...]) -> Answer | None:
                with suppress(QuestionError):
                    return answered(turns, None, ignore_step) if turns else None
                return None

            return answered((*history, question), self._llm if llm else None, watch or ignore_step)

        return self._with_serving(answer_from)

    def figures(
        self,
        *,
        place: str | None = None,
        period: PeriodLike | None = None,
        indicator: str | None = None,
        unit: str | None = None,
        report: str | None = None,
    ) -> tuple[LedgerFigure, ...]:
        """Return the figures that fit, each with what it counts, where, when, and its characters.

        Args:
            place: figures about this division or one inside it; 温州 and 温州市 are the same.
            period: as in :meth:`retrieve`, but of the figures: one of 2017 is found under 2017.
            indicator: words for what is counted or synonyms, best fit first; without it, in reading order.
            unit: a measure word; those of its kind fit too.
            report: as in :meth:`retrieve`.

        Raises QuestionError for a filter that fits no report or has no word, LedgerError for an unusable ``ledger.toml``.
        """
        snapshot = self._keeper.get()
        catalogue, ledger = snapshot.catalogue, self._ledger_of(snapshot.index)
        for name, words in (("indicator", indicator), ("unit", unit)):
            if words is not None and not any(c.isalnum() or c in "%‰％" for c in words):
                raise QuestionError(f"{name} 是空的。请写下要找的内容，例如 indicator 法律援助、unit 件。")
        return ledger.find(
            place=None if place is None else filters.place_of_figures(place, ledger, catalogue),
            period=None if period is None else filters.known_period(period, catalogue),
            indicator=indicator,
            unit=unit,
            report=_file_named(report, snapshot),
        )

    def ledger(self) -> Ledger:
        """Return all figures at once: groups of indicators, and the matrix of reports and indicators.

        Raises LedgerError as :meth:`figures`.
        """
        return self._ledger_of(self._keeper.get().index)

    def check_draft(
        self,
        draft: str | Path,
        *,
        progress: Callable[[int, int], None] | None = None,
        most: int | None = None,
    ) -> DraftCheck:
        """Look up every figure, date and name of a draft in the reports; without a model, always the same.

        Args:
            draft: its text, or the path of a file in any format of reports.
            progress: called with (items done, items in all).
            most: limit of figures to look up; None for no limit.

        Raises QuestionError if it has no word or more to look up than ``most``, ReportError if the file cannot be
        read, LedgerError as :meth:`figures`.
        """
        from qa.drafts import check_report
        from qa.drafts.draft import draft_of, read_draft
        from qa.drafts.ranking import register_of

        read = read_draft(draft) if isinstance(draft, Path) else draft_of(draft)
        if not read.paragraphs:
            raise QuestionError("稿件是空的，没有可以核对的文字。请粘贴稿件，或换一个文件。")
        index = self._keeper.get().index
        ledger = self._ledger_of(index)
        register = self._register.get(ledger, lambda: register_of(index.reports, ledger))
        return check_report(read, register, progress, most)

    def status(self) -> LibraryStatus:
        """Return what serves now."""
        return self._keeper.get().status(is_sample=self._is_sample)

    def _ledger_of(self, index: Index) -> Ledger:
        """Return the ledger of an index with ``ledger.toml``; raise LedgerError if that is unusable."""
        key = (index, version_of_notes(index))
        return self._ledger.get(key, lambda: Ledger.of(index, read_notes(index.folder)))

    def _corrected(self, index: Index) -> tuple[LedgerFigure, ...]:
        """Return the figures corrected by hand; without ``ledger.toml`` none, and no ledger is made."""
        if version_of_notes(index) is None:
            return ()
        return tuple(figure for figure in self._ledger_of(index).figures if figure.correction)

    def _with_serving(self, work: Callable[[Snapshot], Done]) -> Done:
        """Call ``work`` with the generation that serves, and again if another machine removes it."""
        snapshot = self._keeper.get()
        try:
            return work(snapshot)
        except IndexGone:
            return work(self._keeper.replacement_of(snapshot))


def _meanings(snapshot: Snapshot, question: str, history: Sequence[str], wanted: _Filters) -> Iterator[Query]:
    """Yield the meanings of a question within filters, the likeliest first, at least one; raise QuestionError."""
    from qa.question import meanings

    place, period, report = wanted
    filters.check_question(question)
    catalogue = snapshot.catalogue
    division = None if place is None else filters.known_place(place, catalogue)
    years = None if period is None else filters.known_period(period, catalogue)
    name = _file_named(report, snapshot)
    found = meanings(question, history, catalogue, place=division, period=years, report=name)
    for at, query in enumerate(found):
        if query.refusal or any(scope.report_ids for scope in query.scopes):
            yield query
        elif at == 0:
            raise filters.no_report_fits(catalogue, division, years, name)


def _file_named(report: str | None, snapshot: Snapshot) -> str | None:
    """Return the file name of the report that a filter names; QuestionError if there is none."""
    own = (snapshot.index.report(term.report_id) for term in snapshot.catalogue.terms)
    return None if report is None else filters.known_report(report, tuple(own)).source.name

"""A small library for the page: real records, answers by the words that a question shares with a sentence."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa.drafts import DraftCheck, check_report
from qa.drafts.draft import draft_of, read_draft
from qa.drafts.ranking import register_of
from qa.errors import QuestionError, ReportError
from qa.ledger import Ledger
from qa.ledger.build import LedgerFigure, figures_of
from qa.library import LibraryStatus
from qa.library.filters import usable_history
from qa.retrieval import with_nearest
from qa.text.figures import figures
from qa.text.sentences import split_sentences
from qa.text.spans import locate
from qa.text.units import sentences_of
from qa.types import (
    Answer,
    CheckedFigure,
    Citation,
    Hit,
    Inference,
    Paragraph,
    Period,
    Place,
    Report,
    Scores,
    Sentence,
    Source,
)

__all__ = ["HOSTILE", "SmallLibrary", "make_report"]

HOSTILE = (
    "云岭市总工会建成“暖心驿站”86个，<img src=x onerror=alert(1)>**加粗**![图](http://evil.example/x.png)"
    "[链接](http://evil.example)。<script>alert(2)</script>${alert(3)}{{boom}}全年办理法律援助1.23万件。"
)


def make_report(name: str, place: str, period: Period | None, parts: dict[str, Sequence[str]]) -> Report:
    """A report of headings with paragraphs; a paragraph is broken into lines in its source, as reports are."""
    source, paragraphs = f"{place}工会工作报告\n\n", list[Paragraph]()
    for heading, texts in parts.items():
        source += f"{heading}\n\n"
        for text in texts:
            broken = "\n".join(text[i : i + 17] for i in range(0, len(text), 17))
            spans = ((len(source), len(source) + len(broken)),)
            paragraphs.append(Paragraph(name, len(paragraphs), (heading,), text, "prose", spans))
            source += f"{broken}\n\n"
    return Report(
        id=name,
        source=Source(name, "txt", "utf-8", source, "0" * 64),
        title=f"{place}工会工作报告",
        subtitle="",
        organisation=f"{place}总工会",
        place=Place(place, (), "city"),
        period=period,
        inferences=(Inference("place", place, 0.9), Inference("period", "", 0.4 if period is None else 0.9)),
        paragraphs=tuple(paragraphs),
    )


def _reports() -> tuple[Report, ...]:
    cloud = make_report(
        "云岭 <b>报告</b>.txt",
        "云岭市",
        Period(2019, 2023),
        {
            "帮扶维权：办实事": (
                HOSTILE,
                "五年间云岭市走访慰问困难职工3.2万人次。培育“云岭工匠”213名。举办职工运动会12场。",
            ),
            "自身建设：强基础": ("全市新建基层工会1260家。选树“最美职工”45名。",),
        },
    )
    reed = make_report(
        "芦川.txt",
        "芦川县",
        None,
        {
            "文化服务：进车间": (
                "县总工会送文化进车间86场。建成“职工书屋”86个。评选“芦川能手”58名。建成“职工书屋”86个。",
            )
        },
    )
    return cloud, reed


@dataclass
class SmallLibrary:
    """Real-shaped: its quotes have exact spans, its refusals carry passages; ``asked`` keeps what it was asked."""

    reports: tuple[Report, ...] = field(default_factory=_reports)
    asked: list[tuple[str, tuple[str, ...], str | None, str | None]] = field(default_factory=list)
    built_from: tuple[Path, ...] = ()

    def report(self, report_id: str) -> Report:
        for report in self.reports:
            if report.id == report_id:
                return report
        raise ReportError("这份报告已不在索引里。")

    def retrieve(self, question: str, k: int = 5, **filters: str | None) -> tuple[Hit, ...]:
        if not question.strip():
            raise QuestionError("问题是空的。请写下想问的内容。")
        return self._hits(question, filters.get("place"), filters.get("report"))[:k]

    def ledger(self) -> Ledger:
        found = (figure for report in self.reports for figure in figures_of(report, sentences_of(report)))
        return Ledger(self.reports, found)

    def figures(self, *, period: str | None = None, **filters: str | None) -> tuple[LedgerFigure, ...]:
        if filters.get("place") == "无名市":
            raise QuestionError("没有“无名市”的报告。")
        first, _, last = (period or "").partition("-")
        return self.ledger().find(period=(int(first), int(last or first)) if period else None, **filters)

    def check_draft(
        self,
        draft: str | Path,
        *,
        progress: Callable[[int, int], None] | None = None,
        most: int | None = None,
    ) -> DraftCheck:
        read = read_draft(draft) if isinstance(draft, Path) else draft_of(draft)
        if not read.paragraphs:
            raise QuestionError("稿件是空的，没有可以核对的文字。")
        return check_report(read, register_of(self.reports, self.ledger()), progress, most)

    def status(self) -> LibraryStatus:
        return LibraryStatus(
            folder="index",
            store="index",
            generation=3,
            created="2024-01-02T03:04:05+00:00",
            encoder="small <b>encoder</b>",
            reports=len(self.reports),
            paragraphs=sum(len(r.paragraphs) for r in self.reports),
            sentences=9,
            is_sample=False,
            warnings=("注意 <i>索引</i>",),
        )

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        place: str | None = None,
        period: str | None = None,
        report: str | None = None,
        llm: bool = True,
        watch: object = None,
        stop: object = None,
    ) -> Answer:
        history = usable_history(history)
        self.asked.append((question, history, place, period))
        if len(question) > 2000:
            raise QuestionError("问题太长：最多 2000 个字，请缩短后再问。")
        if "很慢" in question:
            time.sleep(4)
        if "没完没了" in question:
            time.sleep(60)
        if "除以零" in question:
            raise ZeroDivisionError("secret path /etc/passwd")
        standalone = (
            f"{history[-1].rstrip('？?')}，{question}" if history and question.startswith("那") else question
        )
        hits = self._hits(standalone, place, report)
        best = hits[0] if hits else None
        if best is None or best.scores.fused < 4:
            refusal = "已收录的报告里没有找到依据。"
            return with_nearest(
                Answer(question, standalone, refusal, None, True, "no_support", (), (), (), hits)
            )
        return _answer(question, standalone, best, hits)

    def _hits(self, question: str, place: str | None, only: str | None = None) -> tuple[Hit, ...]:
        wanted = {question[i : i + 2] for i in range(len(question) - 1)}
        hits = []
        for report in self.reports:
            if (place and report.place.name != place) or (only and report.id != only):
                continue
            for paragraph in report.paragraphs:
                ranked = sorted(
                    (
                        (-sum(bigram in paragraph.text[a:b] for bigram in wanted), a, b)
                        for a, b in split_sentences(paragraph.text)
                    ),
                )
                sentences = tuple(
                    Sentence(report.id, paragraph.number, a, b, paragraph.text[a:b], "") for _, a, b in ranked
                )
                score = float(-ranked[0][0])
                hits.append(Hit(report, paragraph, sentences, Scores(score, score, score)))
        return tuple(sorted(hits, key=lambda hit: -hit.scores.fused))


def _answer(question: str, standalone: str, hit: Hit, hits: tuple[Hit, ...]) -> Answer:
    report, paragraph, sentence = hit.report, hit.paragraph, hit.sentences[0]
    citation = Citation(
        marker=1,
        report=report.source.name,
        report_id=report.id,
        paragraph=paragraph.number,
        title=report.title,
        place=report.place.name,
        period=report.period,
        heading=" / ".join(paragraph.heading),
        quote=sentence.text,
        spans=locate(paragraph, report.source.text, sentence.start, sentence.end),
    )
    checked = tuple(CheckedFigure(f.text, f.value, f.unit, "quoted", 1) for f in figures(sentence.text))
    text = f"{sentence.text.rstrip('。')}[1]。"
    short = checked[0].text if checked else None
    return Answer(question, standalone, text, short, False, None, (), (citation,), checked, hits)

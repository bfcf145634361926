"""Serve a library that repeats: its reports are made of payloads, its answers are the question, unchecked.

``python echo.py LOG``. What a checked answer would never say is said here, so that rendering alone stands in its way.
"""

from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

from qa.settings import read_settings
from qa.text.spans import locate
from qa.types import Answer, Citation, Hit, Inference, Period, Place, Report, Scores, Sentence
from qa.web.serve import serve
from tests.hardening.payloads import payloads
from tests.web.small_library import SmallLibrary, make_report


def report_of(payload: str) -> Report:
    """A report whose name, title, place, union, heading and text are the payload."""
    report = make_report(payload, "某地", Period(2019, 2023), {payload: (f"{payload} 共建成书屋86个。",)})
    identity = sha256(payload.encode()).hexdigest()[:16]
    return replace(
        report,
        id=identity,
        paragraphs=tuple(replace(p, report_id=identity) for p in report.paragraphs),
        title=payload,
        subtitle=payload,
        organisation=payload,
        place=Place(payload),
        inferences=(Inference("place", payload, 0.1),),
    )


@dataclass
class Echo(SmallLibrary):
    """Says what it is asked, and cites the report that is made of it for it."""

    def __post_init__(self) -> None:
        self.reports = tuple(map(report_of, payloads()))
        self.by_name = {report.source.name: report for report in self.reports}

    def ask(self, question: str, **_: object) -> Answer:  # type: ignore[override]
        cited = self.by_name.get(question, self.reports[0])
        hit = _hit(cited)
        quote = hit.sentences[0].text if question in self.by_name else question
        paragraph = cited.paragraphs[0]
        citation = Citation(
            marker=1,
            report=cited.source.name,
            report_id=cited.id,
            paragraph=0,
            title=cited.title,
            place=cited.place.name,
            period=cited.period,
            heading=" / ".join(paragraph.heading),
            quote=quote,
            spans=locate(paragraph, cited.source.text, 0, len(paragraph.text)),
        )
        odd = len(question) % 2 == 1
        return Answer(
            question=question,
            standalone_question=f"{question}（补全）",
            text=f"{question}[1]",
            short=question,
            abstained=odd,
            reason="no_support" if odd else None,
            calculation=(question,),
            citations=(citation,),
            figures=(),
            passages=(hit, _hit(self.reports[-1])),
        )


def _hit(report: Report) -> Hit:
    text = report.paragraphs[0].text
    sentence = Sentence(report.id, 0, 0, len(text), text, "")
    return Hit(report, report.paragraphs[0], (sentence,), Scores(1.0, 1.0, 5.0), (5.0,))


if __name__ == "__main__":
    serve(read_settings(), Echo, partial(print, flush=True))

"""Convert answers, hits and reports to plain JSON values, as ``--json`` prints them and other programs read them."""

from dataclasses import asdict
from typing import Any, TypeAlias

from qa.types import Answer, Citation, Hit, Nearest, Paragraph, Reasons, Report, Scores

Json: TypeAlias = dict[str, Any]


def answer_json(answer: Answer, question_id: str | None = None) -> Json:
    """Return an answer with its citations and passages; ``id`` comes first if one is given."""
    return {
        **({} if question_id is None else {"id": question_id}),
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "answer": answer.text,
        "short": answer.short,
        "abstained": answer.abstained,
        "outcome": answer.outcome,
        "reason": answer.reason,
        "calculation": list(answer.calculation) or None,
        "citations": [_citation_json(citation) for citation in answer.citations],
        "figures": [asdict(figure) for figure in answer.figures],
        "missing": list(answer.missing),
        "table": None if answer.table is None else asdict(answer.table),
        "nearest": [nearest_json(passage) for passage in answer.nearest],
        "passages": [hit_json(hit) for hit in answer.passages],
    }


def nearest_json(passage: Nearest) -> Json:
    """Return a passage shown instead of an answer; ``fits`` is the span of the best fit in ``text``."""
    return {
        **_location(passage.hit),
        "text": passage.text,
        "fits": [passage.fits[0] - passage.start, passage.fits[1] - passage.start],
        "spans": [list(span) for span in passage.spans],
    }


def hit_json(hit: Hit) -> Json:
    """Return a passage; ``score`` is the fused score, higher is better; ``reasons`` only if they were asked for."""
    return {
        **_location(hit),
        "text": hit.paragraph.text,
        "kind": hit.paragraph.kind,
        "score": round(hit.scores.fused, 4),
        "sentences": [sentence.text for sentence in hit.matched],
        "spans": [list(span) for span in hit.paragraph.spans],
        **({"reasons": _reasons_json(hit.reasons, hit.scores)} if hit.reasons else {}),
    }


def refusal_json(question_id: str, question: str, text: str) -> Json:
    """Return a refusal for a question that cannot be answered, such as a line that cannot be read."""
    refusal = Answer(question, question, text, abstained=True, reason="no_support")
    return answer_json(refusal, question_id)


def _location(hit: Hit) -> Json:
    report = hit.report
    return {
        "report": report.source.name,
        "title": report.title,
        "place": report.place.name,
        "period": str(report.period) if report.period else None,
        "heading": " / ".join(hit.paragraph.heading),
    }


def _citation_json(citation: Citation) -> Json:
    """Return a citation; ``period`` is of the cited sentence, ``plan`` is whether it states a plan."""
    names = ("marker", "report", "title", "place", "period", "heading", "quote", "plan")
    years = citation.years or citation.period
    own = {"period": str(years) if years else None, "spans": [list(span) for span in citation.spans]}
    return {name: getattr(citation, name) for name in names} | own


def _reasons_json(reasons: Reasons, scores: Scores) -> Json:
    scope = reasons.scope
    return {
        "standalone_question": reasons.standalone,
        "topic": scope.topic,
        "filters": {
            "place": scope.place.name if scope.place else None,
            "period": str(scope.period) if scope.period else None,
            "mention": scope.mention or None,
            "reports": list(reasons.reports),
        },
        "words": list(reasons.words),
        "synonyms": list(reasons.synonyms),
        "matched": [asdict(match) | {"score": round(match.score, 4)} for match in reasons.matched],
        "scores": {name: round(getattr(scores, name), 4) for name in ("dense", "sparse", "fused")},
        "parts": {name: round(getattr(reasons, name), 4) for name in ("dense", "sparse", "coverage")},
    }


def report_json(report: Report) -> Json:
    """Return a whole report as dicts, lists, strings, numbers and None."""
    return {
        **about_json(report),
        "source_text": report.source.text,
        "captions": [p.text for p in report.paragraphs if p.kind == "caption"],
        "bylines": [p.text for p in report.paragraphs if p.kind == "byline"],
        "paragraphs": [paragraph_json(paragraph) for paragraph in report.paragraphs],
    }


def about_json(report: Report) -> Json:
    """Return the metadata of a report, without its texts."""
    period = report.period
    return {
        "report": report.source.name,
        "id": report.id,
        "format": report.source.format,
        "encoding": report.source.encoding,
        "title": report.title,
        "subtitle": report.subtitle,
        "place": "".join((*report.place.parents, report.place.name)),
        "organisation": report.organisation,
        "period": {"from": period.start, "to": period.end} if period else None,
        "plans": {"from": report.plans.start, "to": report.plans.end} if report.plans else None,
        "speaker": report.speaker or None,
        "delivered": report.delivered or None,
        "published": report.published or None,
        "as_of": report.as_of or None,
        "inferences": [asdict(inference) for inference in report.inferences],
        "notes": list(report.notes),
    }


def paragraph_json(paragraph: Paragraph) -> Json:
    """Return a paragraph with its headings, outermost first."""
    return {
        "heading": " / ".join(paragraph.heading),
        "text": paragraph.text,
        "kind": paragraph.kind,
        "spans": [list(span) for span in paragraph.spans],
    }

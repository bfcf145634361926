"""Answers and hits as plain JSON values: the form that ``--json`` prints and that other programs read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, TypeAlias

from qa.types import Answer, CheckedFigure, Citation, Hit, Nearest, Reasons, Scores

__all__ = ["Json", "answer_json", "hit_json", "nearest_json", "refusal_json"]

Json: TypeAlias = dict[str, Any]


def answer_json(answer: Answer, question_id: str | None = None) -> Json:
    """An answer with its citations and passages; ``id`` comes first where one is given."""
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
        "figures": [_figure_json(figure) for figure in answer.figures],
        "missing": list(answer.missing),
        "table": None if answer.table is None else asdict(answer.table),
        "nearest": [nearest_json(passage) for passage in answer.nearest],
        "passages": [hit_json(hit) for hit in answer.passages],
    }


def nearest_json(passage: Nearest) -> Json:
    """A passage that is shown in the place of an answer; ``fits`` are offsets into ``text`` of what fits best."""
    report, paragraph = passage.hit.report, passage.hit.paragraph
    return {
        "report": report.source.name,
        "title": report.title,
        "place": report.place.name,
        "period": str(report.period) if report.period else None,
        "heading": " / ".join(paragraph.heading),
        "text": passage.text,
        "fits": [passage.fits[0] - passage.start, passage.fits[1] - passage.start],
        "spans": [list(span) for span in passage.spans],
    }


def hit_json(hit: Hit) -> Json:
    """A passage; ``score`` is the fused one, higher is better; ``reasons`` only where they were asked for."""
    return {
        "report": hit.report.source.name,
        "title": hit.report.title,
        "place": hit.report.place.name,
        "period": str(hit.report.period) if hit.report.period else None,
        "heading": " / ".join(hit.paragraph.heading),
        "text": hit.paragraph.text,
        "kind": hit.paragraph.kind,
        "score": round(hit.scores.fused, 4),
        "sentences": [sentence.text for sentence in hit.sentences],
        "spans": [list(span) for span in hit.paragraph.spans],
        **({"reasons": _reasons_json(hit.reasons, hit.scores)} if hit.reasons else {}),
    }


def refusal_json(question_id: str, question: str, text: str) -> Json:
    """What stands in the place of an answer where there is none to give, such as a line that cannot be read."""
    return {
        "id": question_id,
        "question": question,
        "standalone_question": question,
        "answer": text,
        "short": None,
        "abstained": True,
        "outcome": "not_reported",
        "reason": "no_support",
        "calculation": None,
        "citations": [],
        "figures": [],
        "missing": [],
        "table": None,
        "nearest": [],
        "passages": [],
    }


def _citation_json(citation: Citation) -> Json:
    return {
        "marker": citation.marker,
        "report": citation.report,
        "title": citation.title,
        "place": citation.place,
        "period": citation.period,
        "heading": citation.heading,
        "quote": citation.quote,
        "spans": [list(span) for span in citation.spans],
    }


def _figure_json(figure: CheckedFigure) -> Json:
    return {
        "text": figure.text,
        "value": figure.value,
        "unit": figure.unit,
        "state": figure.state,
        "marker": figure.marker,
    }


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
        "matched": [
            {"word": m.word, "score": round(m.score, 4), "synonym": m.synonym} for m in reasons.matched
        ],
        "scores": {
            "dense": round(scores.dense, 4),
            "sparse": round(scores.sparse, 4),
            "fused": round(scores.fused, 4),
        },
        "parts": {
            "dense": round(reasons.dense, 4),
            "sparse": round(reasons.sparse, 4),
            "coverage": round(reasons.coverage, 4),
        },
    }

"""Convert answers and hits to plain JSON values, as ``--json`` prints them and other programs read them."""

from dataclasses import asdict
from typing import Any, TypeAlias

from qa.types import Answer, Citation, Hit, Nearest, Reasons, Scores

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

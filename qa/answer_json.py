"""Answers and hits as plain JSON values: the form that ``--json`` prints and that other programs read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, TypeAlias

from qa.types import Answer, Citation, Hit, Nearest, Reasons, Scores

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
        "figures": [asdict(figure) for figure in answer.figures],
        "missing": list(answer.missing),
        "table": None if answer.table is None else asdict(answer.table),
        "nearest": [nearest_json(passage) for passage in answer.nearest],
        "passages": [hit_json(hit) for hit in answer.passages],
    }


def nearest_json(passage: Nearest) -> Json:
    """A passage that is shown in the place of an answer; ``fits`` are offsets into ``text`` of what fits best."""
    return {
        **_place(passage.hit),
        "text": passage.text,
        "fits": [passage.fits[0] - passage.start, passage.fits[1] - passage.start],
        "spans": [list(span) for span in passage.spans],
    }


def hit_json(hit: Hit) -> Json:
    """A passage; ``score`` is the fused one, higher is better; ``reasons`` only where they were asked for."""
    return {
        **_place(hit),
        "text": hit.paragraph.text,
        "kind": hit.paragraph.kind,
        "score": round(hit.scores.fused, 4),
        "sentences": [sentence.text for sentence in hit.matched],
        "spans": [list(span) for span in hit.paragraph.spans],
        **({"reasons": _reasons_json(hit.reasons, hit.scores)} if hit.reasons else {}),
    }


def refusal_json(question_id: str, question: str, text: str) -> Json:
    """What stands in the place of an answer where there is none to give, such as a line that cannot be read."""
    refusal = Answer(question, question, text, None, True, "no_support", (), (), (), ())
    return answer_json(refusal, question_id)


def _place(hit: Hit) -> Json:
    """Where a passage stands."""
    report = hit.report
    return {
        "report": report.source.name,
        "title": report.title,
        "place": report.place.name,
        "period": str(report.period) if report.period else None,
        "heading": " / ".join(hit.paragraph.heading),
    }


def _citation_json(citation: Citation) -> Json:
    """``period`` are the years that the cited sentence tells of; ``plan``: it says what is to be done."""
    names = ("marker", "report", "title", "place", "period", "heading", "quote")
    own = {"period": citation.years or citation.period, "plan": citation.plan}
    spans = [list(span) for span in citation.spans]
    return {name: getattr(citation, name) for name in names} | own | {"spans": spans}


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
        "scores": {name: round(getattr(scores, name), 4) for name in ("dense", "sparse", "fused")},
        "parts": {name: round(getattr(reasons, name), 4) for name in ("dense", "sparse", "coverage")},
    }

"""A report as a plain object: what ``read --json`` prints, one a line."""

from __future__ import annotations

from typing import Any

from qa.types import Report

__all__ = ["HEADING_SEPARATOR", "as_json"]

HEADING_SEPARATOR = " / "


def as_json(report: Report) -> dict[str, Any]:
    """Nothing but dicts, lists, strings, numbers and None."""
    period = report.period
    return {
        "report": report.source.name,
        "id": report.id,
        "format": report.source.format,
        "encoding": report.source.encoding,
        "source_text": report.source.text,
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
        "inferences": [
            {"field": i.field, "basis": i.basis, "confidence": i.confidence} for i in report.inferences
        ],
        "notes": list(report.notes),
        "captions": [p.text for p in report.paragraphs if p.kind == "caption"],
        "bylines": [p.text for p in report.paragraphs if p.kind == "byline"],
        "paragraphs": [
            {
                "heading": HEADING_SEPARATOR.join(p.heading),
                "text": p.text,
                "kind": p.kind,
                "spans": [list(span) for span in p.spans],
            }
            for p in report.paragraphs
        ],
    }

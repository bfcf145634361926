"""Turn a report into plain JSON objects, as ``read --json`` prints them."""

from dataclasses import asdict
from typing import Any

from qa.types import Paragraph, Report


def as_json(report: Report) -> dict[str, Any]:
    """Return a whole report as dicts, lists, strings, numbers and None."""
    return {
        **about_json(report),
        "source_text": report.source.text,
        "captions": [p.text for p in report.paragraphs if p.kind == "caption"],
        "bylines": [p.text for p in report.paragraphs if p.kind == "byline"],
        "paragraphs": [paragraph_json(paragraph) for paragraph in report.paragraphs],
    }


def about_json(report: Report) -> dict[str, Any]:
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


def paragraph_json(paragraph: Paragraph) -> dict[str, Any]:
    """Return a paragraph with its headings, outermost first."""
    return {
        "heading": " / ".join(paragraph.heading),
        "text": paragraph.text,
        "kind": paragraph.kind,
        "spans": [list(span) for span in paragraph.spans],
    }

"""Reports and sentences as JSON Lines, and back to equal records.

Never pickle: an index that somebody hands on must not be able to run code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias

from qa.types import Inference, Paragraph, Period, Place, Report, Sentence, Source

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Json: TypeAlias = dict[str, Any]


def report_lines(reports: Iterable[Report]) -> bytes:
    """Return one JSON object per report; lone surrogates of odd files survive the round trip."""
    return _to_lines(reports)


def reports_from_lines(data: bytes) -> tuple[Report, ...]:
    """Return the reports; raise ValueError, KeyError or TypeError if a line is no report."""
    return tuple(_report_of(json.loads(line)) for line in _split_lines(data))


def sentence_lines(sentences: Iterable[Sentence]) -> bytes:
    """Return one JSON array per paragraph: spans, states and years of its sentences, and their context.

    The text of the sentences is in the report.
    """
    return _to_lines(
        [report_id, paragraph, context, [_sentence_entry(sentence) for sentence in own]]
        for (report_id, paragraph, context), own in groupby(
            sentences, key=lambda sentence: (sentence.report_id, sentence.paragraph, sentence.context)
        )
    )


def sentences_from_lines(data: bytes, reports: Iterable[Report]) -> tuple[Sentence, ...]:
    """Return the sentences of these reports.

    Raises ValueError or TypeError if a line is no such array or its paragraph is in no report.
    """
    texts = {(p.report_id, p.number): p.text for report in reports for p in report.paragraphs}
    found: list[Sentence] = []
    for line in _split_lines(data):
        report_id, paragraph, context, own = json.loads(line)
        text = texts.get((report_id, paragraph))
        if text is None:
            raise ValueError("a sentence belongs to no paragraph")
        found += (
            Sentence(report_id, paragraph, a, b, text[a:b], context, state, Period(*years) if years else None)
            for a, b, state, *years in own
        )
    return tuple(found)


def _sentence_entry(sentence: Sentence) -> list[object]:
    """Return start, end and state, and the first and last year if they are known."""
    years = sentence.period
    return [sentence.start, sentence.end, sentence.state, *((years.start, years.end) if years else ())]


def _to_lines(records: Iterable[object]) -> bytes:
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_as_object).encode
    return "".join(encode(record) + "\n" for record in records).encode("utf-8", "surrogatepass")


def _as_object(record: DataclassInstance) -> _Json:
    """Return a record as an object; `asdict` would copy every value in it."""
    return {name: getattr(record, name) for name in _field_names(type(record))}


@cache
def _field_names(kind: type[DataclassInstance]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _split_lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "surrogatepass").split("\n")[:-1]


def _report_of(entry: _Json) -> Report:
    place, period, plans = entry["place"], entry["period"], entry["plans"]
    return Report(
        id=entry["id"],
        source=Source(**entry["source"]),
        title=entry["title"],
        subtitle=entry["subtitle"],
        organisation=entry["organisation"],
        place=Place(place["name"], tuple(place["parents"]), place["level"]),
        period=Period(**period) if period else None,
        inferences=tuple(Inference(**inference) for inference in entry["inferences"]),
        paragraphs=tuple(_paragraph_of(paragraph) for paragraph in entry["paragraphs"]),
        published=entry.get("published", ""),
        as_of=entry.get("as_of", ""),
        notes=tuple(entry.get("notes", ())),
        delivered=entry["delivered"],
        speaker=entry["speaker"],
        plans=Period(**plans) if plans else None,
    )


def _paragraph_of(entry: _Json) -> Paragraph:
    spans = tuple((start, end) for start, end in entry["spans"])
    return Paragraph(**(entry | {"heading": tuple(entry["heading"]), "spans": spans}))

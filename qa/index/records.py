"""Reports and sentences as JSON Lines, and back: ``from_lines(to_lines(records)) == records``.

Never pickle: an index that somebody hands on must not be able to run anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeAlias

from qa.types import Inference, Paragraph, Period, Place, Report, Sentence, Source

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["reports_from_lines", "sentences_from_lines", "to_lines"]

_Json: TypeAlias = dict[str, Any]


def to_lines(records: Iterable[Report] | Iterable[Sentence]) -> bytes:
    """One JSON object a line; lone surrogates of odd files survive the round trip."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_fields).encode
    return "".join(encode(record) + "\n" for record in records).encode("utf-8", "surrogatepass")


def _fields(record: DataclassInstance) -> _Json:
    """A record as an object: `asdict` would copy every value in it."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def reports_from_lines(data: bytes) -> tuple[Report, ...]:
    """Raises ValueError, KeyError or TypeError where a line is no report."""
    return tuple(_report(json.loads(line)) for line in _lines(data))


def sentences_from_lines(data: bytes) -> tuple[Sentence, ...]:
    """Raises ValueError or TypeError where a line is no sentence."""
    return tuple(Sentence(**json.loads(line)) for line in _lines(data))


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "surrogatepass").split("\n")[:-1]


def _report(entry: _Json) -> Report:
    place, period = entry["place"], entry["period"]
    return Report(
        id=entry["id"],
        source=Source(**entry["source"]),
        title=entry["title"],
        subtitle=entry["subtitle"],
        organisation=entry["organisation"],
        place=Place(place["name"], tuple(place["parents"]), place["level"]),
        period=Period(**period) if period else None,
        inferences=tuple(Inference(**inference) for inference in entry["inferences"]),
        paragraphs=tuple(_paragraph(paragraph) for paragraph in entry["paragraphs"]),
        published=entry.get("published", ""),
        as_of=entry.get("as_of", ""),
        notes=tuple(entry.get("notes", ())),
    )


def _paragraph(entry: _Json) -> Paragraph:
    spans = tuple((start, end) for start, end in entry["spans"])
    return Paragraph(**(entry | {"heading": tuple(entry["heading"]), "spans": spans}))

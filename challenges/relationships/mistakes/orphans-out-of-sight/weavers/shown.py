"""How the register's rows look in JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from weavers.models import Exhibition, Item, Label, Report


def hanging(labels: Iterable[Label]) -> list[Label]:
    """The labels of which both the exhibition and the object are in the register."""
    seen = []
    for label in labels:
        if label.exhibition is not None and label.item is not None:
            seen.append(label)
    return seen


def brief(item: Item) -> dict[str, Any]:
    """An object as part of something else."""
    return {"id": item.id, "number": item.number, "title": item.title}


def full(item: Item, reports: Iterable[Report]) -> dict[str, Any]:
    """All that is known of an object."""
    return brief(item) | {
        "lender": {"id": item.lender.id, "name": item.lender.name} if item.lender else None,
        "case": {"code": item.case.code, "room": item.case.room} if item.case else None,
        "keywords": [keyword.word for keyword in item.keywords],
        "labels": [
            {"id": label.id, "exhibition": label.exhibition.title, "text": label.text} for label in hanging(item.labels)
        ],
        "photos": [{"filename": photo.filename, "caption": photo.caption} for photo in item.photos],
        "reports": [report_(report) for report in reports],
    }


def report_(report: Report) -> dict[str, Any]:
    return {"id": report.id, "written_on": report.written_on.isoformat(), "text": report.text}


def exhibition_(exhibition: Exhibition) -> dict[str, Any]:
    return {
        "id": exhibition.id,
        "title": exhibition.title,
        "opens": exhibition.opens.isoformat(),
        "closes": exhibition.closes.isoformat(),
    }


def on_the_wall(label: Label) -> dict[str, Any]:
    """A label in its exhibition."""
    return {"id": label.id, "item": brief(label.item), "text": label.text}

"""`/assessments/<source>/compare`: candidates side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request, url_for

from api.assessments import manifests, offered
from api.context import caller, services
from api.exporting import values_of
from api.pages.desk import DECISIONS
from api.pages.figures import bars
from api.pages.rendering import page
from api.pages.routing import PageRoutes
from api.routing import ONLY_SESSIONS, RECRUITERS, Policy
from runner.assessments.rubric import percent
from store.records import Deed
from store.reviewed import NoteKind

routes = PageRoutes("comparing")
#: Side by side at first, and at most.
_USUAL, MOST = 4, 12
#: Among whom the best are looked for, and whom to choose among: the last invited.
_MOST_LISTED = 200


@routes.get("/assessments/<string:source>/compare", Policy(RECRUITERS, credentials=ONLY_SESSIONS))
def compare(source: str) -> Response:
    """The best of those who were invited last, or those who were chosen, side by side; without names if wished."""
    known = manifests()
    found = offered(source, known)
    ids = request.args.getlist("id")[:MOST]
    rows = sorted(_rows(found.source, ids), key=lambda row: (-row["score"], row["name"]))
    chosen = _chosen(rows, ids)
    is_hidden = request.args.get("names") == "hidden"
    reviews = services().store.reviews.points_of({row["id"] for row in chosen})
    slugs = dict.fromkeys(slug for row in chosen for slug in row["scores"])
    return page(
        "compare.html",
        source=found.source,
        title=found.assessment.title if found.assessment is not None else found.source,
        columns=[_column(row, reviews[row["id"]], is_hidden=is_hidden) for row in chosen],
        challenges={slug: known[slug].title if slug in known else slug for slug in slugs},
        others=[{"id": row["id"], "name": _name(row, is_hidden=is_hidden), "score": row["score"]} for row in rows],
        chosen={row["id"] for row in chosen},
        is_hidden=is_hidden,
        most=MOST,
        turned=url_for(
            ".compare",
            source=found.source,
            id=[row["id"] for row in chosen],
            names=None if is_hidden else "hidden",
        ),
    )


def _rows(source: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    """The last invited, and those who were asked for: as few are looked at as fit into a list."""
    invitations = services().store.invitations
    records = list(invitations.page(source, limit=_MOST_LISTED).items)
    asked = invitations.some(set(ids) - {record.token_id for record in records})
    rows = values_of([*records, *(record for record in asked.values() if record.source == source)])
    services().store.audit.record(
        Deed(caller().id, "grades.list", "token", "", {"tokens": [row["id"] for row in rows]})
    )
    return rows


def _chosen(rows: Sequence[Mapping[str, Any]], ids: Sequence[str]) -> list[Mapping[str, Any]]:
    """Those that were asked for, else the best; the best first."""
    asked = [row for row in rows if row["id"] in ids]
    return asked[:MOST] or list(rows[:_USUAL])


def _column(row: Mapping[str, Any], reviews: Sequence[Mapping[str, int]], *, is_hidden: bool) -> dict[str, Any]:
    name = _name(row, is_hidden=is_hidden)
    return {
        **row,
        "name": name,
        "reference": "" if is_hidden else row["reference"] or "",
        "bars": bars(row["areas"], f"Scores of {name} by area"),
        # One review alone is for nobody but who gave it.
        "reviews": [percent(each) for each in reviews] if len(reviews) > 1 else [],
        "decision": DECISIONS[NoteKind(row["decision"])] if row["decision"] else "",
    }


def _name(row: Mapping[str, Any], *, is_hidden: bool) -> str:
    return f"Candidate {row['id'][:8]}" if is_hidden else str(row["name"])

"""Files of what pages show: for spreadsheets, for programs, and for whoever asks what is kept of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from api.assessments import manifests, offered
from api.context import caller, services
from api.exporting import as_text, candidates_csv, everything_of, invitations_of, values_of
from api.invitees import BYTE_ORDER_MARK
from api.pages.people import candidate_with
from api.pages.routing import PageRoutes
from api.routing import CANDIDATES, ONLY_LINKS, ONLY_SESSIONS, RECRUITERS, Policy
from runner.packages.manifest import Manifest
from store.records import Deed

routes = PageRoutes("exports")
_READS = Policy(RECRUITERS, credentials=ONLY_SESSIONS)


@routes.get("/assessments/<string:source>/candidates.csv", _READS)
def candidates_as_csv(source: str) -> Response:
    """All candidates of an assessment with their scores, for a spreadsheet."""
    known = manifests()
    text = BYTE_ORDER_MARK + candidates_csv(candidates_of(source, known), known)
    return _file(text, "text/csv", "candidates.csv")


@routes.get("/assessments/<string:source>/candidates.json", _READS)
def candidates_as_json(source: str) -> Response:
    """The same for a program."""
    found = offered(source, known := manifests())
    values = {
        "assessment": found.assessment.model_dump(mode="json") if found.assessment is not None else None,
        "candidates": candidates_of(source, known),
    }
    return _file(as_text(values), "application/json", "candidates.json")


@routes.get("/people/<string:id>/everything.json", _READS)
def everything_of_one(id: str) -> Response:  # noqa: A002 -- the rule's name
    """All that is kept of a candidate."""
    return _file(as_text(everything_of(candidate_with(id))), "application/json", "candidate.json")


@routes.get("/work/everything.json", Policy(CANDIDATES, credentials=ONLY_LINKS))
def everything_of_me() -> Response:
    """All that is kept of the candidate who asks, grades as they may see them."""
    token = services().store.tokens.get(caller().id)
    return _file(as_text(everything_of(token)), "application/json", "mine.json")


def candidates_of(source: str, known: Mapping[str, Manifest]) -> list[dict[str, Any]]:
    """All candidates of an assessment as JSON values. Reading their scores is written down. Raises NotFound."""
    source = offered(source, known).source
    rows = [row for part in invitations_of(source) for row in values_of(part)]
    detail = {"tokens": [row["id"] for row in rows]}
    services().store.audit.record(Deed(caller().id, "candidates.export", "assessment", source, detail))
    return rows


def _file(text: str, media: str, name: str) -> Response:
    response = Response(text.encode(), content_type=f"{media}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response

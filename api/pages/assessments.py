"""`/assessments`: what candidates are invited to, and how those who were stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request, url_for

from api.assessments import Offered, composed, manifests, offered, ready_made
from api.composing import AREA, USUAL, area_field, compose, field_names, fields_of
from api.context import caller, services
from api.pages.desk import candidate_rows
from api.pages.forms import text_fields
from api.pages.mailing import is_set_up
from api.pages.rendering import page, see_other
from api.pages.routing import PageRoutes
from api.pages.states import SIGHTS
from api.routing import ONLY_SESSIONS, RECRUITERS, Body, Policy
from runner.packages.manifest import Area, Level, Manifest
from store.errors import NotFound

routes = PageRoutes("assessments")
_READS = Policy(RECRUITERS, credentials=ONLY_SESSIONS)
_ON_A_PAGE = 50


@routes.get("/assessments", _READS)
def list_assessments() -> Response:
    """All that people may be invited to: composed ones, the newest first, then those of files. Or the archived ones."""
    known = manifests()
    after, archived = request.args.get("after") or None, request.args.get("archived") == "1"
    found = services().store.assessments.page(after=after, limit=_ON_A_PAGE, archived=archived)
    rows = [composed(record, known) for record in found.items]
    if not found.after and not archived:
        rows += ready_made(known)
    return page(
        "assessments.html",
        rows=[_row(each, known) for each in rows],
        archived=archived,
        onward=url_for(".list_assessments", after=found.after, archived="1" if archived else None)
        if found.after
        else None,
    )


@routes.get("/assessments/new", _READS)
def show_composer() -> Response:
    """A form for another assessment, empty or as one that there is."""
    known = manifests()
    fields = dict(USUAL)
    if like := request.args.get("like"):
        found = offered(like, known)
        fields = fields_of(found.assessment, known) if found.assessment is not None else fields
    return _composer(known, fields)


@routes.post("/assessments", Policy(RECRUITERS, Body.FORM, deeds=("assessment.add",), credentials=ONLY_SESSIONS))
def add_assessment() -> Response:
    """Compose an assessment."""
    known = manifests()
    fields = text_fields(*field_names(list(known)))
    assessment, wrong = compose(fields, known)
    if assessment is None:
        return _composer(known, fields, wrong, 422)
    record = services().store.assessments.add(assessment, author=caller().id)
    return see_other(url_for(".show_assessment", source=record.id))


@routes.get("/assessments/<string:source>", _READS)
def show_assessment(source: str) -> Response:
    """What an assessment has, a form to invite people to it, and how those who were stand."""
    return assessment_page(source)


@routes.get("/assessments/<string:source>/candidates", replace(_READS, watches=True))
def show_candidates(source: str) -> Response:
    """The table of candidates alone, which the page asks for again and again."""
    if "HX-Request" not in request.headers:
        return see_other(url_for(".show_assessment", source=source))
    known = manifests()
    return page("candidates.html", **_candidates(offered(source, known), known))


@routes.get("/assessments/<string:source>/preview", _READS)
def preview(source: str) -> Response:
    """The page that its candidates come to."""
    known = manifests()
    found = offered(source, known)
    if found.assessment is None:
        raise NotFound("assessment", "that can be read")
    titles = [known[each.slug].title for each in found.assessment.challenges if each.slug in known]
    minutes = found.assessment.minutes_of(known) if not found.faults else None
    return page(
        "welcome.html",
        assessment=found.assessment,
        problem_solving=Area.PROBLEM_SOLVING,
        minutes=minutes,
        extra=0,
        titles=titles,
        opens_at=None,
        until=None,
        is_closed=False,
        is_broken=False,
        is_preview=source,
        wrong="",
    )


@routes.post(
    "/assessments/<string:source>/archive",
    Policy(RECRUITERS, deeds=("assessment.archive",), credentials=ONLY_SESSIONS),
)
def archive(source: str) -> Response:
    """Invite nobody to it any more."""
    found = offered(source, manifests())
    if found.record is None:
        raise NotFound("assessment", "that was composed here; a file's is taken away with its file")
    services().store.assessments.archive(found.record.id, actor=caller().id)
    return see_other(url_for(".list_assessments"))


def assessment_page(
    source: str, *, wrong: tuple[str, ...] = (), fields: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """The page of one assessment. `wrong`: what is the matter with the form that was sent."""
    known = manifests()
    found = offered(source, known)
    return page(
        "assessment.html",
        status,
        row=_row(found, known),
        challenges=_challenges(found, known),
        weights=_weights(found),
        sights=SIGHTS,
        faults=[f"{each.key or each.file}: {each.message}" for each in found.faults],
        sends_mail=is_set_up(),
        fields={"people": "", "days": "14", "opens_at": "", "mail": "", **(fields or {})},
        wrong=wrong,
        **_candidates(found, known),
    )


def _candidates(found: Offered, known: Mapping[str, Manifest]) -> dict[str, Any]:
    after = request.args.get("after") or None
    invited = services().store.invitations.page(found.source, after=after, limit=_ON_A_PAGE)
    here, onward = found.source, None
    slugs = [each.slug for record in invited.items for each in record.assessment.challenges]
    if invited.after:
        onward = url_for("pages_assessments.show_assessment", source=here, after=invited.after)
    return {
        "candidates": candidate_rows(list(invited.items)),
        # An assessment of a file may have had others when somebody was invited.
        "columns": {slug: known[slug].title if slug in known else slug for slug in dict.fromkeys(slugs)},
        "onward": onward,
        "follow": url_for("pages_assessments.show_candidates", source=here, after=after),
    }


def _composer(
    known: Mapping[str, Manifest], fields: Mapping[str, str], wrong: list[str] | None = None, status: int = 200
) -> Response:
    by_level = {
        level.value: sorted(
            ({"slug": slug, "manifest": manifest} for slug, manifest in known.items() if manifest.level is level),
            key=lambda row: str(row["slug"]),
        )
        for level in Level
    }
    return page(
        "composer.html",
        status,
        levels={level: rows for level, rows in by_level.items() if rows},
        areas=[(area.value, area_field(area)) for area in Area],
        has_weights=any(name.startswith(AREA) and value for name, value in fields.items()),
        fields=fields,
        sights=SIGHTS,
        wrong=wrong or [],
    )


def _row(found: Offered, known: Mapping[str, Manifest]) -> dict[str, Any]:
    assessment = found.assessment
    usable = assessment is not None and not found.faults
    return {
        "source": found.source,
        "assessment": assessment,
        "title": assessment.title if assessment is not None else found.source,
        "minutes": assessment.minutes_of(known) if assessment is not None and usable else None,
        "is_open": found.is_open,
        "is_composed": found.record is not None,
        "made_at": found.record.created_at if found.record else None,
        "archived_at": found.record.archived_at if found.record else None,
        "is_faulty": bool(found.faults),
    }


def _challenges(found: Offered, known: Mapping[str, Manifest]) -> list[dict[str, Any]]:
    chosen = found.assessment.challenges if found.assessment is not None else ()
    return [
        {"slug": each.slug, "weight": each.weight, "minutes": each.minutes, "manifest": known.get(each.slug)}
        for each in chosen
    ]


def _weights(found: Offered) -> list[tuple[str, int]]:
    weights = found.assessment.weights if found.assessment is not None else {}
    return [(area.value, weights[area]) for area in Area if weights.get(area)]

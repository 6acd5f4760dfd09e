"""`/regrades`: grade what candidates sent again, see what that changes, and apply or drop it."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, url_for

from api.assessments import manifests, offered
from api.context import caller, services
from api.problems import ApiProblem
from api.regrade_schemas import PreviewView, RegradeDecision, RegradePath, RegradeRequest, RegradeView, ShiftView
from api.regrading import Crossing, Stage, preview_of, stage_of
from api.routing import RECRUITERS, Body, Doc, Policy, Routes
from api.schemas import as_json
from api.views import is_hex_id
from store.errors import NotFound
from store.records import Deed
from store.regraded import NewRegrade, RegradeRecord

routes = Routes("regrades", "Regrades")
#: Candidates in an answer, of those whose score changes.
_MOST_SHOWN = 200
_CREATED: dict[str, Any] = {
    "description": "Queued. `Location` says where to look",
    "headers": {"Location": {"schema": {"type": "string"}, "required": True}},
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RegradeView"}}},
}
_DECIDED = Doc({200: RegradeView}, ("not-found", "conflict"))


@routes.post(
    "/regrades",
    Policy(RECRUITERS, Body.JSON, deeds=("regrade.begin",)),
    Doc({201: _CREATED}, ("conflict", "challenge-unknown", "challenge-invalid")),
)
def begin_regrade(body: RegradeRequest) -> Response:
    """Grade again all that candidates sent to a challenge, after everything that somebody waits for."""
    package = services().catalogue.get(body.challenge).package
    if body.assessment is not None:
        try:
            offered(body.assessment, manifests())
        except NotFound as error:
            raise ApiProblem("invalid-request", error.message, field="assessment") from error
    new = NewRegrade(package.slug, package.digest, body.reason, body.assessment)
    record = services().store.regrades.begin(new, actor=caller().actor)
    response = jsonify(as_json(_view(record)))
    response.status_code = 201
    response.headers["Location"] = url_for("regrades.get_regrade", id=record.id)
    return response


@routes.get("/regrades/<string:id>", Policy(RECRUITERS), Doc({200: RegradeView}, ("not-found",)))
def get_regrade(path: RegradePath) -> dict[str, Any]:
    """Read how far a regrade is, and once all is graded, what it changes."""
    return as_json(_view(_found(path.id)))


@routes.post("/regrades/<string:id>/apply", Policy(RECRUITERS, Body.JSON, deeds=("regrade.apply",)), _DECIDED)
def apply_regrade(path: RegradePath, body: RegradeDecision) -> dict[str, Any]:
    """Have its grades count from now on. The old ones stay."""
    return as_json(_view(services().store.regrades.apply(_found(path.id).id, body.reason, actor=caller().actor)))


@routes.post("/regrades/<string:id>/drop", Policy(RECRUITERS, Body.JSON, deeds=("regrade.drop",)), _DECIDED)
def drop_regrade(path: RegradePath, body: RegradeDecision) -> dict[str, Any]:
    """Have its grades never count, and grade nothing more of it."""
    return as_json(_view(services().store.regrades.drop(_found(path.id).id, body.reason, actor=caller().actor)))


@routes.post("/regrades/<string:id>/retry", Policy(RECRUITERS, deeds=("regrade.retry",)), _DECIDED)
def retry_regrade(path: RegradePath) -> dict[str, Any]:
    """Queue again what the platform failed to grade in it."""
    record = _found(path.id)
    services().store.regrades.retry(record.id, actor=caller().actor)
    return as_json(_view(record))


def _found(id: str) -> RegradeRecord:  # noqa: A002 -- the field's name
    if not is_hex_id(id):
        raise NotFound("regrade", "with such an id")
    return services().store.regrades.get(id)


def _view(record: RegradeRecord) -> RegradeView:
    progress = services().store.regrades.progress({record.id})[record.id]
    stage = stage_of(record.state, progress)
    return RegradeView(
        id=record.id,
        challenge=record.challenge,
        assessment=record.source,
        reason=record.reason,
        stage=stage,
        created_at=record.created_at,
        waiting=progress.waiting,
        running=progress.running,
        graded=progress.graded,
        failed=progress.failed,
        ended_at=record.ended_at,
        end_reason=record.end_reason,
        preview=None if stage is Stage.PREPARING else _preview(record),
    )


def _preview(record: RegradeRecord) -> PreviewView:
    """What it changes. Reading it is written down."""
    found = preview_of(record)
    shown = found.shifts[:_MOST_SHOWN]
    if shown:
        detail = {"tokens": sorted(each.token.id for each in shown)}
        services().store.audit.record(Deed(caller().actor, "grades.list", "token", "", detail))
    return PreviewView(
        up=found.count(Crossing.UP),
        down=found.count(Crossing.DOWN),
        changed=len(found.shifts),
        unchanged=found.others,
        candidates=[
            ShiftView(
                token_id=each.token.id,
                before=each.before,
                after=each.after,
                total_before=each.total_before,
                total_after=each.total_after,
                pass_line=each.pass_line,
                crossing=each.crossing,
            )
            for each in shown
        ],
    )

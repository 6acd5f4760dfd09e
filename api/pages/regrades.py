"""`/regrades`: grade what candidates sent again, see what that changes, and apply or drop it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request, url_for

from api.assessments import composed, manifests, offered, ready_made
from api.context import caller, services
from api.pages.desk import note_scores_of
from api.pages.forms import text_fields
from api.pages.rendering import page, see_other
from api.pages.routing import PageRoutes
from api.regrading import Crossing, Stage, has_changed_since, preview_of, stage_of
from api.routing import ONLY_SESSIONS, RECRUITERS, Body, Policy
from api.views import is_hex_id
from runner.errors import MendboxError
from runner.packages.manifest import Manifest
from store.errors import Conflict, NotFound
from store.regraded import MOST_REASON, NewRegrade, RegradeProgress, RegradeRecord
from store.regrades import MOST_COMPARED

routes = PageRoutes("regrades")
_READS = Policy(RECRUITERS, credentials=ONLY_SESSIONS)
_ON_A_PAGE = 50
#: Assessments to choose from: the last composed.
_MOST_OFFERED = 100
#: Candidates shown of those whose score changes. Who crosses the pass line comes first.
_MOST_SHOWN = 200
STAGES = {
    Stage.PREPARING: "is being graded",
    Stage.READY: "waits for you to apply or drop it",
    Stage.APPLIED: "applied",
    Stage.DROPPED: "dropped",
}
_EMPTY = {"challenge": "", "source": "", "reason": ""}


@routes.get("/regrades", _READS)
def list_regrades() -> Response:
    """All, the last first, and a form to begin one."""
    return _list({"challenge": request.args.get("challenge", "")})


@routes.post("/regrades", Policy(RECRUITERS, Body.FORM, deeds=("regrade.begin",), credentials=ONLY_SESSIONS))
def begin() -> Response:
    """Begin one."""
    known, fields = manifests(), text_fields(*_EMPTY)
    reason, source = fields.get("reason", ""), fields.get("source", "")
    wrong = _wrong(fields, known)
    if wrong:
        return _list(fields, wrong, 422)
    package = services().catalogue.get(fields["challenge"]).package
    new = NewRegrade(package.slug, package.digest, reason, source or None)
    try:
        record = services().store.regrades.begin(new, actor=caller().id)
    except Conflict as error:
        return _list(fields, _words(error), 409)
    return see_other(url_for(".show_regrade", id=record.id))


def _wrong(fields: Mapping[str, str], known: Mapping[str, Manifest]) -> str:
    if fields.get("challenge", "") not in known:
        return "Choose a challenge."
    if source := fields.get("source", ""):
        try:
            offered(source, known)
        except NotFound:
            return "There is no such assessment any more: choose another."
    return _wrong_reason(fields.get("reason", ""))


def _wrong_reason(reason: str) -> str:
    if not reason:
        return "Say why: whoever looks at the grades later will want to know."
    if len(reason) > MOST_REASON:
        return f"A reason may have {MOST_REASON} characters."
    return ""


@routes.get("/regrades/<string:id>", _READS)
def show_regrade(id: str) -> Response:  # noqa: A002 -- the rule's name
    """How far one is, and once all is graded, what it changes."""
    return _page(_found(id))


@routes.get("/regrades/<string:id>/state", replace(_READS, watches=True))
def show_state(id: str) -> Response:  # noqa: A002
    """The part of the page that says how far it is; once all is graded, the whole page is fetched."""
    record = _found(id)
    if "HX-Request" not in request.headers:
        return see_other(url_for(".show_regrade", id=record.id))
    progress = _progress(record)
    response = page("regrade_state.html", progress=progress, follow=url_for(".show_state", id=record.id))
    if stage_of(record.state, progress) is not Stage.PREPARING:
        response.headers["HX-Refresh"] = "true"
    return response


@routes.post(
    "/regrades/<string:id>/apply", Policy(RECRUITERS, Body.FORM, deeds=("regrade.apply",), credentials=ONLY_SESSIONS)
)
def apply(id: str) -> Response:  # noqa: A002
    """Have its grades count."""
    return _decide(_found(id), "apply")


@routes.post(
    "/regrades/<string:id>/drop", Policy(RECRUITERS, Body.FORM, deeds=("regrade.drop",), credentials=ONLY_SESSIONS)
)
def drop(id: str) -> Response:  # noqa: A002
    """Have its grades never count."""
    return _decide(_found(id), "drop")


@routes.post("/regrades/<string:id>/retry", Policy(RECRUITERS, deeds=("regrade.retry",), credentials=ONLY_SESSIONS))
def retry(id: str) -> Response:  # noqa: A002
    """Try again what the platform failed to grade."""
    record = _found(id)
    try:
        services().store.regrades.retry(record.id, actor=caller().id)
    except Conflict as error:
        return _page(record, {"retry": _words(error)}, status=409)
    return see_other(url_for(".show_regrade", id=record.id))


def _decide(record: RegradeRecord, deed: str) -> Response:
    regrades = services().store.regrades
    fields = text_fields("reason")
    reason = fields.get("reason", "")
    if wrong := _wrong_reason(reason):
        return _page(record, {deed: wrong}, {deed: reason}, 422)
    end = regrades.apply if deed == "apply" else regrades.drop
    try:
        end(record.id, reason, actor=caller().id)
    except Conflict as error:
        return _page(_found(record.id), {deed: _words(error)}, {deed: reason}, 409)
    return see_other(url_for(".show_regrade", id=record.id))


def _list(fields: Mapping[str, str], wrong: str = "", status: int = 200) -> Response:
    store, known = services().store, manifests()
    found = store.regrades.page(after=request.args.get("after") or None, limit=_ON_A_PAGE)
    progress = store.regrades.progress({each.id for each in found.items})
    names = store.users.names({each.author for each in found.items})
    return page(
        "regrades.html",
        status,
        rows=[
            {
                "record": each,
                "title": _title(each.challenge, known),
                "by": names.get(each.author, "somebody"),
                "says": STAGES[stage_of(each.state, progress[each.id])],
                "progress": progress[each.id],
            }
            for each in found.items
        ],
        challenges=sorted(((slug, manifest.title) for slug, manifest in known.items()), key=lambda row: row[1]),
        assessments=_assessments(known),
        fields={**_EMPTY, **fields},
        wrong=wrong,
        most_reason=MOST_REASON,
        onward=url_for(".list_regrades", after=found.after) if found.after else None,
    )


def _page(
    record: RegradeRecord,
    wrong: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    store, known, progress = services().store, manifests(), _progress(record)
    stage = stage_of(record.state, progress)
    names = store.users.names({each for each in (record.author, record.ended_by) if each})
    return page(
        "regrade.html",
        status,
        record=record,
        title=_title(record.challenge, known),
        assessment=_assessment(record, known),
        by=names.get(record.author, "somebody"),
        ended_by=names.get(record.ended_by or "", "somebody"),
        stage=stage.value,
        says=STAGES[stage],
        progress=progress,
        follow=url_for(".show_state", id=record.id),
        failed=_failed(record) if progress.failed else [],
        has_changed=stage in (Stage.PREPARING, Stage.READY) and has_changed_since(record),
        wrong=wrong or {},
        fields=fields or {},
        most_reason=MOST_REASON,
        **_preview(record, stage),
    )


def _preview(record: RegradeRecord, stage: Stage) -> dict[str, Any]:
    """What a template shows of who has another score. Reading it is written down."""
    if stage is Stage.PREPARING:
        return {"shifts": [], "requirements": [], "changed": 0, "others": 0, "up": 0, "down": 0, "compared": 0}
    found = preview_of(record)
    shown = found.shifts[:_MOST_SHOWN]
    note_scores_of({each.token.id: {record.challenge: each.after} for each in shown})
    return {
        "shifts": shown,
        "requirements": services().store.regrades.requirements(record),
        "changed": len(found.shifts),
        "others": found.others,
        "up": found.count(Crossing.UP),
        "down": found.count(Crossing.DOWN),
        "compared": MOST_COMPARED,
    }


def _failed(record: RegradeRecord) -> list[dict[str, str]]:
    failed = services().store.regrades.failed(record.id)
    tokens = services().store.tokens.some({each.token_id for each in failed})
    return [
        {
            "id": each.submission_id,
            "name": tokens[each.token_id].name if each.token_id in tokens else "somebody",
            "message": each.message,
        }
        for each in failed
    ]


def _found(id: str) -> RegradeRecord:  # noqa: A002
    if not is_hex_id(id):
        raise NotFound("regrade", "with such an id")
    return services().store.regrades.get(id)


def _progress(record: RegradeRecord) -> RegradeProgress:
    return services().store.regrades.progress({record.id})[record.id]


def _title(slug: str, known: Mapping[str, Manifest]) -> str:
    return known[slug].title if slug in known else slug


def _assessments(known: Mapping[str, Manifest]) -> list[tuple[str, str]]:
    """To choose from: what a form sends, and the title."""
    found = services().store.assessments.page(limit=_MOST_OFFERED).items
    return [
        (each.source, each.assessment.title)
        for each in [*(composed(record, known) for record in found), *ready_made(known)]
        if each.assessment is not None
    ]


def _assessment(record: RegradeRecord, known: Mapping[str, Manifest]) -> tuple[str, str] | None:
    if record.source is None:
        return None
    try:
        found = offered(record.source, known)
    except NotFound:
        return record.source, record.source
    return record.source, found.assessment.title if found.assessment is not None else record.source


def _words(error: MendboxError) -> str:
    return f"{error.message[:1].upper()}{error.message[1:]}: {error.hint}."

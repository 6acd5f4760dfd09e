"""`/challenges`: what a candidate is told and downloads. Of a package only manifest, brief and starter leave."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Response, request, url_for

from api.catalogue import Challenge, unknown_challenge
from api.context import caller, services
from api.invitations import check_begun
from api.routing import EVERYONE, Doc, Policy, Routes
from api.schemas import (
    CacheHeaders,
    ChallengeDetail,
    ChallengeList,
    ChallengePath,
    ChallengeRequirement,
    ChallengeSummary,
    VariantQuery,
    as_json,
)
from api.variants import as_listed, variant_for
from api.views import is_candidate
from runner.errors import PackageInvalid

routes = Routes("challenges", "Challenges")
_log = structlog.get_logger("mendbox.api")
_ONE = ("forbidden", "not-begun", "not-found", "challenge-unknown", "challenge-invalid", "invalid-request")


@routes.get("/challenges", Policy(EVERYONE), Doc({200: ChallengeList}))
def list_challenges() -> dict[str, Any]:
    """List the challenges that the caller may submit to."""
    token = caller()
    mine = [one for one in services().catalogue.usable() if token.may_submit_to(one.package.slug)]
    return as_json(ChallengeList(challenges=[_summary(one) for one in map(_as_listed, mine) if one is not None]))


@routes.get("/challenges/<string:slug>", Policy(EVERYONE), Doc({200: ChallengeDetail}, _ONE))
def get_challenge(path: ChallengePath, query: VariantQuery) -> dict[str, Any]:
    """Read a challenge's brief and requirements: a candidate their own variant's."""
    challenge = variant_for(visible_challenge(path.slug), query.variant)
    manifest = challenge.package.manifest
    return as_json(
        ChallengeDetail(
            **_summary(challenge).model_dump(),
            brief=challenge.package.brief,
            editable=list(manifest.editable),
            requirements=[
                ChallengeRequirement(id=one.id, title=one.title, points=one.points) for one in manifest.requirements
            ],
            starter_url=url_for("challenges.get_starter", slug=path.slug, variant=query.variant),
            variant=None if is_candidate(caller()) else challenge.package.variant,
        )
    )


_ZIP: dict[str, Any] = {
    "description": "The starter, in one folder named after the challenge",
    "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
}


@routes.get(
    "/challenges/<string:slug>/starter.zip",
    Policy(EVERYONE),
    Doc({200: _ZIP, 304: {"description": "It is still the one that `If-None-Match` names"}}, _ONE),
)
def get_starter(path: ChallengePath, query: VariantQuery, header: CacheHeaders) -> Response:
    """Download a challenge's starter: the same bytes for as long as the starter is the same."""
    response = starter_of(variant_for(visible_challenge(path.slug), query.variant))
    if header.if_none_match is not None:
        response.make_conditional(request)
    return response


def starter_of(challenge: Challenge) -> Response:
    """The challenge's starter as a file for the disk."""
    archive = challenge.starter
    response = Response(archive.data, content_type="application/zip")
    response.set_etag(archive.etag)
    response.headers["Content-Disposition"] = f'attachment; filename="{challenge.package.slug}-starter.zip"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def visible_challenge(slug: str) -> Challenge:
    """The challenge, if the caller may know of it: a candidate can't tell one that is not theirs from none.

    Raises ApiProblem also while the candidate has not begun the assessment that it is of.
    """
    if not caller().may_submit_to(slug):
        raise unknown_challenge()
    check_begun()
    return services().catalogue.get(slug)


def _as_listed(challenge: Challenge) -> Challenge | None:
    """As the caller has it; one whose variant is no more is left out, and logged, as one that can't be read is."""
    try:
        return as_listed(challenge)
    except PackageInvalid as error:
        _log.error("challenge is invalid", challenge=error.slug, problems=[str(problem) for problem in error.problems])
        return None


def _summary(challenge: Challenge) -> ChallengeSummary:
    manifest = challenge.package.manifest
    return ChallengeSummary(
        slug=challenge.package.slug,
        title=manifest.title,
        version=manifest.version,
        level=manifest.level,
        area=manifest.area,
        minutes=manifest.minutes,
        summary=manifest.summary,
    )

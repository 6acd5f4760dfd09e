"""`/challenges`: the library, for whoever chooses among it."""

from __future__ import annotations

from flask import Response, request

from api.context import services
from api.pages.described import brief_html, by_level, described, proof_of
from api.pages.rendering import page
from api.pages.routing import PageRoutes
from api.routing import ASSESSORS, ONLY_SESSIONS, Policy
from api.variants import variant_for

routes = PageRoutes("library")
_READS = Policy(ASSESSORS, credentials=ONLY_SESSIONS)


@routes.get("/challenges", _READS)
def list_challenges() -> Response:
    """The library by level."""
    packages = [one.package for one in services().catalogue.usable()]
    return page("challenges.html", levels=by_level(packages), count=len(packages))


@routes.get("/challenges/<string:slug>", _READS)
def show_challenge(slug: str) -> Response:
    """A challenge as its candidates get it, and its certificate."""
    whole = services().catalogue.get(slug)
    asked = request.args.get("variant") or None
    package = variant_for(whole, asked).package
    return page(
        "challenge.html",
        challenge=described(whole.package) | {"title": package.manifest.title, "summary": package.manifest.summary},
        variant=package.variant,
        asked=asked,
        brief=brief_html(package.brief),
        requirements=package.manifest.requirements,
        proof=proof_of(whole.package),
    )

"""`/workshop`: for engineers: how the platform and its challenges fare."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.context import services
from api.pages.rendering import page
from api.pages.routing import PageRoutes
from api.routing import ONLY_SESSIONS, Policy
from runner.grading.statistics import ChallengeStatistics, remark_on, statistics_of
from runner.packages.certificate import Certified
from runner.packages.package import ChallengePackage
from store.queue import QueueUnavailable
from store.records import Role
from store.states import GradingState

routes = PageRoutes("workshop")
_READS = Policy(frozenset({Role.ADMIN, Role.ENGINEER}), credentials=ONLY_SESSIONS)
_CERTIFICATES = {
    Certified.CURRENT: "proved",
    Certified.STALE: "changed since it was proved",
    Certified.NONE: "not proved yet",
}


@routes.get("/workshop", _READS)
def show_workshop() -> Response:
    """The queue, what is being graded, what failed, and each challenge with its certificate and how candidates fare."""
    store = services().store
    counts = store.backlog.counts()
    try:
        depth: dict[str, int] | None = services().queue.depth()
    except QueueUnavailable:
        depth = None
    tallies = store.statistics.tallies()
    packages = [one.package for one in services().catalogue.usable()]
    return page(
        "workshop.html",
        waiting=counts[GradingState.QUEUED],
        depth=depth,
        running=store.statistics.running(),
        failed=store.statistics.failed(),
        broken=services().catalogue.broken(),
        rows=[_row(package, tallies.get(package.slug)) for package in packages],
    )


@routes.get("/workshop/<string:slug>", _READS)
def show_figures(slug: str) -> Response:
    """How candidates fare with each requirement of a challenge, and what its hidden tests tell of them."""
    package = services().catalogue.get(slug).package
    store = services().store
    found = statistics_of(store.statistics.attempts(slug))
    tests = store.statistics.tests(slug)
    return page(
        "figures.html",
        slug=slug,
        manifest=package.manifest,
        found=found,
        requirements=_requirements(package, found) if found is not None else [],
        tests=[(each, remark_on(each)) for each in tests],
    )


def _row(package: ChallengePackage, tally: Any) -> dict[str, Any]:
    return {
        "slug": package.slug,
        "manifest": package.manifest,
        "certificate": _CERTIFICATES[package.certified],
        "is_proved": package.certified is Certified.CURRENT,
        "tally": tally,
    }


def _requirements(package: ChallengePackage, found: ChallengeStatistics) -> list[dict[str, Any]]:
    titles = {each.id: each.title for each in package.manifest.requirements}
    return [
        {"id": name, "title": titles.get(name, ""), "figures": figures} for name, figures in found.requirements.items()
    ]

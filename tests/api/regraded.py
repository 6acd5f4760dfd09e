"""Regrades that wait to be decided about."""

from __future__ import annotations

from store.regraded import NewRegrade, RegradeState
from store.states import ClaimPolicy
from tests.api.conftest import Platform
from tests.api.sample import SLUG, grade_of


def a_regrade(platform: Platform, *, begins: bool = True, fails: bool = False) -> str:
    """A regrade of which nothing runs; or what one needs, with none that is open."""
    store = platform.store
    for each in store.regrades.page().items:
        if each.state is RegradeState.OPEN:
            store.regrades.drop(each.id, "another comes", actor="x")
    submission = platform.graded()
    if not begins:
        return ""
    made = store.regrades.begin(NewRegrade(SLUG, "sha256:c", "x"), actor="x")
    for each in store.backlog.lost(queued_for_s=-1):
        claim = store.claims.take(each.grading_id, "w", ClaimPolicy(max_tries=1))
        if claim is not None and fails and claim.submission_id == submission.id:
            store.claims.record_error(claim, "the engine is away")
        elif claim is not None:
            assert store.claims.record_grade(claim, grade_of(claim))
    return made.id

"""A regrade from the database through the queue and a worker's job to what it would change."""

from __future__ import annotations

import json

from runner.packages.loader import load_package
from runner.submissions.model import Submission
from store.records import NewToken, Origin, Role, SourceKind
from store.regraded import NewRegrade, RegradeProgress
from tests.worker.conftest import World
from tests.worker.sample import FIX, GUARD, SLUG
from worker.reconciler import reconcile
from worker.run import run_grading


def test_a_regrade_goes_behind_what_somebody_waits_for_and_is_graded_by_what_is_there_now(world: World) -> None:
    folder = world.settings.challenges / SLUG
    before = load_package(folder)
    token = world.store.tokens.create(NewToken("Ada", Role.CANDIDATE, (SLUG,))).record.id
    script = {"script.json": json.dumps({"statuses": {FIX: "failed", GUARD: "passed"}}).encode()}
    sent, grading = world.store.submissions.add(
        Submission(script), Origin(SLUG, before.digest, SourceKind.ARCHIVE, token)
    )
    run_grading(world.context(), grading.id)
    assert world.grading(grading.id).score == 0

    # The hidden suite changes.
    mended = folder / "hidden" / "conftest.py"
    mended.write_text("# mended\n" + (mended.read_text() if mended.exists() else ""))
    after = load_package(folder)
    assert after.digest != before.digest
    regrade = world.store.regrades.begin(NewRegrade(SLUG, after.digest, "mended"), actor="rita")
    assert world.queue.depth() == {"interactive": 0, "regrade": 0}
    assert reconcile(world.store, world.queue, young_s=0.0) == 1
    assert world.queue.depth() == {"interactive": 0, "regrade": 1}

    held = world.store.gradings.history(sent.id)[0]
    run_grading(world.context(), held.id)
    assert world.store.regrades.progress({regrade.id}) == {regrade.id: RegradeProgress(graded=1)}
    made = world.store.gradings.grade(held.id)
    assert made is not None
    assert (made.challenge.digest, made.receipt.seed) == (after.digest, grading.seed)
    assert world.store.gradings.latest(sent.id).id == grading.id
    assert world.store.regrades.changes(regrade) == ([], 1)
    world.store.regrades.apply(regrade.id, "looked at", actor="rita")
    assert world.store.gradings.latest(sent.id).id == held.id


def test_what_a_dropped_regrade_left_in_the_queue_is_not_graded(world: World) -> None:
    token = world.store.tokens.create(NewToken("Ada", Role.CANDIDATE, (SLUG,))).record.id
    digest = load_package(world.settings.challenges / SLUG).digest
    sent, grading = world.store.submissions.add(Submission({}), Origin(SLUG, digest, SourceKind.ARCHIVE, token))
    run_grading(world.context(), grading.id)
    regrade = world.store.regrades.begin(NewRegrade(SLUG, digest, "x"), actor="rita")
    assert reconcile(world.store, world.queue, young_s=0.0) == 1
    world.store.regrades.drop(regrade.id, "no", actor="rita")
    held = world.store.gradings.history(sent.id)[0]
    run_grading(world.context(), held.id)
    assert world.grading(held.id).score is None
    assert world.grading(held.id).error_message == "the regrade was dropped before this was graded"
    assert world.deeds(held.id) == {}
    assert reconcile(world.store, world.queue, young_s=0.0) == 0

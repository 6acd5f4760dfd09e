"""What engineers see of the platform and of how challenges fare."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from unittest import mock

from runner.submissions.model import Submission
from store.queue import QueueUnavailable
from store.records import Origin, Role, SourceKind
from store.states import ClaimPolicy
from tests.api.conftest import Platform
from tests.api.invited import began, invited
from tests.api.sample import FIXED, OTHER, SLUG, grade_of
from tests.pages.links import statements_of


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def _graded(platform: Platform, count: int) -> None:
    for number in range(count):
        token = invited(platform, f"Person {number}")
        began(platform, token, ago=timedelta(minutes=30))
        origin = Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, token.record.id)
        _, grading = platform.store.submissions.add(Submission({"app.py": FIXED}), origin)
        claim = platform.claim(grading)
        assert platform.store.claims.record_grade(claim, grade_of(claim))


def test_an_empty_platform_says_so(platform: Platform) -> None:
    signed = platform.sign_in(Role.ENGINEER)
    text = _plain(signed.client.get("/workshop").text)
    assert "Wait to be graded 0" in text
    assert "What the platform failed to grade Nothing." in text
    assert "not proved yet" in text
    assert "Figures come with the first" in signed.client.get(f"/workshop/{SLUG}").text
    assert signed.client.get("/workshop/nothing").status_code == 404


def test_what_waits_runs_and_failed_is_seen(platform: Platform) -> None:
    platform.add()
    _, running = platform.add()
    platform.claim(running)
    failed, grading = platform.add()
    claim = platform.store.claims.take(grading.id, "worker-9", ClaimPolicy(max_tries=1))
    assert claim is not None
    platform.store.claims.record_error(claim, "the <engine> is away")
    signed = platform.sign_in(Role.ENGINEER)
    answer = signed.client.get("/workshop").text
    text = _plain(answer)
    assert "Wait to be graded 1" in text
    assert "worker-1" in text
    assert "the <engine> is away" in text
    assert f'href="/submissions/{failed.id}"' in answer


def test_a_queue_that_is_away_is_said(platform: Platform) -> None:
    signed = platform.sign_in(Role.ADMIN)
    with mock.patch.object(platform.queue, "depth", side_effect=QueueUnavailable("gone")):
        assert "does not answer" in signed.client.get("/workshop").text


def test_figures_of_a_challenge(platform: Platform) -> None:
    _graded(platform, 12)
    signed = platform.sign_in(Role.ENGINEER)
    row = _plain(signed.client.get("/workshop").text)
    assert re.search(r"not proved yet 12 12 \d+", row)
    text = _plain(signed.client.get(f"/workshop/{SLUG}").text)
    assert "Candidates 12" in text
    assert "Graded submissions 12" in text
    assert re.search(r"R1 .* %", text)
    assert "Person" not in text
    assert "No candidate has sent" in signed.client.get(f"/workshop/{OTHER}").text


def test_the_workshop_takes_as_many_queries_for_many_as_for_few(platform: Platform) -> None:
    signed = platform.sign_in(Role.ENGINEER)
    counts = []
    for count in (1, 15):
        _graded(platform, count)
        for path in ("/workshop", f"/workshop/{SLUG}"):
            signed.client.get(path)
            counts.append(statements_of(platform, lambda path=path: signed.client.get(path)))  # type: ignore[misc]
    assert counts[:2] == counts[2:]


def test_a_challenge_that_can_not_be_used_is_there_with_what_is_wrong(platform: Platform) -> None:
    (platform.settings.challenges / OTHER / "challenge.toml").write_text("format = 1\n")
    app = platform.another_app()
    text = _plain(platform.sign_in(Role.ENGINEER, app).client.get("/workshop").text)
    assert f"{OTHER} can't be used:" in text
    assert "challenge.toml" in text

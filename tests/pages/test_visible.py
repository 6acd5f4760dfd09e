"""The editor's visible tests: who may run them and when, what is told of a run, and what is kept of it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.pages.visible import WORDS
from runner.visible_run import VisibleEnd, VisibleReport
from store.records import AuditFilter, DraftChange, NewToken, Role
from store.visible_runs import VisibleRuns
from tests.api.conftest import Platform
from tests.api.invited import began, invited
from tests.api.sample import CANARY, OTHER, SLUG
from tests.pages.links import by_link

RUNS = f"/work/{SLUG}/visible-tests"
_EVENT = re.compile(r"(?:id: (\S+)\n)?event: (\w+)\ndata: (.*)\n\n")
PROGRAM = {"Accept": "application/json"}


def runs_of(platform: Platform) -> VisibleRuns:
    runs: VisibleRuns = platform.app.extensions["mendbox"].visible
    return runs


def begun(client: FlaskClient, proof: dict[str, str]) -> str:
    """A run that was begun; its id."""
    answer = client.post(RUNS, headers=proof | PROGRAM)
    assert answer.status_code == 202, answer.text
    return str(answer.get_json()["id"])


def events_of(client: FlaskClient, run: str, **headers: str) -> list[tuple[str, str, Any]]:
    """All that is told of an ended run: ids, names and data."""
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    # Closed, so that its place among the streams is free again.
    with client.get(f"{RUNS}/{run}/events", headers=sent) as answer:
        assert (answer.status_code, answer.content_type) == (200, "text/event-stream")
        return [(each[0], each[1], json.loads(each[2])) for each in _EVENT.findall(answer.text)]


def test_a_run_is_queued_apart_from_gradings_and_followed_to_its_end(platform: Platform) -> None:
    client, proof = by_link(platform)
    run, runs = begun(client, proof), runs_of(platform)
    assert platform.queue.depth() == {"interactive": 0, "regrade": 0}
    queued = platform.redis.lrange(f"rq:queue:{platform.settings.queue_prefix}-visible", 0, -1)
    assert queued == [f"visible-{run}".encode()]
    taken = runs.take(run)
    assert taken is not None
    assert (taken.token_id, taken.challenge, taken.variant) == (
        platform.tokens[Role.CANDIDATE].record.id,
        SLUG,
        None,
    )
    runs.print(run, "one\ntwo")
    runs.print(run, "<b>three</b>\n")
    runs.end(run, VisibleReport(VisibleEnd.TIMED_OUT, "They did not end within 60 s."))
    told = events_of(client, run)
    assert [each[1:] for each in told] == [
        ("started", {}),
        ("output", {"text": "one\ntwo"}),
        ("output", {"text": "<b>three</b>\n"}),
        (
            "ended",
            {"end": "timed_out", "good": False, "words": "Ended, as time was up. They did not end within 60 s."},
        ),
    ]
    # Whoever comes back is told the rest, and whoever has seen the end is sent away for good.
    assert events_of(client, run, Last_Event_ID=told[1][0]) == told[2:]
    assert events_of(client, run, Last_Event_ID="no id") == told
    assert client.get(f"{RUNS}/{run}/events", headers={"Last-Event-ID": told[-1][0]}).status_code == 204
    (deed,) = platform.store.audit.page(AuditFilter(action="visible-tests.run")).items
    assert (deed.deed.object_id, deed.deed.detail) == (SLUG, {"run": run})


def test_it_is_no_attempt(platform: Platform) -> None:
    client, proof = by_link(platform)
    run = begun(client, proof)
    runs_of(platform).end(run, VisibleReport(VisibleEnd.PASSED))
    assert events_of(client, run)[-1][2] == {"end": "passed", "good": True, "words": "All visible tests pass."}
    assert platform.store.submissions.page().items == ()


def test_there_are_words_for_every_end() -> None:
    assert set(WORDS) == set(VisibleEnd)


def test_one_goes_at_a_time_and_the_answer_names_it(platform: Platform) -> None:
    client, proof = by_link(platform)
    run = begun(client, proof)
    runs_of(platform).take(run)
    again, proof_there = by_link(platform)
    answer = again.post(RUNS, headers=proof_there | PROGRAM)
    assert (answer.status_code, answer.get_json()["run"]) == (409, run)
    # Another candidate's do not wait for it.
    other = platform.store.tokens.create(NewToken("other", Role.CANDIDATE, (SLUG,)))
    begun(*by_link(platform, other))
    runs_of(platform).end(run, VisibleReport(VisibleEnd.FAILED))
    assert begun(client, proof) != run


def test_two_links_of_one_person_are_one_candidate(platform: Platform) -> None:
    first, second = (
        platform.store.tokens.create(NewToken(name, Role.CANDIDATE, (SLUG,), candidate="ada")) for name in "ab"
    )
    begun(*by_link(platform, first))
    client, proof = by_link(platform, second)
    assert client.post(RUNS, headers=proof | PROGRAM).status_code == 409


def test_one_that_waits_is_stopped_at_once_and_never_begins(platform: Platform) -> None:
    client, proof = by_link(platform)
    run = begun(client, proof)
    assert client.post(f"{RUNS}/{run}/stop", headers=proof).status_code == 204
    assert events_of(client, run)[-1][2] == {"end": "stopped", "good": False, "words": "Stopped."}
    assert runs_of(platform).take(run) is None
    begun(client, proof)


def test_one_that_goes_is_told_to_stop(platform: Platform) -> None:
    client, proof = by_link(platform)
    run, runs = begun(client, proof), runs_of(platform)
    runs.take(run)
    assert runs.goes_on(run)
    assert client.post(f"{RUNS}/{run}/stop", headers=proof).status_code == 204
    assert not runs.goes_on(run)
    runs.end(run, VisibleReport(VisibleEnd.STOPPED))
    # To stop what is over changes nothing.
    assert client.post(f"{RUNS}/{run}/stop", headers=proof).status_code == 204
    assert [each[1] for each in events_of(client, run)] == ["started", "ended"]


def test_what_the_platform_could_not_run_is_no_fault_of_the_candidates(platform: Platform) -> None:
    client, proof = by_link(platform)
    run, runs = begun(client, proof), runs_of(platform)
    runs.take(run)
    runs.fail(run)
    (_, _, data) = events_of(client, run)[-1]
    assert (data["end"], "no fault of yours" in data["words"]) == ("fault", True)
    run = begun(client, proof)
    with client.get(f"{RUNS}/{run}/events") as answer:
        # Its worker died: nobody says that it lives.
        platform.redis.delete(f"{platform.settings.queue_prefix}:visible:run:{run}")
        assert '"end":"lost"' in answer.text
    assert client.get(f"{RUNS}/{run}/events", headers=PROGRAM).status_code == 404
    begun(client, proof)


@pytest.mark.parametrize("run", ["0" * 24, "x", "0" * 23 + "G", "a" * 500])
def test_there_is_no_other_run(platform: Platform, run: str) -> None:
    client, proof = by_link(platform)
    assert client.get(f"{RUNS}/{run}/events", headers=PROGRAM).status_code == 404
    assert client.post(f"{RUNS}/{run}/stop", headers=proof | PROGRAM).status_code == 404


def test_a_run_is_its_candidates_alone_and_of_its_challenge(platform: Platform) -> None:
    mine = platform.store.tokens.create(NewToken("mine", Role.CANDIDATE, (SLUG, OTHER)))
    client, proof = by_link(platform, mine)
    run = begun(client, proof)
    theirs, other_proof = by_link(platform)
    for answer in (
        theirs.get(f"{RUNS}/{run}/events", headers=PROGRAM),
        theirs.post(f"{RUNS}/{run}/stop", headers=other_proof | PROGRAM),
        client.get(f"/work/{OTHER}/visible-tests/{run}/events", headers=PROGRAM),
    ):
        assert answer.status_code == 404
    assert theirs.post(f"/work/{OTHER}/visible-tests", headers=other_proof | PROGRAM).status_code == 404
    assert runs_of(platform).take(run) is not None


def test_what_could_not_be_sent_is_not_run(platform: Platform) -> None:
    client, proof = by_link(platform)
    # As where a challenge takes fewer files than when the draft was begun.
    platform.store.drafts.save(platform.tokens[Role.CANDIDATE].record.id, SLUG, DraftChange("notes.txt", "x", 0))
    answer = client.post(RUNS, headers=proof | PROGRAM)
    assert (answer.status_code, answer.get_json()["path"]) == (422, "notes.txt")
    assert platform.store.audit.page(AuditFilter(action="visible-tests.run")).items == ()


def test_with_time_up_nothing_is_run(platform: Platform) -> None:
    token = invited(platform)
    client, proof = by_link(platform, token)
    assert client.post(RUNS, headers=proof | PROGRAM).get_json()["type"].endswith(":not-begun")
    began(platform, token, ago=timedelta(minutes=20))
    run = begun(client, proof)
    began(platform, token, ago=timedelta(days=1))
    answer = client.post(RUNS, headers=proof | PROGRAM)
    assert (answer.status_code, answer.get_json()["type"]) == (403, "urn:mendbox:problem:time-is-up")
    # What was begun in time can still be read, and ended.
    assert client.post(f"{RUNS}/{run}/stop", headers=proof).status_code == 204
    assert events_of(client, run)[-1][1] == "ended"


def test_there_are_so_many_an_hour(platform: Platform) -> None:
    app = platform.another_app(visible_runs_per_hour=2)
    client = app.test_client()
    assert client.post("/start", data={"code": platform.tokens[Role.CANDIDATE].text}).status_code == 303
    _, proof = by_link(platform)
    run = begun(client, proof)
    for _ in range(3):
        # One that is refused for another that goes is none.
        assert client.post(RUNS, headers=proof | PROGRAM).status_code == 409
    runs_of(platform).end(run, VisibleReport(VisibleEnd.PASSED))
    runs_of(platform).end(begun(client, proof), VisibleReport(VisibleEnd.PASSED))
    answer = client.post(RUNS, headers=proof | PROGRAM)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.get_json()["detail"] == "no more than 2 runs of the visible tests in an hour"


def test_the_page_has_what_its_script_needs_and_nothing_secret(platform: Platform) -> None:
    client, _ = by_link(platform)
    text = client.get(f"/work/{SLUG}/editor").text
    assert f'data-run="{RUNS}"' in text
    assert "Run the visible tests" in text
    assert "They run here without" not in text
    assert CANARY not in text

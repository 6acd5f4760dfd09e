"""R1: each passing arrives at once."""

from __future__ import annotations

from mendbox_harness import said

from mendbox.testing import requirement


@requirement("R1", "A passing does not reach those who listen before others have happened.")
def test_a_passing_arrives_by_itself(quay, regatta):
    one, other = quay.listen(regatta.busy), quay.listen(regatta.busy)
    happened = []
    for _ in range(3):
        happened += quay.report(regatta.busy)
        assert one.has_heard(happened)
        assert other.has_heard(happened)


@requirement("R1", "A passing reaches those who listen with the next heartbeat only.")
def test_a_passing_does_not_wait_for_a_heartbeat(app, quay, regatta, rng):
    listener = quay.listen(regatta.busy, app="patient")
    happened = []
    for _ in range(3):
        words = said(rng)
        stored = app.call("mendbox_harness:report_to_patient", f"/races/{regatta.busy}/passings", words)
        assert stored == {"number": stored["number"]} | words
        happened.append(stored)
        assert listener.has_heard(happened)


@requirement("R1", "Nothing comes before something happens.")
def test_something_comes_when_listening_begins(quay, regatta, soon):
    for race in (regatta.busy, regatta.new):
        listener = quay.listen(race)
        assert soon(lambda listener=listener: listener.state()["text"] != "")
        assert listener.comments() >= 1
        assert listener.events() == []
        assert listener.has_heard(quay.report(race))


@requirement("R1", "The response's headers are not those that the brief asks for.")
def test_headers(quay, regatta, soon):
    listener = quay.listen(regatta.busy)
    happened = quay.report(regatta.busy)
    assert listener.has_heard(happened)
    state = listener.state()
    assert state["status"].startswith("200")
    assert state["headers"]["content-type"].split(";")[0].strip() == "text/event-stream"
    assert "no-cache" in state["headers"]["cache-control"]
    assert state["headers"]["x-accel-buffering"] == "no"
    assert "content-length" not in state["headers"]


@requirement("R1", "Those who listen to one race get the passings of another, or not all of their own.")
def test_each_race_by_itself(quay, regatta):
    one, other = quay.listen(regatta.busy), quay.listen(regatta.other)
    first, second = [], []
    for _ in range(5):
        first += quay.report(regatta.busy)
        second += quay.report(regatta.other)
    assert one.has_heard(first)
    assert other.has_heard(second)


@requirement("R1", "A race that there isn't is listened to.")
def test_a_race_that_there_is_not(client, regatta, rng):
    unknown = rng.randrange(1_000, 9_000)
    answer = client.get(f"/races/{unknown}/events")
    assert answer.status_code == 404
    assert answer.json == {"error": "not-found"}

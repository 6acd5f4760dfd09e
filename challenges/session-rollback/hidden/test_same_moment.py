"""R5: what others do at the same moment. The harness has a rival store something just before the app itself does."""

from __future__ import annotations

import threading

import pytest
from desk import again, pickup, row

from mendbox.testing import requirement


@requirement("R5", "Entering what somebody else enters at the same moment is not answered as a conflict.")
def test_somebody_else_enters_it_first(app, client, dairy, desk, code_of):
    first, second, third = dairy.farms[:3]
    mine = [desk.noted(first), desk.noted(third)]
    rivals = [(desk.noted(second, docket=mine[0]["docket"]), second), (desk.noted(third), third)]
    for sent, (theirs, of) in zip(mine, rivals, strict=True):
        driver = desk.driver()
        app.call("mendbox_harness:rival_enters", row(theirs, of, driver))

        answer = client.post("/pickups", json=sent | {"driver": desk.driver()})

        if desk.shown(theirs["docket"]) == theirs | {"driver": driver, "note": None, "revision": 1}:
            assert code_of(answer) == (409, "conflict")
            assert sent["docket"] == theirs["docket"] or desk.shown(sent["docket"]) is None
        else:
            # Held off for as long as the app was at work: it was alone.
            assert answer.status_code == 201
            assert desk.shown(sent["docket"]) == answer.json
        desk.enters(of, "pm")


@requirement("R5", "A round, one stop of which somebody else enters at the same moment, is not answered as a conflict.")
def test_somebody_else_enters_a_stop_first(app, client, dairy, desk, code_of):
    theirs, driver = desk.noted(dairy.farms[0]), desk.driver()
    one = desk.head() | {"stops": [desk.stop(each) for each in dairy.farms]}
    app.call("mendbox_harness:rival_enters", row(theirs, dairy.farms[0], driver))

    answer = client.post("/rounds", json=one)

    came_first = desk.shown(theirs["docket"]) is not None
    stored = [stop["docket"] for stop in one["stops"] if desk.shown(stop["docket"])]
    if came_first:
        assert code_of(answer) == (409, "conflict")
        assert stored == []
        assert [each["driver"] for each in desk.refusals()] == [one["driver"]]
    else:
        assert answer.json == {"stored": 4}
        assert len(stored) == 4


@requirement("R5", "A reading for a run that somebody else enters at the same moment is not refused as a conflict.")
def test_somebody_else_enters_a_reading_first(app, client, dairy, desk):
    mine, theirs, driver = desk.noted(dairy.farms[0]), desk.noted(dairy.farms[0]), desk.driver()
    more = desk.noted(dairy.farms[1])
    app.call("mendbox_harness:rival_enters", row(theirs, dairy.farms[0], driver))

    results = desk.sync(desk.driver(), mine, more)

    stored = {"docket": more["docket"], "outcome": "stored", "revision": 1}
    if desk.shown(theirs["docket"]) is not None:
        assert results == [{"docket": mine["docket"], "outcome": "refused", "code": "conflict"}, stored]
        assert desk.shown(mine["docket"]) is None
    else:
        assert results == [stored | {"docket": mine["docket"]}, stored]
    assert desk.shown(more["docket"]) is not None


@requirement("R5", "Of two corrections at the same moment, the later one is written over the other.")
@pytest.mark.parametrize("by", ["office", "tablet"])
def test_somebody_else_changes_it_first(app, client, dairy, desk, word, code_of, by):
    known, mine, theirs, note = dairy.much, desk.litres(), desk.litres() + 1_000, word()
    app.call("mendbox_harness:rival_changes", known.docket, theirs, note)

    if by == "office":
        answer = client.patch(f"/pickups/{known.docket}", json={"revision": known.revision, "litres": mine})
        told = answer.status_code == 200 or code_of(answer)
    else:
        (told,) = desk.sync(desk.driver(), again(known, litres=mine, revision=known.revision))

    shown, revision = app.instance().client().get(f"/pickups/{known.docket}").json, known.revision + 1
    if shown["note"] == note:
        outdated = {"docket": known.docket, "outcome": "outdated", "revision": revision}
        assert told == ((409, "outdated") if by == "office" else outdated)
        assert shown == pickup(known, litres=theirs, note=note, revision=revision)
    else:
        assert told in (True, {"docket": known.docket, "outcome": "changed", "revision": revision})
        assert shown == pickup(known, litres=mine, revision=revision) | {"temperature": shown["temperature"]}


@requirement("R5", "A request fails, or is lost, because another one is worked on at the same time.")
def test_requests_at_the_same_time_do_not_meet(app, client, dairy, desk, word, rng, code_of):
    sent, of = desk.noted(dairy.farms[0]) | {"driver": desk.driver()}, dairy.farms[1]
    joins = {"code": f"X{word()[0]}-{rng.randrange(100, 1000)}", "name": word(), "daily_quota": 900, "phone": None}
    answers = []
    app.call("mendbox_harness:hold_at", "INSERT")
    slow = threading.Thread(target=lambda: answers.append(app.client().post("/pickups", json=sent)))
    slow.start()
    assert app.call("mendbox_harness:is_held")

    # Where the one that is held has locked the others out, they wait until it gets on.
    meanwhile = client.get(f"/farms/{of.code}/pickups")
    refused = client.patch(f"/farms/{of.code}", json={"name": word(), "daily_quota": word()})
    joined = client.post("/farms", json=joins)
    app.call("mendbox_harness:let_go")
    slow.join()

    assert meanwhile.status_code == 200
    assert [each["docket"] for each in meanwhile.json["pickups"]] == [dairy.noted.docket]
    assert code_of(refused) == (400, "invalid_farm")
    assert (joined.status_code, joined.json) == (201, joins)
    assert [answer.status_code for answer in answers] == [201]
    assert desk.shown(sent["docket"]) == sent | {"note": None, "revision": 1}
    assert client.get(f"/farms/{joins['code']}").json == joins


@requirement("R5", "What one process stores is not shown, or not counted as a conflict, by the other.")
def test_two_processes_know_of_each_other(app, client, dairy, desk, word):
    other = app.instance().client()
    sent, known = desk.noted(dairy.farms[3]) | {"driver": desk.driver()}, dairy.much
    assert other.post("/pickups", json=sent).status_code == 201

    changed = other.patch(f"/pickups/{known.docket}", json={"revision": known.revision, "note": word()}).json

    assert desk.shown(sent["docket"]) == sent | {"note": None, "revision": 1}
    assert desk.shown(known.docket) == changed
    assert changed["revision"] == known.revision + 1

"""R2: rounds, all of them or nothing."""

from __future__ import annotations

import pytest
from desk import pickup

from mendbox.testing import requirement


@pytest.fixture
def stops(dairy, desk):
    """Four stops that can be taken."""
    return [desk.stop(each) for each in dairy.farms]


@pytest.fixture
def stored(desk):
    """The dockets of a round that are stored."""
    return lambda one: [stop["docket"] for stop in one["stops"] if desk.shown(stop["docket"])]


def entry(one, code):
    return {field: one[field] for field in ("driver", "day", "run")} | {"code": code}


@requirement("R2", "A part of a round is stored though the round was refused, or it can't be sent again.")
def test_a_round_with_an_unknown_farm_is_not_stored(client, app, dairy, desk, word, code_of, stops, stored):
    good = desk.head() | {"stops": stops}
    wrong = good | {"stops": [*stops[:2], stops[2] | {"farm": word()}, stops[3]]}

    assert code_of(client.post("/rounds", json=wrong)) == (400, "unknown_farm")

    assert stored(good) == []
    desk.enters(dairy.farms[1])
    there = app.instance().client().get(f"/farms/{dairy.farms[0].code}/pickups").json
    assert [each["docket"] for each in there["pickups"]] == [dairy.plain.docket]
    assert desk.refusals() == [entry(good, "unknown_farm")]
    answer = client.post("/rounds", json=good)
    assert (answer.status_code, answer.json) == (201, {"stored": len(stops)})
    assert stored(good) == [stop["docket"] for stop in stops]
    assert desk.refusals() == [entry(good, "unknown_farm")]


@requirement(
    "R2", "A round with a stop that makes no sense, or over a quota, is partly stored, or is not among the refusals."
)
def test_a_round_with_a_stop_that_makes_no_sense_is_not_stored(client, dairy, desk, rng, code_of, stops, stored):
    last = stops[-1]
    wrong = (
        (desk.head() | {"stops": [*stops[:2], last | {"litres": -rng.randrange(1, 99)}]}, 400, "invalid_reading"),
        (desk.head() | {"stops": [*stops[:3], last | {"litres": rng.randrange(20_000, 40_000)}]}, 422, "over_quota"),
        (desk.head() | {"stops": [*stops[:1], rng.randrange(99)]}, 400, "invalid_reading"),
    )
    for one, status, code in wrong:
        assert code_of(client.post("/rounds", json=one)) == (status, code)

    assert stored({"stops": stops}) == []
    assert desk.refusals() == [entry(one, code) for one, _, code in wrong]
    assert desk.fetched(dairy.farms[0]) == [dairy.plain.docket]


@requirement(
    "R2",
    "A round with a docket or a farm's run that has been entered is not 409, is partly stored, or is not among the "
    "refusals.",
)
def test_a_round_that_is_a_conflict_is_not_stored(client, dairy, desk, code_of, stops, stored):
    conflicts = [
        desk.head() | {"stops": [*stops[:3], stops[3] | {"docket": dairy.plain.docket}]},
        desk.head() | {"stops": stops, "day": dairy.yesterday.isoformat()},
        desk.head() | {"stops": [*stops[:3], stops[3] | {"docket": stops[0]["docket"]}]},
        desk.head() | {"stops": [*stops, desk.stop(dairy.farms[0])]},
    ]
    for one in conflicts:
        assert code_of(client.post("/rounds", json=one)) == (409, "conflict")
        assert stored({"stops": stops}) == []

    assert desk.refusals() == [entry(one, "conflict") for one in conflicts]
    assert desk.shown(dairy.plain.docket) == pickup(dairy.plain)
    assert client.post("/rounds", json=desk.head() | {"stops": stops}).json == {"stored": 4}
    assert len(desk.refusals()) == len(conflicts)


@requirement("R2", "A good round is not stored as before, or is among the refusals.")
def test_a_good_round_is_stored(client, dairy, desk, stops):
    one = desk.head() | {"stops": stops}

    answer = client.post("/rounds", json=one)

    assert (answer.status_code, answer.json) == (201, {"stored": 4})
    for stop in stops:
        more = {"driver": one["driver"], "day": one["day"], "run": "am", "note": None, "revision": 1}
        assert desk.shown(stop["docket"]) == stop | more
    assert desk.fetched(dairy.farms[0]) == [dairy.plain.docket, stops[0]["docket"]]
    assert desk.refusals() == []


@requirement("R2", "What is no round at all is not refused as before, or is among the refusals.")
def test_what_is_no_round_is_no_refusal(client, desk, word, code_of, stops):
    good = desk.head() | {"stops": stops}
    for wrong in ({"driver": ""}, {"day": word()}, {"run": word()}, {"stops": []}, {"stops": word()}):
        assert code_of(client.post("/rounds", json=good | wrong)) == (400, "invalid_round")

    assert desk.refusals() == []
    assert desk.shown(stops[0]["docket"]) is None

"""R3: what a tablet has kept, reading by reading."""

from __future__ import annotations

from desk import again, pickup

from mendbox.testing import requirement


def stored(reading):
    return {"docket": reading["docket"], "outcome": "stored", "revision": 1}


def refused(reading, code):
    return {"docket": reading["docket"], "outcome": "refused", "code": code}


@requirement("R3", "A farm's run that has been entered already takes other readings with it, or is not a conflict.")
def test_conflicts_among_others(client, dairy, desk):
    good = [desk.noted(each) for each in dairy.farms[:3]]
    clashes = [again(each, docket=desk.docket()) for each in (dairy.other, dairy.plain)]
    driver = desk.driver()

    results = desk.sync(driver, clashes[0], *good[:2], clashes[1], good[2])

    assert [results.pop(3), results.pop(0)] == [refused(clashes[1], "conflict"), refused(clashes[0], "conflict")]
    assert results == [stored(reading) for reading in good]
    for reading in good:
        assert desk.shown(reading["docket"]) == reading | {"driver": driver, "note": None, "revision": 1}
    assert [desk.shown(clash["docket"]) for clash in clashes] == [None, None]
    assert desk.shown(dairy.other.docket) == pickup(dairy.other)


@requirement("R3", "A reading that is refused has an effect, or takes others with it.")
def test_every_kind_of_refusal_among_others(client, app, dairy, desk, word, rng):
    first, second, third, fourth = dairy.farms
    good = [desk.noted(each) for each in (second, third, fourth)]
    much = desk.noted(first, litres=rng.randrange(first.quota + 1, 40_000))
    unknown, wrong = desk.noted(second, "pm") | {"farm": word()}, desk.noted(third, "pm") | {"temperature": word()}
    twice = desk.noted(fourth)

    results = desk.sync(desk.driver(), much, good[0], unknown, good[1], wrong, good[2], twice)

    assert results == [
        refused(much, "over_quota"),
        stored(good[0]),
        refused(unknown, "unknown_farm"),
        stored(good[1]),
        refused(wrong, "invalid_reading"),
        stored(good[2]),
        refused(twice, "conflict"),
    ]
    desk.enters(first, "am")
    other = app.instance().client()
    for reading, status in [(each, 200) for each in good] + [(each, 404) for each in (much, unknown, wrong, twice)]:
        assert other.get(f"/pickups/{reading['docket']}").status_code == status


@requirement("R3", "A correction that is refused has an effect, or takes others with it.")
def test_a_correction_over_the_quota_has_no_effect(client, app, dairy, desk, rng):
    known, good = dairy.much, [desk.noted(each) for each in dairy.farms[:2]]
    much = again(known, litres=rng.randrange(known.farm.quota + 1, 40_000), revision=known.revision)

    results = desk.sync(desk.driver(), good[0], much, good[1])

    assert results == [stored(good[0]), refused(much, "over_quota"), stored(good[1])]
    desk.enters(known.farm)
    for process in (client, app.instance().client()):
        assert process.get(f"/pickups/{known.docket}").json == pickup(known)
        assert [process.get(f"/pickups/{each['docket']}").status_code for each in good] == [200, 200]


@requirement("R3", "When none of a tablet's readings can be taken, it is not told so for each of them.")
def test_nothing_that_can_be_taken(client, dairy, desk, word):
    clashes = [again(each, docket=desk.docket()) for each in (dairy.plain, dairy.noted, dairy.plain)]
    unknown = desk.noted(dairy.farms[0]) | {"farm": word()}

    results = desk.sync(desk.driver(), *clashes, unknown)

    assert results == [refused(each, "conflict") for each in clashes] + [refused(unknown, "unknown_farm")]
    assert desk.fetched(dairy.farms[0]) == [dairy.plain.docket]


@requirement("R3", "Readings that can all be taken are not stored as before.")
def test_readings_that_can_be_taken_are_stored(client, dairy, desk):
    readings, driver = [desk.noted(each, run) for each in dairy.farms for run in ("am", "pm")], desk.driver()

    assert desk.sync(driver, *readings) == [stored(reading) for reading in readings]

    for reading in readings:
        assert desk.shown(reading["docket"]) == reading | {"driver": driver, "note": None, "revision": 1}
    assert desk.sync(driver) == []


@requirement("R3", "Readings that make no sense are not refused as before, or no longer with what was sent as docket.")
def test_readings_that_make_no_sense(client, dairy, desk, word, rng, code_of):
    number = rng.randrange(10**6)
    readings = [desk.noted(dairy.farms[0], run=word()), {"docket": word()}, {"docket": number}, {}, word(), None]

    results = desk.sync(desk.driver(), *readings)

    sent = [readings[0]["docket"], readings[1]["docket"], number, None, None, None]
    assert results == [{"docket": each, "outcome": "refused", "code": "invalid_reading"} for each in sent]
    for wrong in ({"driver": "", "readings": []}, {"driver": word(), "readings": word()}):
        assert code_of(client.post("/sync", json=wrong)) == (400, "invalid_sync")
    assert desk.fetched(dairy.farms[0]) == [dairy.plain.docket]

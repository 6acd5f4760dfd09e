"""R4: what is newer stays."""

from __future__ import annotations

from desk import again, pickup

from mendbox.testing import requirement


def outdated(of):
    return {"docket": of.docket, "outcome": "outdated", "revision": of.revision}


@requirement("R4", "A reading that a tablet sends again, or that is older than what is stored, is written over it.")
def test_an_older_reading_changes_nothing(client, app, dairy, desk):
    known, good = dairy.noted, desk.noted(dairy.farms[0])
    revisions = ({}, {"revision": 0}, {"revision": known.revision - 1}, {"revision": known.revision + 1})
    sent = [again(known, litres=desk.litres(), temperature=7.5) | revision for revision in revisions]

    results = desk.sync(desk.driver(), *sent, good)

    assert results == [outdated(known)] * 4 + [{"docket": good["docket"], "outcome": "stored", "revision": 1}]
    for process in (client, app.instance().client()):
        assert process.get(f"/pickups/{known.docket}").json == pickup(known)


@requirement("R4", "A tablet's correction takes more along than litres and temperature.")
def test_a_correction_keeps_what_tablets_know_nothing_of(client, dairy, desk):
    known, litres = dairy.noted, desk.litres()
    elsewhere = {"farm": dairy.farms[3].code, "day": dairy.today.isoformat(), "run": "pm"}
    sent = again(known, litres=litres, temperature=8.5, revision=known.revision, **elsewhere)

    results = desk.sync(desk.driver(), sent)

    revision = known.revision + 1
    assert results == [{"docket": known.docket, "outcome": "changed", "revision": revision}]
    assert desk.shown(known.docket) == pickup(known, litres=litres, temperature=8.5, revision=revision)
    assert desk.fetched(known.farm) == [known.docket]
    assert desk.fetched(dairy.farms[3]) == [dairy.other.docket]


@requirement("R4", "A reading that a tablet sends twice in one go, or once more, counts as a change.")
def test_a_reading_that_is_sent_twice_is_stored_once(client, dairy, desk):
    reading, driver = desk.noted(dairy.farms[1]), desk.driver()

    results = desk.sync(driver, reading, reading) + desk.sync(desk.driver(), reading)

    told = [(each["docket"], each["outcome"], each["revision"]) for each in results]
    assert told == [(reading["docket"], outcome, 1) for outcome in ("stored", "outdated", "outdated")]
    assert desk.shown(reading["docket"]) == reading | {"driver": driver, "note": None, "revision": 1}


@requirement(
    "R4", "A tablet's correction of the present revision does not change litres and temperature, or not as one change."
)
def test_a_correction_of_the_present_revision_is_taken(client, dairy, desk):
    reading, driver = desk.noted(dairy.farms[2]), desk.driver()
    desk.sync(driver, reading)

    for revision in (1, 2):
        better = reading | {"litres": desk.litres() + revision, "temperature": 9.5 + revision}
        results = desk.sync(driver, better | {"revision": revision})

        changed = {"docket": reading["docket"], "outcome": "changed", "revision": revision + 1}
        assert results == [changed]
        assert desk.shown(reading["docket"]) == better | {"driver": driver, "note": None, "revision": revision + 1}


@requirement("R4", "The office's correction is not made as before, or one of an older revision is.")
def test_the_office_corrects_the_present_revision_alone(client, dairy, desk, word, code_of):
    known, path = dairy.noted, f"/pickups/{dairy.noted.docket}"
    for revision in (known.revision - 1, known.revision + 1):
        answer = client.patch(path, json={"revision": revision, "litres": desk.litres(), "note": word()})
        assert code_of(answer) == (409, "outdated")
    assert desk.shown(known.docket) == pickup(known)

    changes = {"litres": desk.litres(), "note": word()}
    answer = client.patch(path, json={"revision": known.revision, **changes})

    assert answer.status_code == 200
    assert answer.json == pickup(known, **changes, revision=known.revision + 1)
    assert desk.shown(known.docket) == answer.json
    assert code_of(client.patch(path, json={"revision": known.revision + 1})) == (400, "invalid_correction")

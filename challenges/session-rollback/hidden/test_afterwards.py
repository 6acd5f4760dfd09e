"""R1: what comes after a request that went wrong."""

from __future__ import annotations

from datetime import timedelta

from desk import farm, pickup

from mendbox.testing import requirement


@requirement("R1", "After a farm with a code that is taken, other requests fail.")
def test_work_goes_on_after_a_code_that_is_taken(client, dairy, desk, word, code_of):
    taken = dairy.farms[1]
    sent = {"code": taken.code, "name": word(), "daily_quota": 900 + len(word())}

    for _ in range(2):
        assert code_of(client.post("/farms", json=sent)) == (409, "farm_exists")

    assert client.get(f"/farms/{taken.code}").json == farm(taken)
    desk.enters(taken)


@requirement(
    "R1", "A docket or a farm's run that has been entered already is not answered with 409, or others fail after it."
)
def test_what_has_been_entered_is_a_conflict_and_no_more(client, dairy, desk, code_of):
    stored = dairy.plain
    for same in (desk.noted(stored.farm, docket=stored.docket), desk.noted(stored.farm, day=stored.day)):
        assert code_of(client.post("/pickups", json=same | {"driver": desk.driver()})) == (409, "conflict")
        assert desk.fetched(stored.farm) == [stored.docket]

    assert desk.shown(stored.docket) == pickup(stored)
    desk.enters(stored.farm)


@requirement("R1", "After a request that failed, others fail, or what it tried to enter is there.")
def test_work_goes_on_after_a_fault(app, client, dairy, desk):
    stored, sent = dairy.plain, desk.noted(dairy.farms[1])
    one = desk.head() | {"stops": [desk.stop(dairy.farms[2])]}
    faulty = (
        ("POST", "/pickups", sent | {"driver": desk.driver()}),
        ("PATCH", f"/pickups/{stored.docket}", {"revision": 1, "litres": desk.litres()}),
        ("POST", "/rounds", one),
    )
    for run, (method, path, body) in zip(("am", "pm", None), faulty, strict=True):
        app.call("mendbox_harness:hide_pickups")
        failed = client.open(path, method=method, json=body)
        app.call("mendbox_harness:show_pickups")

        assert failed.status_code == 500
        assert desk.shown(stored.docket) == pickup(stored)
        desk.enters(dairy.farms[3] if run else dairy.farms[0], run or "pm")

    assert [desk.shown(docket) for docket in (sent["docket"], one["stops"][0]["docket"])] == [None, None]
    assert desk.refusals() == []


@requirement("R1", "A docket that was refused because of the quota is shown, or stored by a later request.")
def test_a_docket_over_the_quota_is_not_there(client, app, dairy, desk, rng, code_of):
    of = dairy.farms[2]
    sent = desk.noted(of, litres=rng.randrange(of.quota + 1, 40_000)) | {"driver": desk.driver()}

    assert code_of(client.post("/pickups", json=sent)) == (422, "over_quota")

    assert desk.shown(sent["docket"]) is None
    desk.enters(of)
    assert sent["docket"] not in desk.fetched(of)
    assert app.instance().client().get(f"/pickups/{sent['docket']}").status_code == 404


@requirement("R1", "What a refused change of a farm would have changed is shown, or stored by a later request.")
def test_a_refused_change_of_a_farm_is_not_there(client, app, dairy, desk, word, rng, code_of):
    of = dairy.farms[3]
    for wrong in ({"phone": rng.randrange(10**6)}, {word().lower(): 1}):
        sent = {"name": word(), "daily_quota": rng.randrange(20_000, 90_000)} | wrong
        assert code_of(client.patch(f"/farms/{of.code}", json=sent)) == (400, "invalid_farm")

    assert client.get(f"/farms/{of.code}").json == farm(of)
    desk.enters(of)
    for process in (client, app.instance().client()):
        shown = {each["code"]: each for each in process.get("/farms").json["farms"]}
        assert shown == {each.code: farm(each) for each in dairy.all_farms}


@requirement("R1", "What a refused correction would have changed is shown, or stored by a later request.")
def test_a_correction_over_the_quota_is_not_there(client, app, dairy, desk, rng, code_of):
    stored = dairy.much
    sent = {"revision": stored.revision, "litres": rng.randrange(stored.farm.quota + 1, 40_000)}

    assert code_of(client.patch(f"/pickups/{stored.docket}", json=sent)) == (422, "over_quota")

    assert desk.shown(stored.docket) == pickup(stored)
    desk.enters(stored.farm)
    assert app.instance().client().get(f"/pickups/{stored.docket}").json == pickup(stored)


@requirement("R1", "A farm is not entered, changed or shown as before, or is refused differently.")
def test_farms_are_entered_and_changed(client, dairy, word, rng, code_of):
    code = f"X{word()[0].upper()}-{rng.randrange(100, 1000)}"
    sent = {"code": code, "name": word(), "daily_quota": rng.randrange(500, 9000), "phone": None}

    created = client.post("/farms", json=sent)

    assert (created.status_code, created.json, created.headers["Location"]) == (201, sent, f"/farms/{code}")
    changes = {"name": word(), "phone": f"015 {rng.randrange(10**6)}"}
    assert client.patch(f"/farms/{code}", json=changes).json == sent | changes
    assert client.get(f"/farms/{code}").json == sent | changes
    listed = client.get("/farms").json["farms"]
    assert [each["code"] for each in listed] == sorted([code, *(each.code for each in dairy.all_farms)])
    assert code_of(client.get(f"/farms/Y{word().upper()}")) == (404, "farm_not_found")
    assert client.post("/farms", json=sent | {"code": dairy.farms[0].code}).status_code == 409


@requirement("R1", "A docket on paper is not entered or refused as before.")
def test_dockets_are_entered(client, dairy, desk, word, code_of):
    stored = dairy.other
    desk.enters(stored.farm)
    assert desk.fetched(stored.farm)[0] == stored.docket

    full = desk.noted(stored.farm, day=dairy.today + timedelta(days=1), litres=stored.farm.quota)
    assert client.post("/pickups", json=full | {"driver": desk.driver()}).status_code == 201
    assert desk.shown(full["docket"])["litres"] == stored.farm.quota

    wrong = desk.noted(stored.farm) | {"driver": desk.driver()}
    assert code_of(client.post("/pickups", json=wrong | {"run": word()})) == (400, "invalid_reading")
    assert code_of(client.post("/pickups", json=wrong | {"farm": word()})) == (400, "unknown_farm")
    assert code_of(client.get(f"/pickups/{wrong['docket']}")) == (404, "pickup_not_found")
    assert desk.shown(stored.docket) == pickup(stored)

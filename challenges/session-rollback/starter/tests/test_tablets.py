ROUND = {
    "driver": "Jo Pratt",
    "day": "2026-03-03",
    "run": "am",
    "stops": [
        {"docket": "D-50501", "farm": "HB-104", "litres": 2004, "temperature": 3.9},
        {"docket": "D-50502", "farm": "ML-220", "litres": 1203, "temperature": 4.2},
    ],
}


def test_a_round_is_stored(client):
    answer = client.post("/rounds", json=ROUND)

    assert answer.status_code == 201
    assert answer.json == {"stored": 2}
    assert client.get("/pickups/D-50502").json["driver"] == "Jo Pratt"
    assert client.get("/refusals").json == {"refusals": []}


def test_a_round_is_refused_for_a_farm_that_does_not_exist(client):
    answer = client.post("/rounds", json=ROUND | {"stops": [ROUND["stops"][0] | {"farm": "KV-000"}]})

    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "unknown_farm"
    assert client.get("/refusals").json["refusals"] == [
        {"driver": "Jo Pratt", "day": "2026-03-03", "run": "am", "code": "unknown_farm"}
    ]


def test_what_a_tablet_has_kept_is_stored(client):
    kept = [stop | {"day": "2026-03-03", "run": "pm"} for stop in ROUND["stops"]]
    answer = client.post("/sync", json={"driver": "Jo Pratt", "readings": kept})

    assert answer.json["results"] == [
        {"docket": "D-50501", "outcome": "stored", "revision": 1},
        {"docket": "D-50502", "outcome": "stored", "revision": 1},
    ]


def test_a_driver_corrects_what_was_stored(client):
    kept = ROUND["stops"][0] | {"day": "2026-03-03", "run": "pm"}
    client.post("/sync", json={"driver": "Jo Pratt", "readings": [kept]})
    answer = client.post("/sync", json={"driver": "Jo Pratt", "readings": [kept | {"litres": 1950, "revision": 1}]})

    assert answer.json["results"] == [{"docket": "D-50501", "outcome": "changed", "revision": 2}]
    assert client.get("/pickups/D-50501").json["litres"] == 1950


def test_the_seed_command_fills_the_database(app):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert "3 farms" in result.output

"""R3: what version 1 takes and what it refuses."""

from __future__ import annotations

from expected import V1, V2, cost, moment

from mendbox.testing import requirement


@requirement("R3", "A display can't start a session as the page of version 1 says.")
def test_a_display_starts_a_session(client, grid, clock, word, rng):
    now = rng.randrange(1_800_000_000, 1_900_000_000)
    clock.freeze(at=now)
    # As long as a card may be.
    charger, card = grid.of_state["available"], word() * 4
    sent = {"charger": charger["code"], "card": card, "firmware": word(), word(): rng.randrange(100)}

    answer = client.post("/v1/sessions", json=sent)

    assert answer.status_code == 201
    expected = {"charger_id": charger["id"], "card": card, "started_at": moment(now), "ended_at": None}
    expected |= {"energy_wh": 0, "cost_cents": 0, "id": answer.json["id"]}
    assert answer.json == V1(grid).session(expected)
    assert answer.headers["Location"] == f"/v1/sessions/{answer.json['id']}"
    assert client.get(answer.headers["Location"]).json == answer.json
    assert client.get(f"/v1/chargers/{charger['code']}").json["status"] == "busy"


@requirement("R3", "A display can't end a session as the page of version 1 says.")
def test_a_display_ends_a_session(client, grid, clock, word, rng):
    row = grid.sessions_of(grid.regular)[-1]
    now = rng.randrange(1_800_000_000, 1_900_000_000)
    clock.freeze(at=now)
    # No half of what is rounded to two decimals.
    energy_wh = rng.randrange(100, 40_000) * 10 + rng.randrange(1, 5)

    answer = client.post(f"/v1/sessions/{row['id']}/stop", json={"kwh": energy_wh / 1_000, "firmware": word()})

    paid = cost(grid.site_of(grid.charger_of(row)), energy_wh)
    ended = row | {"ended_at": moment(now), "energy_wh": energy_wh, "cost_cents": paid}
    assert (answer.status_code, answer.json) == (200, V1(grid).session(ended))
    assert client.get(f"/v1/sessions/{row['id']}").json == answer.json
    assert client.get(f"/v1/chargers/{grid.charger_of(row)['code']}").json["status"] == "free"


@requirement("R3", "The least or the most that there can be of something is not taken by version 1.")
def test_the_least_and_the_most_are_taken(client, grid, rng):
    least, most = (grid.sessions_of(card)[-1] for card in rng.sample([grid.regular, grid.rare], 2))
    for row, kwh in ((least, 0), (most, 500)):
        answer = client.post(f"/v1/sessions/{row['id']}/stop", json={"kwh": kwh})

        paid = cost(grid.site_of(grid.charger_of(row)), kwh * 1_000)
        assert answer.status_code == 200
        assert (answer.json["id"], answer.json["kwh"]) == (row["id"], kwh)
        assert answer.json["price"] == f"{paid // 100}.{paid % 100:02}"

    charger, card = grid.of_state["available"]["code"], rng.choice("ABCDEFGHIJ")
    begun = client.post("/v1/sessions", json={"charger": charger, "card": card})
    assert (begun.status_code, begun.json["charger"], begun.json["card"]) == (201, charger, card)


@requirement("R3", "A body that makes no sense is not refused by version 1 as its page says.")
def test_a_senseless_body_is_refused(client, grid, word, rng):
    row, code = grid.sessions_of(grid.rare)[-1], grid.of_state["available"]["code"]
    kwh = rng.randrange(1, 500)
    stop, start = f"/v1/sessions/{row['id']}/stop", "/v1/sessions"
    bodies = [
        *((stop, body) for body in ({}, {"kwh": str(kwh)}, {"kwh": None}, {"kwh": True}, {"kwh": -kwh / 1_000})),
        *((stop, body) for body in ({"kwh": 500 + kwh / 1_000}, {"energy_wh": kwh * 1_000}, [kwh])),
        *((start, body) for body in ({"charger": code}, {"card": word()}, {"charger": code, "card": kwh})),
        *((start, body) for body in ({"charger": code, "card": ""}, {"charger": code, "card": word() * 4 + "x"})),
        *((start, {"charger": charger, "card": word()}) for charger in ("", None, kwh, [code])),
    ]
    for path, body in bodies:
        answer = client.post(path, json=body)
        assert answer.status_code == 400, body
        assert answer.mimetype == "application/json"
        assert set(answer.json) == {"error"}, body
        assert isinstance(answer.json["error"], str)
        assert answer.json["error"].strip()
    assert client.get(f"/v2/sessions/{row['id']}").json == V2(grid).session(row)
    assert client.get(f"/v2/chargers/{code}").json["state"] == "available"


@requirement("R3", "What is not there, or can't be used now, is not told by version 1 as its page says.")
def test_errors_are_sentences(client, grid, word, nobodys):
    charger, site = word()[:12], word()[:12]
    missing = [
        (charger, client.get(f"/v1/chargers/{charger}")),
        (site, client.get(f"/v1/sites/{site}")),
        (str(nobodys), client.get(f"/v1/sessions/{nobodys}")),
        (str(nobodys), client.post(f"/v1/sessions/{nobodys}/stop", json={"kwh": 1})),
        (charger, client.post("/v1/sessions", json={"charger": charger, "card": word()})),
    ]
    for named, answer in missing:
        assert answer.status_code == 404
        assert set(answer.json) == {"error"}
        assert isinstance(answer.json["error"], str)
        assert named in answer.json["error"]

    ended = grid.sessions_of(grid.regular)[0]
    taken = [grid.of_state[state] for state in ("occupied", "reserved", "faulted", "maintenance")]
    late = [client.post("/v1/sessions", json={"charger": row["code"], "card": word()}) for row in taken]
    for answer in (*late, client.post(f"/v1/sessions/{ended['id']}/stop", json={"kwh": 2.5})):
        assert answer.status_code == 409
        assert set(answer.json) == {"error"}
        assert isinstance(answer.json["error"], str)
        assert answer.json["error"].strip()


@requirement("R3", "What is no JSON object is no longer refused, or it changes something.")
def test_what_is_no_json_object_changes_nothing(client, grid, word):
    row = grid.sessions_of(grid.regular)[-1]
    for path in ("/v1/sessions", f"/v1/sessions/{row['id']}/stop"):
        for more in ({"data": word()}, {"json": [word()]}):
            answer = client.post(path, **more)
            assert answer.status_code == 400
            assert "JSON" in answer.text or answer.is_json

    assert client.get(f"/v2/sessions/{row['id']}").json == V2(grid).session(row)
    rare = client.get("/v2/sessions", query_string={"card_id": grid.rare}).json
    assert rare["sessions"] == [V2(grid).session(each) for each in reversed(grid.sessions_of(grid.rare))]

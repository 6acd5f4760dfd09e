"""R5: what is done through one version is seen through the other, and version 2 stays as it is."""

from __future__ import annotations

from expected import V1, V2, cost, moment

from mendbox.testing import requirement


def easily_cut_off(rng):
    """Watt-hours that, as kWh in binary, are a little less than they should be."""
    while True:
        energy_wh = rng.randrange(1_001, 60_000)
        if int(energy_wh / 1_000 * 1_000) != energy_wh:
            return energy_wh


@requirement("R5", "A session that a display started and ended is not seen by version 2 as it was.")
def test_version_2_sees_what_version_1_did(client, grid, clock, word, rng):
    now = rng.randrange(1_800_000_000, 1_900_000_000)
    clock.freeze(at=now)
    charger, card = grid.of_state["available"], word()
    begun = client.post("/v1/sessions", json={"charger": charger["code"], "card": card})
    assert begun.status_code == 201
    number = begun.json["id"]
    assert client.get(f"/v2/chargers/{charger['code']}").json["state"] == "occupied"

    clock.advance(seconds=900)
    energy_wh = easily_cut_off(rng)
    client.post(f"/v1/sessions/{number}/stop", json={"kwh": energy_wh / 1_000})

    ended = {"id": number, "charger_id": charger["id"], "card": card, "started_at": moment(now)}
    ended |= {"ended_at": moment(now + 900), "energy_wh": energy_wh}
    ended |= {"cost_cents": cost(grid.site_of(charger), energy_wh)}
    listed = client.get("/v2/sessions", query_string={"card_id": card}).json
    assert listed == {"sessions": [V2(grid).session(ended)], "total": 1, "next": None}
    assert client.get(f"/v2/chargers/{charger['code']}").json["state"] == "available"


@requirement("R5", "What a session costs is not rounded by version 1 as by version 2.")
def test_half_a_cent_is_rounded_up(client, grid, rng):
    row = grid.sessions_of(grid.regular)[-1]
    site, least = grid.site_of(grid.charger_of(row)), rng.randrange(1, 90) * 1_000 + 500
    # Half a cent more than an even number of cents: the odd one is right.
    energy_wh = next(wh for wh in (least, least + 1_000) if cost(site, wh) % 2)

    answer = client.post(f"/v1/sessions/{row['id']}/stop", json={"kwh": energy_wh / 1_000})

    paid = cost(site, energy_wh)
    assert (answer.status_code, answer.json["price"]) == (200, f"{paid // 100}.{paid % 100:02}")
    shown = client.get(f"/v2/sessions/{row['id']}").json
    assert (shown["energy_wh"], shown["price"]["amount_cents"]) == (energy_wh, paid)


@requirement("R5", "What was done through version 2 is not seen by version 1 in the form of its page.")
def test_version_1_sees_what_version_2_did(client, grid, clock, word, rng):
    now, energy_wh = rng.randrange(1_800_000_000, 1_900_000_000), rng.randrange(100, 40_000) * 10
    clock.freeze(at=now)
    charger, card = grid.of_state["available"], word()
    begun = client.post("/v2/sessions", json={"charger_code": charger["code"], "card_id": card}).json
    row = {"id": begun["id"], "charger_id": charger["id"], "card": card, "started_at": moment(now)}
    row |= {"ended_at": None, "energy_wh": 0, "cost_cents": 0}
    assert client.get(f"/v1/sessions/{begun['id']}").json == V1(grid).session(row)
    assert client.get(f"/v1/chargers/{charger['code']}").json == V1(grid).charger(charger | {"state": "occupied"})

    clock.advance(seconds=60)
    client.patch(f"/v2/sessions/{begun['id']}", json={"energy_wh": energy_wh})

    row |= {"ended_at": moment(now + 60), "energy_wh": energy_wh}
    row |= {"cost_cents": cost(grid.site_of(charger), energy_wh)}
    assert client.get("/v1/sessions", query_string={"card": card}).json == [V1(grid).session(row)]


@requirement("R5", "The lists of version 2 have changed.")
def test_lists_of_version_2_are_as_before(client, grid):
    rows, shown = [V2(grid).charger(row) for row in grid.standing], client.get("/v2/chargers").json
    following = "/v2/chargers?limit=20&offset=20"
    assert shown == {"chargers": rows[:20], "total": len(rows), "next": following}
    assert client.get(following).json == {"chargers": rows[20:], "total": len(rows), "next": None}

    reserved = [row for row in rows if row["state"] == "reserved"]
    narrowed = client.get("/v2/chargers", query_string={"state": "reserved", "limit": 100}).json
    assert narrowed == {"chargers": reserved, "total": len(reserved), "next": None}

    latest = [V2(grid).session(row) for row in reversed(grid.sessions_of(grid.regular))]
    sessions = client.get("/v2/sessions", query_string={"card_id": grid.regular, "limit": 3, "offset": 1}).json
    assert (sessions["sessions"], sessions["total"]) == (latest[1:4], len(latest))
    sites = sorted(grid.sites, key=lambda row: row["name"])
    assert client.get("/v2/sites").json == {"sites": [V2(grid).site(row) for row in sites]}


@requirement("R5", "Something that version 2 shows has changed.")
def test_version_2_shows_things_as_before(client, grid):
    for row in grid.of_state.values():
        assert client.get(f"/v2/chargers/{row['code']}").json == V2(grid).charger(row)
    assert client.get(f"/v2/sites/{grid.sites[0]['code']}").json == V2(grid).site(grid.sites[0])
    sessions = grid.sessions_of(grid.rare)
    assert [client.get(f"/v2/sessions/{row['id']}").json for row in sessions] == [
        V2(grid).session(row) for row in sessions
    ]


@requirement("R5", "Version 2 takes or refuses something else than before.")
def test_version_2_takes_and_refuses_as_before(client, grid, word, rng):
    row, code, kwh = grid.sessions_of(grid.rare)[-1], grid.of_state["available"]["code"], rng.randrange(1, 90)
    path = f"/v2/sessions/{row['id']}"
    for refused in (
        client.patch(path, json={"kwh": kwh}),
        client.patch(path, json={"energy_wh": kwh + 0.5}),
        client.patch(path, json={"energy_wh": kwh, "firmware": word()}),
        client.post("/v2/sessions", json={"charger": code, "card": word()}),
        client.post("/v2/sessions", json={"charger_code": code, "card_id": word(), "firmware": word()}),
        client.post("/v2/sessions", json={"charger_code": word() + "-00", "card_id": word()}),
        client.get("/v2/sessions", query_string={"card": grid.rare}),
        client.get("/v2/chargers", query_string={"state": "free"}),
    ):
        assert refused.status_code == 422
        assert refused.json["error"]["code"] == "invalid"
    assert client.post("/v2/sessions", data=word()).json["error"]["code"] == "invalid_json"

    missing = word()
    told = client.get(f"/v2/chargers/{missing}")
    assert (told.status_code, told.json["error"]["code"]) == (404, "charger_not_found")
    assert missing in told.json["error"]["message"]
    assert client.get(path).json == V2(grid).session(row)

    begun = client.post("/v2/sessions", json={"charger_code": code, "card_id": word()})
    assert (begun.status_code, begun.headers["Location"]) == (201, f"/v2/sessions/{begun.json['id']}")

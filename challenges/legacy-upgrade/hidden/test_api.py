"""R1: it starts, and the terminal finds everything."""

from __future__ import annotations

from decimal import Decimal

from mendbox.testing import requirement


@requirement("R1", "The list of things is not what it was.")
def test_the_list(client, evening):
    answer = client.get("/api/items")
    assert answer.status_code == 200
    assert answer.json == {"items": evening.listed()}


@requirement("R1", "The list of the things in one state is not what it was.")
def test_the_list_by_state(client, evening):
    for state in ("waiting", "mended", "given up"):
        assert client.get("/api/items", query_string={"state": state}).json == {"items": evening.listed(state)}
    assert client.get("/api/items?state=lost").json == {"items": []}


@requirement("R1", "A thing with its notes is not shown as it was.")
def test_a_thing_and_its_notes(client, evening):
    for item in evening.items[:4]:
        answer = client.get(f"/api/items/{item['id']}")
        assert answer.json == evening.shown(item, notes=evening.notes_of(item))


@requirement("R1", "A thing that there is not is not answered as it was.")
def test_a_thing_that_there_is_not(client, evening, rng):
    answer = client.get(f"/api/items/{rng.randrange(2_000, 9_000)}")
    assert (answer.status_code, answer.json) == (404, {"error": "nothing there"})
    assert client.get(f"/api/items/{evening.items[0]['id']}").status_code == 200


@requirement("R1", "The figures are not what they were.")
def test_figures(client, evening, rng):
    least = rng.randrange(1, 4)
    states = []
    for state in ("given up", "mended", "waiting"):
        of = [item for item in evening.items if item["state"] == state]
        estimates = [item["estimate"] for item in of if item["estimate"] is not None]
        total = f"{sum(estimates, Decimal(0)):.2f}" if estimates else None
        states.append({"state": state, "items": len(of), "estimates": total})
    counted = [
        {"name": visitor["name"], "items": sum(item["visitor_id"] == visitor["id"] for item in evening.items)}
        for visitor in evening.visitors
    ]
    counted.sort(key=lambda row: (-row["items"], row["name"].encode()))
    answer = client.get("/api/figures", query_string={"least": least})
    assert answer.json == {
        "states": states,
        "visitors": [row for row in counted if row["items"] >= least],
        "rates": evening.rates,
    }
    assert [row["items"] for row in client.get("/api/figures").json["visitors"]] == [
        row["items"] for row in counted if row["items"] >= 2
    ]


@requirement("R1", "`python -m cafe seed` does not store the evening that it stored, or does so somewhere else.")
def test_the_seed_command(app, client, evening):
    stored = app.call("mendbox_harness:seeded")
    assert stored["rates"] == [["kettle", 1500], ["radio", 2250], ["toy", 800]]
    assert stored["visitors"] == [
        [1, "Inge Hölzl", "inge@example.org", "Café-Gasse 5/7: Hof"],
        [2, "Bo <Bobby> Lund", "bo@example.org", ""],
    ]
    assert stored["items"] == [
        [1, 1, "kettle", "leaks,\nand smells of “fish”", "waiting", "2018-11-03", 12.5],
        [2, 1, "radio", "hums & crackles", "mended", "2018-11-03", None],
        [3, 2, "toy", "no <wheel>", "waiting", "2018-11-03", 4],
    ]
    ((radio, text, written_at),) = stored["notes"]
    assert (radio, text, written_at[:19]) == (2, "capacitor gets hot – replaced", "2018-11-03 18:05:40")
    assert client.get("/api/items").json == {"items": evening.listed()}

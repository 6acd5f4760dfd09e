"""R4: what is brought is kept."""

from __future__ import annotations

from datetime import date

from mendbox.testing import requirement

#: Eleven in the morning of a day, in UTC.
MORNING = 1_793_444_400


@requirement("R4", "A note that was written is not there afterwards.")
def test_a_note_is_kept(client, evening, terminal, item, clock, rng):
    clock.freeze(at=MORNING)
    text = f"new fuse – {rng.randrange(10**6)}"
    before = evening.notes_of(item)
    answer = terminal.post(f"/api/items/{item['id']}/notes", {"text": text, "state": "mended"})
    assert answer.status_code == 201
    assert answer.json == evening.shown(item, state="mended", notes=len(before) + 1)
    note = {"text": text, "written_at": "2026-10-31 11:00"}
    assert client.get(f"/api/items/{item['id']}").json == evening.shown(item, state="mended", notes=[*before, note])


@requirement("R4", "A note without a state, or with one that there isn't, changes the state or is lost.")
def test_a_note_without_a_state(client, evening, terminal, item, rng):
    texts = [f"looked at it, {rng.randrange(10**6)}" for _ in range(2)]
    terminal.post(f"/api/items/{item['id']}/notes", {"text": texts[0]})
    terminal.post(f"/api/items/{item['id']}/notes", {"text": texts[1], "state": "sold"})
    found = client.get(f"/api/items/{item['id']}").json
    assert found["state"] == "waiting"
    assert [note["text"] for note in found["notes"]][-2:] == texts


@requirement("R4", "A thing that was brought is not there afterwards, or not as it was answered.")
def test_a_thing_is_kept(client, evening, terminal, clock, rng):
    clock.freeze(at=MORNING)
    visitor = rng.choice(evening.visitors)
    kind, hours = rng.choice(list(evening.rates)), rng.choice(["0.5", "1.25", "3", "0.1"])
    fault = f"falls apart, {rng.randrange(10**6)}"
    answer = terminal.post("/api/items", {"email": visitor["email"], "kind": kind, "fault": fault, "hours": hours})
    assert answer.status_code == 201
    expected = {
        "id": answer.json["id"],
        "visitor": visitor["name"],
        "kind": kind,
        "fault": fault,
        "state": "waiting",
        "brought_on": answer.json["brought_on"],
        "estimate": evening.estimate(kind, hours),
    }
    assert answer.json == expected
    # The server's day, which is another one than in UTC where the clock is far ahead or behind.
    assert answer.json["brought_on"] in {"2026-10-31", date.fromtimestamp(MORNING).isoformat()}
    assert client.get(f"/api/items/{answer.json['id']}").json == expected | {"notes": []}
    assert expected in client.get("/api/items").json["items"]


@requirement("R4", "A thing without an estimate is not kept, or one that makes no sense is.")
def test_a_thing_without_an_estimate(client, evening, terminal, rng):
    visitor, kind = rng.choice(evening.visitors), rng.choice(list(evening.rates))
    body = {"email": visitor["email"], "kind": kind, "fault": f"odd noise {rng.randrange(10**6)}"}
    for wrong in ({"email": "nobody@example.org"}, {"kind": "submarine"}, {"fault": ""}):
        refused = terminal.post("/api/items", body | wrong)
        assert (refused.status_code, refused.json) == (400, {"error": "not understood"})
    answer = terminal.post("/api/items", body)
    assert (answer.status_code, answer.json["estimate"]) == (201, None)
    assert len(client.get("/api/items").json["items"]) == len(evening.items) + 1

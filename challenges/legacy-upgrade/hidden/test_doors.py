"""R3: visitors get in, and nobody else."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement


def told(answer):
    return answer.status_code, answer.json


NOT_FOR_YOU = (403, {"error": "not for you"})


def log_in(client, visitor, password=None):
    return client.post("/login", data={"email": visitor["email"], "password": password or visitor["said"]})


@requirement("R3", "Visitors don't get in with the password that they have, or see somebody else's things.")
def test_visitors_get_in(app, evening):
    for visitor in evening.visitors[:3]:
        client = app.client()
        assert log_in(client, visitor).status_code == 302
        mine = [evening.shown(item) for item in evening.items if item["visitor_id"] == visitor["id"]]
        assert client.get("/me").json == {"name": visitor["name"], "email": visitor["email"], "items": mine}


@requirement("R3", "The address that a redirect gives is not complete.")
def test_where_a_redirect_leads(client, evening, rng):
    visitor = rng.choice(evening.visitors)
    assert log_in(client, visitor).headers["Location"] == client.base_url + "me"
    changed = client.post("/me/password", data={"password": f"rather long {rng.randrange(10**6)}"})
    assert (changed.status_code, changed.headers["Location"]) == (302, client.base_url + "me")


@requirement("R3", "With a wrong password, or none, somebody gets in; or is told something else than before.")
def test_a_wrong_password(client, evening, rng):
    visitor, other = rng.sample(evening.visitors, 2)
    for password in (f"no {rng.randrange(10**6)}", other["said"], visitor["password"], visitor["said"] + " "):
        assert told(log_in(client, visitor, password)) == NOT_FOR_YOU
    assert told(client.post("/login", data={"email": visitor["email"]})) == NOT_FOR_YOU
    assert told(client.post("/login", data={"email": "nobody@example.org", "password": visitor["said"]})) == NOT_FOR_YOU
    assert told(client.get("/me")) == NOT_FOR_YOU
    assert log_in(client, visitor).status_code == 302


@requirement("R3", "A new password does not work, or the old one still does.")
def test_a_new_password(app, client, evening, rng):
    visitor = rng.choice(evening.visitors)
    short, new = f"né {rng.randrange(10**4):04}", f"né {rng.randrange(10**5):05}"
    log_in(client, visitor)
    assert told(client.post("/me/password", data={"password": short})) == (400, {"error": "not understood"})
    assert client.post("/me/password", data={"password": new}).status_code == 302
    other = app.client()
    assert told(log_in(other, visitor)) == NOT_FOR_YOU
    assert log_in(other, visitor, new).status_code == 302
    assert other.get("/me").json["name"] == visitor["name"]


@requirement("R3", "With a wrong key, or none, the terminal's requests are not refused as before.")
@pytest.mark.parametrize("kind", ["none", "wrong", "letters"])
def test_a_wrong_key(client, evening, item, rng, kind):
    key = {"none": None, "wrong": f"kiosk-{rng.randrange(10**9, 10**10)}", "letters": f"né {rng.randrange(10**6)}"}[
        kind
    ]
    headers = {} if key is None else {"X-Kiosk-Key": key}
    body = {"text": f"x {rng.randrange(10**6)}"}
    assert told(client.post(f"/api/items/{item['id']}/notes", json=body, headers=headers)) == NOT_FOR_YOU
    assert client.get(f"/api/items/{item['id']}").json["notes"] == evening.notes_of(item)

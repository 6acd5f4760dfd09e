"""R6: it is ready for the next release."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R6", "When it starts, something warns of what will be removed, or warnings are switched off.")
def test_the_start(app, client, evening):
    assert client.get("/api/items").json == {"items": evening.listed()}
    assert app.call("mendbox_harness:warned") == []


@requirement("R6", "At some request, something warns of what will be removed, or warnings are switched off.")
def test_every_request(app, client, evening, terminal, item, rng):
    visitor = rng.choice(evening.visitors)
    number = item["id"]
    asked = [
        client.get(f"/api/items/{number}"),
        client.get("/api/items?state=mended"),
        client.get("/api/figures"),
        client.get("/board"),
        client.get(f"/tickets/{number}"),
        terminal.post(f"/api/items/{number}/notes", {"text": f"x {rng.randrange(10**6)}"}),
        terminal.post("/api/items", {"email": visitor["email"], "kind": item["kind"], "fault": "y", "hours": "1"}),
        client.post("/login", data={"email": visitor["email"], "password": visitor["said"]}),
        client.get("/me"),
        client.post("/me/password", data={"password": f"long enough {rng.randrange(10**6)}"}),
        client.post("/login", data={"email": visitor["email"], "password": "wrong"}),
    ]
    assert [answer.status_code for answer in asked] == [200, 200, 200, 200, 200, 201, 201, 302, 200, 302, 403]
    assert app.call("mendbox_harness:warned") == []

"""R4: the role of a request, and of the tokens that it makes."""

from __future__ import annotations

from expected import acting, bearer, closed, copy, is_refused, is_untouched, loans_of, me, tokens_of

from mendbox.testing import requirement


@requirement("R4", "Someone gets a higher role by asking for it.")
def test_a_header_raises_nobody(client, county, word, rng):
    for method, path, role, body in closed(county, word):
        if role == "office":
            headers = acting(rng.choice([county.b_desk, county.a_reader]), "office")
        elif role == "desk":
            headers = acting(county.a_reader, rng.choice(("desk", "office")))
        else:
            headers = rng.choice([acting(county.a_reader, "desk"), acting(county.a_desk, "office")])
        is_refused(client.open(path, method=method, json=body, headers=headers), 403)
    is_refused(client.get("/tokens", headers=acting(county.a_desk, "office")), 403)
    is_untouched(client, county)


@requirement("R4", "A word that is no role is taken for one, or for none.")
def test_a_word_is_no_role(client, county, word):
    for token, path in (
        (county.office, "/me"),
        (county.office, "/loans/export"),
        (county.a_desk, "/tokens"),
        (county.a_reader, f"/copies/{county.free['id']}"),
        (county.b_reader, "/loans"),
    ):
        is_refused(client.get(path, headers=acting(token, word())), 403)
    shown = client.get(f"/copies/{county.free['id']}", headers=acting(county.a_reader, "reader"))
    assert (shown.status_code, shown.json) == (200, copy(county, county.free))


@requirement("R4", "A token is made that may do more than who made it, or one that may do as much can't be made.")
def test_a_made_token_may_do_no_more(client, county, word):
    desk = bearer(county.b_desk)
    is_refused(client.post("/tokens", json={"label": word(), "role": "office", "days": 7}, headers=desk), 403)
    assert client.get("/tokens", headers=desk).json == {"tokens": tokens_of(county, county.b)}

    for maker, role in ((county.b_desk, "desk"), (county.b_desk, "reader"), (county.office, "office")):
        label = word()
        made = client.post("/tokens", json={"label": label, "role": role, "days": 7}, headers=bearer(maker))
        assert made.status_code == 201
        key, _, secret = made.json["token"].partition(".")
        assert (key, made.json["role"], made.json["label"]) == (made.json["key"], role, label)
        own = {"key": key, "secret": secret}
        assert client.get("/me", headers=bearer(own)).json == me(county, maker, role) | {"key": key, "label": label}


@requirement("R4", "The office that acts in a lower role gets or gives more than that role.")
def test_the_office_acts_as_others_in_everything(client, county, word):
    desk = acting(county.office, "desk")
    made = client.post("/tokens", json={"label": word(), "role": "office", "days": 7}, headers=desk)
    is_refused(made, 403)
    is_refused(client.get("/loans/export", headers=desk), 403)
    is_refused(client.delete(f"/tokens/{county.b_reader['key']}", headers=desk), 403)
    home = county.library(county.office["library_id"])
    assert client.get("/tokens", headers=desk).json == {"tokens": tokens_of(county, home)}

    reader = acting(county.office, "reader")
    is_refused(client.get(f"/loans/{county.asked['id']}/slip", headers=reader), 403)
    is_refused(client.post("/tokens", json={"label": word(), "role": "reader", "days": 7}, headers=reader), 403)
    is_untouched(client, county)


@requirement("R4", "Nobody can act in the own role or a lower one any more.")
def test_a_lower_role_can_be_acted_in(client, county, word):
    for token, role in (
        (county.office, "reader"),
        (county.office, "desk"),
        (county.office, "office"),
        (county.a_desk, "reader"),
        (county.b_desk, "desk"),
        (county.b_reader, "reader"),
    ):
        answer = client.get("/me", headers=acting(token, role))
        assert (answer.status_code, answer.json) == (200, me(county, token, role))
    book = {"title": word(), "author": word(), "shelfmark": word()}
    is_refused(client.post("/copies", json=book, headers=acting(county.a_desk, "reader")), 403)
    assert client.post("/copies", json=book, headers=acting(county.a_desk, "desk")).json["title"] == book["title"]
    listed = client.get("/loans", headers=acting(county.b_desk, "reader")).json
    assert listed == {"loans": loans_of(county, county.b)}


@requirement("R4", "Something else that is sent gives a request another role.")
def test_nothing_else_names_a_role(client, county, word):
    for more in (
        {"query_string": {"role": "office", "act_as": "office"}},
        {"headers": {"X-Role": "office", "X-Acting-Role": "office"}},
    ):
        headers = bearer(county.a_reader) | more.pop("headers", {})
        answer = client.get("/me", headers=headers, **more)
        assert (answer.status_code, answer.json) == (200, me(county, county.a_reader))
        is_refused(client.get("/tokens", headers=headers, **more), 403)
    body = {"copy": county.free["id"], "reader": word(), "role": "office"}
    is_refused(client.post("/loans", json=body, headers=bearer(county.a_reader)), 403)

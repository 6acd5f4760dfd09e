"""R2: which operations ask for which token."""

from __future__ import annotations

from expected import acting, bearer, closed, copy, export, is_untouched, loan, loans_of, me, token, tokens_of

from mendbox.testing import requirement


@requirement("R2", "An operation that needs a token can be used without one.")
def test_all_but_two_are_closed(client, county, word):
    told = {
        f"{method} {path}": client.open(path, method=method, json=body).status_code
        for method, path, _, body in closed(county, word)
    }
    assert told == dict.fromkeys(told, 401)
    is_untouched(client, county)
    found = client.get("/copies", headers=bearer(county.a_reader)).json["copies"]
    assert sorted(each["id"] for each in found) == sorted(row["id"] for row in county.copies)


@requirement("R2", "An operation that needs a token can be used with the public part of one.")
def test_a_key_opens_none(client, county, word):
    keys = {"reader": county.a_reader, "desk": county.a_desk, "office": county.office}
    told = {}
    for method, path, role, body in closed(county, word):
        headers = bearer(keys[role] | {"secret": ""})
        told[f"{method} {path}"] = client.open(path, method=method, json=body, headers=headers).status_code
    assert told == dict.fromkeys(told, 401)
    is_untouched(client, county)


@requirement("R2", "The export of all loans is not for the office alone.")
def test_the_export_is_for_the_office(client, county):
    for other in (county.a_reader, county.b_desk):
        answer = client.get("/loans/export", headers=bearer(other))
        assert answer.status_code == 403
        assert county.foreign["reader"] not in answer.text

    answer = client.get("/loans/export", headers=bearer(county.office))
    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/csv", export(county))


@requirement("R2", "Not only the office can revoke a token, or the office can't.")
def test_revoking_is_for_the_office(client, county):
    victim = county.c_desk
    path = f"/tokens/{victim['key']}"
    for other in (county.a_reader, county.b_desk, victim):
        assert client.delete(path, headers=bearer(other)).status_code == 403
    assert client.get("/me", headers=bearer(victim)).json == me(county, victim)

    revoked = client.delete(path, headers=bearer(county.office))

    assert (revoked.status_code, revoked.json) == (200, token(county, victim) | {"revoked": True})
    listed = client.get("/tokens", headers=bearer(county.office)).json["tokens"]
    assert revoked.json in listed
    assert len(listed) == len(county.tokens)


@requirement("R2", "What is for all is no longer shown to all.")
def test_what_is_for_all_is_shown(client, county, word):
    shown = [{"code": row["code"], "name": row["name"]} for row in county.libraries]
    libraries = sorted(shown, key=lambda row: row["code"])
    dead = [bearer(county.a_reader | {"secret": "x"}), bearer(county.expired)]
    for headers in ({}, bearer(county.a_reader), *dead, {"X-Act-As": word()}, acting(county.a_reader, "office")):
        assert client.get("/libraries", headers=headers).json == {"libraries": libraries}
        index = client.get("/", headers=headers)
        assert (index.status_code, index.json["service"]) == (200, county.service)


@requirement("R2", "Something can't be looked at any more by those who may.")
def test_those_who_may_look(client, county):
    reader = bearer(county.a_reader)
    wanted = county.free["title"]
    found = client.get("/copies", query_string={"q": wanted.upper()}, headers=reader).json["copies"]
    assert copy(county, county.free) in found
    assert client.get(f"/copies/{county.free['id']}", headers=reader).json == copy(county, county.free)
    assert client.get("/loans", headers=reader).json == {"loans": loans_of(county, county.a)}
    assert client.get(f"/loans/{county.sent['id']}", headers=reader).json == loan(county, county.sent)

    desk = bearer(county.a_desk)
    assert client.get("/tokens", headers=desk).json == {"tokens": tokens_of(county, county.a)}
    slip = client.get(f"/loans/{county.asked['id']}/slip", headers=desk)
    shown = loan(county, county.asked)
    lines = [f"Loan {shown['id']}", shown["title"], f"to {county.a['name']}", f"for {shown['reader']}"]
    assert (slip.mimetype, slip.text) == ("text/plain", "".join(f"{line}\n" for line in lines))
    assert client.get("/loans", headers=desk).json == {"loans": loans_of(county, county.a)}


@requirement("R2", "Something can't be done any more by those who may.")
def test_those_who_may_act(client, county, word):
    desk, reader = bearer(county.a_desk), word()
    asked = client.post("/loans", json={"copy": county.free["id"], "reader": reader}, headers=desk)
    assert asked.status_code == 201
    row = {"id": asked.json["id"], "copy_id": county.free["id"], "borrower_id": county.a["id"], "state": "asked"}
    assert asked.json == loan(county, row | {"reader": reader})

    sent = client.post(f"/loans/{county.wanted['id']}/send", headers=desk)
    assert (sent.status_code, sent.json) == (200, loan(county, county.wanted, state="sent"))
    cancelled = client.post(f"/loans/{county.asked['id']}/cancel", headers=desk)
    assert (cancelled.status_code, cancelled.json) == (200, loan(county, county.asked, state="cancelled"))

    book = {"title": word(), "author": word(), "shelfmark": word()}
    added = client.post("/copies", json=book, headers=bearer(county.office))
    library = county.library(county.office["library_id"])["code"]
    assert added.status_code == 201
    assert added.json == book | {"library": library, "id": added.json["id"]}
    assert client.get("/copies", query_string={"q": book["title"]}, headers=desk).json["copies"] == [added.json]

"""R3: 401, 403, and which of them comes first."""

from __future__ import annotations

import base64

from expected import acting, bearer, copy, is_refused, is_untouched, loan, me

from mendbox.testing import requirement


def asks_for_a_token(answer):
    is_refused(answer, 401)
    schemes = [value.split()[0].lower() for value in answer.headers.getlist("WWW-Authenticate") if value.strip()]
    assert "bearer" in schemes


@requirement("R3", "Someone who is not let in is not told so in the way the brief says.")
def test_who_is_not_let_in_is_told_how_to_be(client, county, word):
    token = county.a_desk
    basic = base64.b64encode(f"{token['key']}:{token['secret']}".encode()).decode()
    path = f"/copies/{county.free['id']}"
    for headers in (
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {basic}"},
        {"Authorization": f"{token['key']}.{token['secret']}"},
        {"Authorization": f"Bearer {word()}.{word()}"},
        bearer(token | {"secret": word()}),
        bearer(county.expired),
        bearer(county.revoked),
    ):
        asks_for_a_token(client.get(path, headers=headers))
    assert client.get(path, headers=bearer(token)).json == copy(county, county.free)


@requirement("R3", "Something else is looked at before the token.")
def test_the_token_comes_first(client, county, word, nothings):
    dead = [{}, {"X-Act-As": "office"}, bearer(county.expired), acting(county.revoked, "office")]
    dead.append(bearer(county.a_reader | {"secret": word()}, **{"X-Act-As": word()}))
    for number, (method, path, more) in enumerate(
        [
            ("POST", f"/loans/{nothings}/cancel", {}),
            ("POST", f"/loans/{county.sent['id']}/cancel", {}),
            ("GET", f"/loans/{nothings}/slip", {}),
            ("GET", f"/copies/{nothings}", {}),
            ("DELETE", f"/tokens/{word()}", {}),
            ("GET", "/loans/export", {}),
            ("POST", "/loans", {"data": word()}),
            ("POST", "/tokens", {"json": {"role": word()}}),
            ("POST", "/copies", {"json": [nothings]}),
        ]
    ):
        asks_for_a_token(client.open(path, method=method, headers=dead[number % len(dead)], **more))
    is_untouched(client, county)


@requirement("R3", "Something else is looked at before the role.")
def test_the_role_comes_second(client, county, word, nothings):
    for token, method, path, more in (
        (county.a_reader, "POST", f"/loans/{nothings}/cancel", {}),
        (county.a_reader, "POST", f"/loans/{county.foreign['id']}/send", {}),
        (county.b_reader, "GET", f"/loans/{nothings}/slip", {}),
        (county.a_reader, "POST", "/tokens", {"json": {"role": word()}}),
        (county.a_reader, "POST", "/copies", {"data": word()}),
        (county.b_desk, "DELETE", f"/tokens/{word()}", {}),
        (county.c_desk, "DELETE", f"/tokens/{county.a_reader['key']}", {}),
        (county.c_desk, "GET", "/loans/export", {}),
    ):
        is_refused(client.open(path, method=method, headers=bearer(token), **more), 403)
    assert client.get("/me", headers=bearer(county.a_reader)).json == me(county, county.a_reader)


@requirement("R3", "A role that is too low is no longer answered with 403, or changes something.")
def test_a_role_that_is_too_low(client, county, word):
    reader = bearer(county.a_reader)
    for path, body in (
        ("/copies", {"title": word(), "author": word(), "shelfmark": word()}),
        ("/loans", {"copy": county.free["id"], "reader": word()}),
        (f"/loans/{county.wanted['id']}/send", None),
        (f"/loans/{county.asked['id']}/cancel", None),
        ("/tokens", {"label": word(), "role": "reader", "days": 3}),
    ):
        is_refused(client.post(path, json=body, headers=reader), 403)
    for path in ("/tokens", f"/loans/{county.asked['id']}/slip"):
        is_refused(client.get(path, headers=reader), 403)
    is_untouched(client, county)


@requirement("R3", "Those who may use an operation are no longer told what is wrong with a request.")
def test_those_who_may_are_told_the_rest(client, county, word, nothings):
    desk, office = bearer(county.a_desk), bearer(county.office)
    foreign, own = county.foreign["id"], county.wanted["copy_id"]
    unknown = word()
    for status, code, answer in (
        (404, "loan_not_found", client.get(f"/loans/{nothings}", headers=desk)),
        (404, "loan_not_found", client.get(f"/loans/{foreign}/slip", headers=desk)),
        (404, "loan_not_found", client.post(f"/loans/{foreign}/cancel", headers=desk)),
        (404, "copy_not_found", client.get(f"/copies/{nothings}", headers=desk)),
        (404, "token_not_found", client.delete(f"/tokens/{unknown}", headers=office)),
        (409, "own_copy", client.post("/loans", json={"copy": own, "reader": word()}, headers=desk)),
        (409, "not_to_be_cancelled", client.post(f"/loans/{county.wanted['id']}/cancel", headers=desk)),
        (400, "bad_request", client.post("/loans", json={"copy": own}, headers=desk)),
        (400, "bad_request", client.post("/tokens", json={"label": unknown, "role": unknown}, headers=desk)),
    ):
        assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
    assert client.get(f"/{word()}", headers=desk).status_code == 404
    assert client.put("/loans", headers=desk).status_code == 405
    assert client.get(f"/loans/{county.wanted['id']}", headers=desk).json == loan(county, county.wanted)

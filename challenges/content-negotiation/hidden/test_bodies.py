"""R4: what is sent."""

from __future__ import annotations

import json

from board import media_types, shape

from mendbox.testing import requirement

TAKEN = {
    "/calls": ["application/json", "application/x-www-form-urlencoded"],
    "/calls/import": ["application/json", "text/csv"],
    "patch": ["application/json", "application/merge-patch+json"],
}


def table(*calls):
    lines = [",".join(calls[0])] + [",".join(f'"{value}"' for value in call.values()) for call in calls]
    return "".join(f"{line}\r\n" for line in lines).encode()


def is_415(answer, takes):
    assert answer.status_code == 415, answer.status
    assert answer.json["error"]["code"] == "unsupported_media_type"
    assert media_types(answer.headers["Accept"]) == TAKEN[takes]


def send(client, method, path, body, content_type):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Accept": "application/json"}
    return client.open(path, method=method, data=data, content_type=content_type, headers=headers)


@requirement("R4", "A new call of a type that is not taken is not 415, or is stored.")
def test_a_call_of_another_type_is_not_taken(client, board):
    for content_type in ("text/plain", "application/vnd.api+json", "application/json-seq", "text/csv", "x/json"):
        sent = board.new()
        is_415(send(client, "POST", "/calls", sent, content_type), "/calls")
        assert board.stored(sent["ref"]) is None
    sent = board.new()
    parts = {"data": sent, "content_type": "multipart/form-data", "headers": {"Accept": "application/json"}}
    is_415(client.post("/calls", **parts), "/calls")
    assert board.stored(sent["ref"]) is None


@requirement("R4", "A list of a type that is not taken is not 415, or is stored.")
def test_a_list_of_another_type_is_not_taken(client, board):
    for content_type in ("application/vnd.ms-excel.csv.12", "text/csv-schema", "text/tab-separated-values"):
        sent = board.new()
        is_415(send(client, "POST", "/calls/import", table(sent), content_type), "/calls/import")
        assert board.stored(sent["ref"]) is None
    for content_type in ("text/plain", "application/vnd.agent+json", "application/x-www-form-urlencoded"):
        sent = board.new()
        is_415(send(client, "POST", "/calls/import", [sent], content_type), "/calls/import")
        assert board.stored(sent["ref"]) is None


@requirement("R4", "A change of a type that is not taken is not 415, or is made.")
def test_a_change_of_another_type_is_not_made(client, board, word):
    path = board.path("call")
    others = ("application/json-patch+json", "application/merge-patch", "application/x-www-form-urlencoded")
    for content_type in ("text/plain", *others):
        is_415(send(client, "PATCH", path, {"cargo": word()}, content_type), "patch")

    assert board.stored(board.call.ref) == shape(board.call)


@requirement("R4", "A body without a type is not 415, or something of it is stored.")
def test_a_body_without_a_type_is_not_taken(client, board, word):
    first, second = board.new(), board.new()

    is_415(send(client, "POST", "/calls", first, None), "/calls")
    is_415(send(client, "POST", "/calls/import", [second], None), "/calls/import")
    is_415(send(client, "POST", "/calls/import", table(second), None), "/calls/import")
    is_415(send(client, "PATCH", board.path("call"), {"cargo": word()}, None), "patch")

    assert [board.stored(each["ref"]) for each in (first, second)] == [None, None]
    assert board.stored(board.call.ref) == shape(board.call)


@requirement("R4", "Capital letters or parameters of a body's type make a difference.")
def test_how_the_type_is_spelt_makes_no_difference(client, board):
    calls = [board.new() for _ in range(5)]
    one, two, three = calls[0], calls[1:3], calls[3:]

    assert send(client, "POST", "/calls", one, "Application/JSON; charset=utf-8").status_code == 201
    imported = send(client, "POST", "/calls/import", table(*two), "Text/CSV; charset=UTF-8; header=present")
    assert (imported.status_code, imported.json) == (200, {"entered": 2})
    assert send(client, "POST", "/calls/import", three, "application/json;x=y").json == {"entered": 2}
    assert [board.stored(each["ref"]) for each in calls] == calls
    patch = "application/Merge-Patch+JSON; charset=utf-8"
    changed = send(client, "PATCH", f"/calls/{one['ref']}", {"cargo": "Ballast"}, patch)
    assert changed.json == one | {"cargo": "Ballast"}


@requirement("R4", "A body of a type that is taken is no longer taken, or answered differently.")
def test_the_types_that_are_taken(client, board, word):
    sent, form, listed, tabled = (board.new() for _ in range(4))

    created = client.post("/calls", json=sent, headers={"Accept": "text/html"})
    assert (created.status_code, created.json, created.location) == (201, sent, f"/calls/{sent['ref']}")
    led = client.post("/calls", data=form, headers={"Accept": "application/json"})
    assert (led.status_code, led.location) == (303, f"/calls/{form['ref']}")
    assert client.post("/calls/import", json=[listed]).json == {"entered": 1}
    assert send(client, "POST", "/calls/import", table(tabled), "text/csv").json == {"entered": 1}
    assert [board.stored(each["ref"]) for each in (sent, form, listed, tabled)] == [sent, form, listed, tabled]
    for content_type in ("application/json", "application/merge-patch+json"):
        cargo = word()
        changed = send(client, "PATCH", board.path("call"), {"cargo": cargo}, content_type)
        assert (changed.status_code, changed.json) == (200, shape(board.call, cargo=cargo))


@requirement("R4", "A body that is not what its type says is no longer 400, or is stored.")
def test_what_is_not_what_its_type_says(client, board, word):
    sent = board.new()
    broken = json.dumps(sent).encode()[:-1]
    refused = [
        send(client, "POST", "/calls", broken, "application/json"),
        send(client, "POST", "/calls", [sent], "application/json"),
        send(client, "POST", "/calls/import", broken, "application/json"),
        send(client, "POST", "/calls/import", sent, "application/json"),
        send(client, "POST", "/calls/import", [sent, board.new(flag=word())], "application/json"),
        send(client, "POST", "/calls/import", broken, "text/csv"),
        send(client, "PATCH", board.path("call"), broken, "application/merge-patch+json"),
    ]

    assert [answer.status_code for answer in refused] == [400] * 7
    assert {answer.json["error"]["code"] for answer in refused} == {"bad_request"}
    assert board.stored(sent["ref"]) is None
    assert board.stored(board.call.ref) == shape(board.call)
    taken = send(client, "POST", "/calls", board.new(ref=board.call.ref), "application/json")
    assert (taken.status_code, taken.json["error"]["code"]) == (409, "conflict")

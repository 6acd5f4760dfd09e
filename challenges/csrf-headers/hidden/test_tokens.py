"""R2: nothing is changed without the token."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from browsers import FORMS, HEADER, JSON, Browser, after, is_as, is_done, is_refused, request_for
from mendbox_harness import Resident, Town
from pages import FIELD

from mendbox.testing import requirement

Open = Callable[..., Browser]
BOUNDARY = "between-the-parts"


def none_of_ours(token: str, rng: random.Random) -> list[str]:
    """What somebody might send who has no token."""
    first = "b" if token[0].lower() == "a" else "a"
    return ["", rng.choice(("null", "undefined")), first + token[1:], token[: len(token) // 2], "ünd"]


def in_parts(fields: dict[str, Any]) -> str:
    """A form's fields as multipart/form-data."""
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}' for name in fields]
    return "\r\n".join([*parts, f"--{BOUNDARY}--", ""])


@requirement("R2", "Something is changed without a token, or a request with its token is refused.")
@pytest.mark.parametrize("kind", ["forms", "script"])
def test_no_token_no_change(mine: Browser, resident: Resident, town: Town, rng: random.Random, kind: str) -> None:
    expected = resident.me
    for place, what in enumerate({"forms": FORMS, "script": JSON}[kind]):
        request, token = request_for(what, resident, town, rng), mine.token("/permits")
        # Each is tried somewhere: the first two, the next two, the last one, …
        some = none_of_ours(token, rng)[2 * place % 5 :][:2]
        for wrong in (None, *some):
            assert is_refused(mine.send(request, wrong), request), (what, wrong)
        assert is_as(mine.me(), expected), what
        assert is_done(mine.send(request, token), what)
        expected = after(what, request, expected)
    assert is_as(mine.me(), expected)


@requirement("R2", "Somebody is signed in or out without a token, or is not though there is one.")
def test_no_token_no_way_in_or_out(browser: Open, resident: Resident, town: Town, rng: random.Random) -> None:
    someone = browser()
    sign_out = request_for("sign out", resident, town, rng)
    assert is_refused(someone.send(sign_out, None), sign_out), "a visitor's sign out"
    for what, before, then in (("sign in", None, resident.me), ("sign out", resident.me, None)):
        request, token = request_for(what, resident, town, rng), someone.token("/login")
        for wrong in (None, *none_of_ours(token, rng)):
            assert is_refused(someone.send(request, wrong), request), (what, wrong)
        assert someone.me() == before
        assert is_done(someone.send(request, token), what)
        assert someone.me() == then


@requirement("R2", "A browser that has not seen any page of ours signs in, by somebody else's doing.")
def test_who_has_seen_no_page_has_no_token(browser: Open, resident: Resident, town: Town, rng: random.Random) -> None:
    request = request_for("sign in", resident, town, rng)
    for wrong in (None, "", f"{rng.randrange(10**9)}", browser().token("/login")):
        someone = browser()
        assert is_refused(someone.send(request, wrong), request), wrong
        assert someone.me() is None


@requirement("R2", "Something is changed without a token by what is sent in another way.")
def test_the_content_type_does_not_matter(mine: Browser, resident: Resident, town: Town, rng: random.Random) -> None:
    kinds = {
        "application/json": (*FORMS, *JSON, "sign out"),
        "text/plain": ("cancel", "sign out", *JSON),
        f"multipart/form-data; boundary={BOUNDARY}": (*FORMS, "book"),
    }
    for kind, names in kinds.items():
        for what in names:
            request = request_for(what, resident, town, rng)
            sent = in_parts(request.sent) if kind.startswith("multipart") else json.dumps(request.sent)
            answer = mine.open(request.path, method=request.method, data=sent, content_type=kind)
            assert is_refused(answer, request), (what, kind)
    assert mine.me() == resident.me


@requirement("R2", "Something is changed without a token because of what else the request says of itself.")
def test_nothing_else_stands_for_the_token(mine: Browser, resident: Resident, town: Town, rng: random.Random) -> None:
    ours = mine.client.base_url.rstrip("/")
    said = {
        "Origin": ours,
        "Referer": f"{ours}/permits",
        "Sec-Fetch-Site": "same-origin",
        "X-Requested-With": "XMLHttpRequest",
        "Authorization": f"Bearer {rng.randrange(10**9)}",
    }
    for what in (*FORMS, *JSON, "sign out"):
        request = request_for(what, resident, town, rng)
        sent = {"json": request.sent} if request.is_json else {"data": request.sent}
        answer = mine.open(request.path, method=request.method, headers=said, **sent)
        assert is_refused(answer, request), what
    assert mine.me() == resident.me


@requirement("R2", "A token in an address is taken.")
def test_a_token_in_the_address_does_not_count(
    mine: Browser, resident: Resident, town: Town, rng: random.Random
) -> None:
    token = mine.token("/permits")
    for what in (*FORMS, *JSON, "sign out"):
        request = request_for(what, resident, town, rng)
        answer = mine.send(request, None, query_string={FIELD: token, HEADER: token})
        assert is_refused(answer, request), what
    assert mine.me() == resident.me


@requirement("R2", "A page, or a form in it, lacks its token.")
def test_every_page_and_every_form_has_the_token(browser: Open, resident: Resident, rng: random.Random) -> None:
    nowhere = f"/nowhere/{rng.randrange(10**6)}"
    visitor, someone = browser(), browser(resident)
    seen = [visitor.page(path) for path in ("/", "/login", nowhere)]
    seen += [someone.page(path) for path in ("/", "/permits", "/visits", "/vehicles/new", "/login", nowhere)]
    wrong = {"email": resident.email, "password": f"{rng.randrange(10**6)}", FIELD: visitor.token("/login")}
    refused = visitor.open("/login", method="POST", data=wrong)
    assert refused.status_code == 401
    seen.append(visitor.read(refused, "/login"))
    for page in seen:
        assert page.token
        sendings = [each for each in page.sendings() if each.method == "post"]
        assert [each.action for each in sendings if not each.fields.get(FIELD)] == []
    assert [each.action for each in seen[4].sendings() if each.method == "post"] != []


@requirement("R2", "A token is part of an address.")
def test_no_link_and_no_search_carries_a_token(browser: Open, resident: Resident, rng: random.Random) -> None:
    someone = browser(resident)
    for path in ("/", "/permits", "/vehicles/new", f"/visits?plate={rng.choice(resident.visits)['plate'][:2]}"):
        page = someone.page(path)
        values = {page.token, *(each.fields.get(FIELD, "") for each in page.sendings())} - {""}
        assert [each for each in page.sendings() if each.method == "get" and FIELD in each.fields] == []
        addresses = [each[name] for each in page.elements for name in ("href", "src", "action", "formaction")]
        assert [each for each in addresses if FIELD in each or any(value in each for value in values)] == []
    plates = [each["plate"] for each in resident.visits]
    assert all(plate in someone.get("/visits").text for plate in plates)


@requirement("R2", "The pages' script can't change what it changed, or is not told what was wrong.")
def test_the_script_changes_what_it_changed(mine: Browser, resident: Resident, town: Town, rng: random.Random) -> None:
    expected = resident.me
    for what in rng.sample(JSON, 3):
        request = request_for(what, resident, town, rng)
        answer = mine.send(request, mine.token("/visits"))
        assert is_done(answer, what)
        expected = after(what, request, expected)
        if what != "end":
            assert answer.json["plate"] in (request.sent.get("plate"), *(each["plate"] for each in resident.vehicles))
    assert is_as(mine.me(), expected)
    neighbour = rng.choice([each for each in town.residents if each is not resident])
    wrong = (
        ("POST", "/api/visits", {"plate": f"{rng.randrange(1000)}", "hours": 2}, 400),
        ("DELETE", f"/api/visits/{rng.choice(neighbour.visits)['id']}", {}, 404),
        ("PATCH", f"/api/permits/{resident.permits[0]['id']}", {"vehicle": neighbour.vehicles[0]["id"]}, 400),
    )
    for method, path, sent, status in wrong:
        answer = mine.open(path, method=method, json=sent, headers={HEADER: mine.token("/visits")})
        assert (answer.status_code, list(answer.json)) == (status, ["error"])
    assert is_as(mine.me(), expected)


@requirement("R2", "A ticket machine can't report any more, or somebody without its key can.")
def test_ticket_machines_have_a_key_and_no_token(browser: Open, town: Town, rng: random.Random) -> None:
    zone, free = rng.choice(town.zones), rng.randrange(300, 900)
    path, machine = f"/machines/{zone.letter}/report", browser()
    key = {"Authorization": f"Bearer {town.machine_key}"}
    for wrong in ({}, {"Authorization": f"Bearer {town.machine_key[:-1]}"}):
        refused = machine.open(path, method="POST", json={"free": free + 1}, headers=wrong)
        assert (refused.status_code, list(refused.json)) == (401, ["error"])
    assert machine.get(f"/api/zones/{zone.letter}").json["free"] == zone.free
    assert machine.open(path, method="POST", json={"free": free}, headers=key).status_code == 204
    assert machine.get(f"/api/zones/{zone.letter}").json == {"letter": zone.letter, "name": zone.name, "free": free}
    assert machine.open(path, method="POST", json={"free": -free}, headers=key).status_code == 400


@requirement("R2", "Who isn't signed in does something, or is not led to sign in.")
def test_a_token_makes_nobody_a_resident(browser: Open, resident: Resident, town: Town, rng: random.Random) -> None:
    visitor = browser()
    for what in ("apply", "add a vehicle"):
        answer = visitor.send(request_for(what, resident, town, rng), visitor.token("/login"))
        assert (answer.status_code, answer.location) == (302, "/login")
    for what in JSON:
        answer = visitor.send(request_for(what, resident, town, rng), visitor.token("/"))
        assert (answer.status_code, answer.json) == (401, {"error": "Sign in first."})
    assert browser(resident).me() == resident.me

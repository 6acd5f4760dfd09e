"""R4: the headers, whatever the answer is."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from browsers import HEADER, Browser, request_for
from mendbox_harness import Resident, Town
from policies import Policies

from mendbox.testing import requirement

Open = Callable[..., Browser]
#: By these a Referer tells another site the origin at most.
REFERRERS = {
    "no-referrer",
    "same-origin",
    "origin",
    "strict-origin",
    "origin-when-cross-origin",
    "strict-origin-when-cross-origin",
}
_KNOWN = REFERRERS | {"unsafe-url", "no-referrer-when-downgrade"}


def lacks(answer: Any, origin: str) -> list[str]:
    """Which headers are not there once, or don't say what they should."""
    headers = answer.headers
    found = []
    if [each.strip().lower() for each in headers.getlist("X-Content-Type-Options")] != ["nosniff"]:
        found.append("X-Content-Type-Options")
    if [each.strip().upper() for each in headers.getlist("X-Frame-Options")] != ["DENY"]:
        found.append("X-Frame-Options")
    sent = headers.getlist("Referrer-Policy")
    # A browser goes by the last one that it knows.
    known = [each for each in (part.strip().lower() for part in ",".join(sent).split(",")) if each in _KNOWN]
    if len(sent) != 1 or not known or known[-1] not in REFERRERS:
        found.append("Referrer-Policy")
    if len(headers.getlist("Content-Security-Policy")) != 1:
        found.append("Content-Security-Policy")
    elif Policies.of(answer, origin).allows("frame-ancestors", "https://frames.example"):
        found.append("Content-Security-Policy: frame-ancestors")
    return found


def have_headers(someone: Browser, answers: dict[str, tuple[Any, int | None]]) -> None:
    """Each of the answers has its status, if one is given, and the headers."""
    assert {name: answer.status_code for name, (answer, _) in answers.items()} == {
        name: status or answers[name][0].status_code for name, (_, status) in answers.items()
    }
    found = {name: lacks(answer, someone.client.base_url) for name, (answer, _) in answers.items()}
    assert {name: missing for name, missing in found.items() if missing} == {}


@requirement("R4", "A page does not have the headers.")
def test_pages_have_the_headers(mine: Browser, resident: Resident, rng: random.Random) -> None:
    paths = ("/", "/login", "/permits", "/vehicles/new", f"/visits?plate={rng.choice(resident.visits)['plate']}")
    have_headers(mine, {path: (mine.get(path), 200) for path in paths})
    have_headers(mine, {path: (mine.open(path, method="HEAD"), 200) for path in paths[:3]})
    have_headers(mine, {"OPTIONS": (mine.open(f"/visits?plate={rng.randrange(99)}", method="OPTIONS"), 200)})


@requirement("R4", "A page that leads elsewhere, or that refuses what was typed, does not have the headers.")
def test_redirects_and_refused_forms_have_the_headers(
    browser: Open, mine: Browser, resident: Resident, town: Town, rng: random.Random
) -> None:
    visitor = browser()
    token = visitor.token("/login")
    wrong = {"email": resident.email, "password": f"{rng.randrange(10**6)}", "csrf_token": token}
    plate = {"plate": f"{rng.randrange(10**6)}", "csrf_token": mine.token("/vehicles/new")}
    right = request_for("sign in", resident, town, rng)
    add = request_for("add a vehicle", resident, town, rng)
    answers = {
        "not signed in": (visitor.get(f"/permits?page={rng.randrange(99)}"), 302),
        "wrong password": (visitor.open("/login", method="POST", data=wrong), 401),
        "no plate": (mine.open("/vehicles/new", method="POST", data=plate), 422),
        "a plate": (mine.send(add, mine.token("/vehicles/new")), 302),
        "signed in": (visitor.send(right, token), 302),
    }
    have_headers(mine, answers)


@requirement("R4", "An answer to the pages' script or to a ticket machine does not have the headers.")
def test_json_has_the_headers(browser: Open, mine: Browser, resident: Resident, town: Town, rng: random.Random) -> None:
    token, machine, zone = mine.token("/visits"), browser(), rng.choice(town.zones)
    key = {"Authorization": f"Bearer {town.machine_key}"}
    report = {"path": f"/machines/{zone.letter}/report", "method": "POST", "json": {"free": rng.randrange(99)}}
    answers = {
        "zone": (machine.get(f"/api/zones/{zone.letter}"), 200),
        "no such zone": (machine.get(f"/api/zones/{rng.randrange(10**6)}"), 404),
        "nobody": (machine.get(f"/api/me?at={rng.randrange(99)}"), 401),
        "me": (mine.get("/api/me"), 200),
        "book": (mine.send(request_for("book", resident, town, rng), token), 201),
        "end": (mine.send(request_for("end", resident, town, rng), token), 204),
        "no JSON": (mine.open("/api/visits", method="POST", data=f"{{{rng.random()}", headers={HEADER: token}), 400),
        "report": (machine.open(**report, headers=key), 204),
        "no key": (machine.open(**report), 401),
    }
    have_headers(mine, answers)


@requirement("R4", "An error does not have the headers.")
def test_errors_have_the_headers(mine: Browser, resident: Resident, town: Town, rng: random.Random) -> None:
    number, token = rng.randrange(1000, 10**6), mine.token("/permits")
    add = request_for("add a vehicle", resident, town, rng)
    answers = {
        "no such page": (mine.get(f"/nowhere/{number}"), 404),
        "no such page below /api/": (mine.get(f"/api/nowhere/{number}"), 404),
        "no such visit": (mine.open(f"/api/visits/{number}", method="DELETE", headers={HEADER: token}), 404),
        "no such method": (mine.open(f"/visits?at={number}", method="POST", data={"csrf_token": token}), 405),
        "no such zone": (mine.open("/permits", method="POST", data={"zone": f"{number}", "csrf_token": token}), 400),
        "no token": (mine.send(add, None), None),
        "no token below /api/": (mine.send(request_for("book", resident, town, rng), None), None),
    }
    have_headers(mine, answers)


@requirement("R4", "When the app fails, its answer does not have the headers.")
def test_faults_have_the_headers(app: Any, mine: Browser, resident: Resident, town: Town, rng: random.Random) -> None:
    assert mine.me() == resident.me
    app.call("mendbox_harness:lose", "zones")
    app.call("mendbox_harness:lose", "permits")
    answers = {
        "page": (mine.get(f"/?at={rng.randrange(99)}"), 500),
        "JSON": (mine.get(f"/api/zones/{rng.choice(town.zones).letter}"), 500),
        "permits": (mine.get(f"/permits?at={rng.randrange(99)}"), 500),
    }
    have_headers(mine, answers)


@requirement("R4", "A file does not have the headers.")
def test_files_have_the_headers(browser: Open, rng: random.Random) -> None:
    someone = browser()
    version = rng.randrange(10**6)
    sheet = someone.get(f"/static/kerbside.css?v={version}")
    again = someone.open(f"/static/kerbside.css?v={version}", headers={"If-None-Match": sheet.headers["ETag"]})
    answers = {
        "sheet": (sheet, 200),
        "again": (again, 304),
        "script": (someone.get(f"/static/kerbside.js?v={version}"), 200),
        "no such file": (someone.get(f"/static/{version}.css"), 404),
    }
    have_headers(someone, answers)


@requirement("R4", "An answer is not what it was before, besides the headers.")
def test_answers_are_what_they_were(browser: Open, mine: Browser, resident: Resident, rng: random.Random) -> None:
    visitor = browser()
    nowhere = rng.randrange(10**6)
    missing = mine.get(f"/nowhere/{nowhere}")
    assert (missing.status_code, missing.mimetype) == (404, "text/html")
    assert "<h1>Not Found</h1>" in missing.text
    below = mine.get(f"/api/nowhere/{nowhere}")
    assert (below.status_code, below.mimetype, list(below.json)) == (404, "application/json", ["error"])
    method = mine.open("/visits", method="POST", data={"csrf_token": mine.token("/visits"), "plate": f"{nowhere}"})
    assert method.status_code == 405
    assert {"GET", "HEAD"} <= {each.strip() for each in method.headers["Allow"].split(",")}
    assert (visitor.get("/visits").status_code, visitor.get("/visits").location) == (302, "/login")
    assert visitor.get("/static/kerbside.css").mimetype == "text/css"
    assert "javascript" in visitor.get("/static/kerbside.js").mimetype
    assert visitor.get(f"/static/{nowhere}.js").status_code == 404
    assert mine.me() == resident.me

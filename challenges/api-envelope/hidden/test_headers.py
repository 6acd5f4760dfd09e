"""R3: headers arrive."""

from __future__ import annotations

from urllib.parse import urlsplit

from expected import booking, vets
from mendbox_harness import word

from mendbox.testing import requirement


@requirement("R3", "What was booked has no `Location`, or one that does not lead there.")
def test_the_location_of_what_was_booked(client, clinic, rng):
    body = booking(clinic, rng)
    answer = client.post("/api/appointments", json=body)

    assert answer.status_code == 201
    assert answer.mimetype == "application/json"
    assert client.get(answer.headers["Location"]).json["data"] == answer.json["data"]
    assert urlsplit(answer.headers["Location"]).path == f"/api/appointments/{answer.json['data']['id']}"


@requirement("R3", "An animal's answer has no `ETag`, or not its other headers.")
def test_an_animal_has_its_headers(client, clinic):
    for row in clinic.animals[:3]:
        answer = client.get(f"/api/animals/{row['id']}")

        assert answer.headers.get("ETag") == f'"animal-{row["id"]}-{row["version"]}"'
        assert answer.headers.get("Cache-Control") == "no-cache"
        assert answer.json["data"]["name"] == row["name"]
        assert answer.content_length in (None, len(answer.data))


@requirement("R3", "The browser does not get both cookies of the desk that was chosen.")
def test_both_cookies_are_set(client, clinic, rng):
    desk = rng.choice(clinic.desks)

    answer = client.put("/api/desk", json={"desk": desk["code"]})

    assert answer.json == {"ok": True, "data": {"desk": desk["code"], "room": desk["room"]}}
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert any(cookie.startswith(f"desk={desk['code']};") and "HttpOnly" in cookie for cookie in cookies)
    assert any(cookie.startswith("room=") and desk["room"].split()[0] in cookie for cookie in cookies)
    assert client.get("/api/vets").json["data"] == vets(clinic)


@requirement("R3", "A refusal does not say how long to wait, or how to prove who one is.")
def test_refusals_have_their_headers(client, clinic, rng):
    answer = client.get(f"/api/lab/{clinic.waiting['ref']}")
    assert answer.headers.get("Retry-After") == str(clinic.waiting["wait_s"])
    assert answer.headers.getlist("Content-Type") == [answer.content_type]
    assert answer.mimetype == "application/json"

    answer = client.delete(f"/api/appointments/{clinic.full['id']}", auth=(word(rng), word(rng)))
    assert answer.headers.get("WWW-Authenticate", "").lower().startswith("basic ")
    assert answer.www_authenticate.realm == f"{clinic.name} desk"


@requirement("R3", "A wrong method is not told which ones are right.")
def test_a_wrong_method_is_told_the_right_ones(client, clinic):
    paths = {"/api/vets": {"GET"}, "/api/desk": {"PUT"}, f"/api/appointments/{clinic.full['id']}": {"GET", "DELETE"}}
    for path, methods in paths.items():
        allow = {method.strip() for method in client.patch(path).headers["Allow"].split(",")}
        assert allow - {"HEAD", "OPTIONS"} == methods


@requirement("R3", "The list of vets has lost a header, or data.")
def test_the_vets_may_be_kept(client, clinic):
    answer = client.get("/api/vets")

    assert answer.json == {"ok": True, "data": vets(clinic)}
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.mimetype == "application/json"
    assert int(answer.headers["Content-Length"]) == len(answer.data)

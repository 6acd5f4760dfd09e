"""R2: every error below /api/ is JSON, and no other is."""

from __future__ import annotations

import json

from expected import appointment, assert_refused, booking
from mendbox_harness import word

from mendbox.testing import requirement


@requirement("R2", "An address below /api/ that nothing has is not answered with 404 in the API's shape.")
def test_an_unknown_address_is_refused_as_json(client, clinic, rng):
    number = clinic.full["id"]
    for path in (
        f"/api/{word(rng)}",
        f"/api/animals/{word(rng)}",
        f"/api/appointments/{number}/{word(rng)}",
        f"/api/{word(rng)}/{word(rng)}/",
    ):
        assert_refused(client.get(path), 404)
        assert_refused(client.post(path, json={}), 404)


@requirement("R2", "A wrong method below /api/ is not answered with 405 in the API's shape.")
def test_a_wrong_method_is_refused_as_json(client, clinic):
    animal, number = clinic.animals[0]["id"], clinic.full["id"]
    assert_refused(client.delete(f"/api/animals/{animal}"), 405)
    assert_refused(client.put(f"/api/appointments/{number}", json={}), 405)
    assert_refused(client.get("/api/desk"), 405)


@requirement("R2", "A body that is no JSON, of another type or too large is not refused in the API's shape.")
def test_a_body_that_cannot_be_read_is_refused_as_json(client, clinic, rng):
    for method, path in (("POST", "/api/appointments"), ("PUT", "/api/desk")):
        broken = json.dumps(booking(clinic, rng))[:-1]
        answer = client.open(path, method=method, data=broken, content_type="application/json")
        assert_refused(answer, 400)
        assert_refused(client.open(path, method=method, data=word(rng), content_type="text/plain"), 415)
        large = booking(clinic, rng) | {"desk": "x", "reason": word(rng) * clinic.most_bytes}
        assert_refused(client.open(path, method=method, json=large), 413)


@requirement("R2", "What is refused before a route is reached is not told in the API's shape.")
def test_what_is_refused_before_a_view_is_json(client, clinic, rng):
    client.set_cookie("desk", word(rng), domain=client.visitor.host.partition(":")[0])
    message = "The desk that you remember is not there any more."
    for path in ("/api/vets", f"/api/animals/{clinic.animals[0]['id']}", f"/api/lab/{clinic.waiting['ref']}"):
        assert_refused(client.get(path), 400, message)


@requirement("R2", "An error of the website is answered as JSON.")
def test_the_website_keeps_its_pages(client, clinic, rng):
    for path in ("/{}", "/vets/{}", "/api-guide/{}", "/api{}", "/v1/api/{}"):
        answer = client.get(path.format(word(rng)))
        assert (answer.status_code, answer.mimetype) == (404, "text/html"), path
        assert "run away" in answer.text, path
        assert clinic.name in answer.text, path


@requirement("R2", "The website, or an address of the API that is there, is no longer answered as before.")
def test_what_is_there_is_shown(client, clinic):
    home, guide = client.get("/"), client.get("/api-guide")
    assert (home.status_code, home.mimetype, guide.status_code) == (200, "text/html", 200)
    assert all(vet["name"] in home.text for vet in clinic.vets)
    assert clinic.vets[0]["name"] in client.get(f"/vets/{clinic.vets[0]['code']}").text
    refused = client.post("/")
    assert (refused.status_code, refused.mimetype) == (405, "text/html")
    shown = client.get(f"/api/appointments/{clinic.full['id']}").json
    assert shown == {"ok": True, "data": appointment(clinic, clinic.full)}

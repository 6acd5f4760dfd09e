"""R5: a fault is a 500 that keeps its reasons to itself."""

from __future__ import annotations

from expected import assert_refused, booking

from mendbox.testing import requirement

#: What would tell of the exception, in small letters.
TELLING = ("no such table", "select", "sqlite", "sqlalchemy", "operationalerror", "vets", "desks")


def assert_fault(answer):
    assert_refused(answer, 500)
    message = answer.json["error"]["message"].lower()
    assert [word for word in TELLING if word in message] == []


@requirement("R5", "A fault in a route of the API is not a 500 in the API's shape, or it tells of its reasons.")
def test_a_fault_in_a_view_is_a_500(app, client, clinic, rng):
    assert client.get(f"/api/appointments/{clinic.full['id']}").json["ok"] is True
    app.call("mendbox_harness:lose", "vets")

    assert_fault(client.get("/api/vets"))
    assert_fault(client.get(f"/api/appointments/{rng.choice(clinic.appointments)['id']}"))
    assert_fault(client.post("/api/appointments", json=booking(clinic, rng)))


@requirement("R5", "A fault before a route of the API is reached is not a 500 in the API's shape.")
def test_a_fault_before_a_view_is_a_500(app, client, clinic, rng):
    app.call("mendbox_harness:lose", "desks")
    client.set_cookie("desk", rng.choice(clinic.desks)["code"], domain=client.visitor.host.partition(":")[0])

    for path in ("/api/vets", f"/api/animals/{rng.choice(clinic.animals)['id']}"):
        assert_fault(client.get(path))


@requirement("R5", "A fault is not in the log with its traceback.")
def test_a_fault_is_logged(app, client, clinic):
    app.call("mendbox_harness:lose", "vets")

    assert client.get("/api/vets").status_code == 500

    logs = app.logs()
    assert "Traceback" in logs
    assert "no such table: vets" in logs


@requirement("R5", "A fault in the website is answered as JSON.")
def test_a_fault_in_the_website_is_a_page(app, client, clinic):
    assert clinic.vets[0]["name"] in client.get("/").text
    app.call("mendbox_harness:lose", "vets")

    answer = client.get("/")

    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert '"ok"' not in answer.text

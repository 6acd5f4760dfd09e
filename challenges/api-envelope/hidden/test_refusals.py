"""R1: a refusal is told as one, with its own status."""

from __future__ import annotations

from datetime import timedelta

from expected import appointment, appointments, assert_refused, booking, vet_of
from mendbox_harness import word

from mendbox.testing import requirement


@requirement("R1", "What is not there is not answered with 404 and the API's error.")
def test_what_is_not_there_is_404(client, unknown):
    for path, message in {
        f"/api/animals/{unknown}": f"There is no animal {unknown}.",
        f"/api/appointments/{unknown}": f"There is no appointment {unknown}.",
        f"/api/appointments/{unknown}/calendar": f"There is no appointment {unknown}.",
        f"/api/chips/{unknown}": f"There is no chip {unknown}.",
        f"/api/lab/L-{unknown}": f"There is no result L-{unknown}.",
    }.items():
        assert_refused(client.get(path), 404, message)


@requirement("R1", "An appointment that is taken is not refused with 409 and the time from which the vet is free.")
def test_an_appointment_that_is_taken_is_409(client, clinic, rng):
    vet, time = vet_of(clinic, clinic.full), clinic.full["starts_at"]
    body = booking(clinic, rng) | {"vet": vet["code"], "starts_at": time.isoformat(timespec="minutes")}

    answer = client.post("/api/appointments", json=body)

    free = (time + timedelta(minutes=60)).isoformat(timespec="minutes")
    message = f"{vet['name']} has another appointment at {body['starts_at']}."
    assert_refused(answer, 409, message, {"free_from": free})
    assert client.get("/api/appointments").json["data"] == appointments(clinic)


@requirement("R1", "A body with mistakes is not refused with 422 and what is wrong by field.")
def test_a_body_with_mistakes_is_422(client, clinic, rng, unknown):
    said = {
        "animal": "must be the id of an animal",
        "vet": "must be the code of a vet",
        "starts_at": "must be a full or half hour like 2026-11-02T09:00",
        "reason": "must be a text of 1 to 120 characters",
    }
    wrong = {"animal": unknown, "vet": word(rng), "starts_at": word(rng), "reason": ""}
    field, other = rng.sample(list(said), 2)
    for fields in ((field,), (field, other), tuple(said)):
        body = booking(clinic, rng) | {name: wrong[name] for name in fields}
        answer = client.post("/api/appointments", json=body)
        details = {name: said[name] for name in fields}
        assert_refused(answer, 422, "Something is wrong with what was sent.", details)

    answer = client.put("/api/desk", json={"desk": word(rng)})
    details = {"desk": "must be the code of a desk"}
    assert_refused(answer, 422, "Something is wrong with what was sent.", details)


@requirement("R1", "A wrong parameter or PIN, or a result that is not ready, is not refused with a status of its own.")
def test_other_refusals_have_their_status(client, clinic, rng):
    day = client.get("/api/appointments", query_string={"day": word(rng)})
    assert_refused(day, 400, "day must be a day like 2026-11-02.")

    path = f"/api/appointments/{clinic.full['id']}"
    assert_refused(client.delete(path), 401, "This needs the desk's PIN.")
    assert_refused(client.delete(path, auth=("desk", word(rng))), 401, "This needs the desk's PIN.")
    assert client.get(path).json == {"ok": True, "data": appointment(clinic, clinic.full)}

    ref = clinic.waiting["ref"]
    assert_refused(client.get(f"/api/lab/{ref}"), 503, f"The result {ref} is not ready.")


@requirement("R1", "What succeeds is not answered with `ok`, its status and its data as before.")
def test_what_succeeds_is_ok(client, clinic, rng):
    wanted = appointment(clinic, rng.choice(clinic.appointments))
    query = {"day": wanted["starts_at"][:10], "vet": wanted["vet"]}
    answer = client.get("/api/appointments", query_string=query)
    found = [each for each in appointments(clinic) if each["starts_at"][:10] == query["day"]]
    assert (answer.status_code, answer.json) == (
        200,
        {"ok": True, "data": [each for each in found if each["vet"] == query["vet"]]},
    )

    body = booking(clinic, rng)
    booked = client.post("/api/appointments", json=body)
    assert booked.status_code == 201
    assert set(booked.json) == {"ok", "data"}
    data = booked.json["data"]
    assert (data["animal"]["id"], data["vet"], data["starts_at"]) == (body["animal"], body["vet"], body["starts_at"])
    assert client.get(f"/api/appointments/{data['id']}").json == {"ok": True, "data": data}

"""R4: data is wrapped once, and nothing but data is."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from expected import animal, animals, appointments
from mendbox_harness import word

from mendbox.testing import requirement


@requirement("R4", "The list of animals is not the list itself.")
def test_animals_are_wrapped_once(client, clinic, rng):
    species = rng.choice(clinic.animals)["species"]

    assert client.get("/api/animals").json == {"ok": True, "data": animals(clinic)}
    answer = client.get("/api/animals", query_string={"species": species})
    assert (answer.status_code, answer.json) == (200, {"ok": True, "data": animals(clinic, species)})
    assert client.get("/api/animals", query_string={"species": word(rng)}).json == {"ok": True, "data": []}


@requirement("R4", "What the laboratory has sent is not given as it came.")
@pytest.mark.parametrize(
    "kinds", [["plain", "list", "text"], ["ok and data", "ok and error"], ["zero", "false", "null", "empty"]]
)
def test_a_result_is_given_as_it_came(client, clinic, kinds):
    for kind in kinds:
        answer = client.get(f"/api/lab/{clinic.results[kind]['ref']}")
        assert answer.status_code == 200
        assert answer.json == {"ok": True, "data": clinic.results[kind]["content"]}
        assert type(answer.json["data"]) is type(clinic.results[kind]["content"])


@requirement("R4", "An animal that has not changed is not answered with 304 and nothing else.")
def test_what_has_not_changed_is_not_sent(client, clinic, rng):
    row = rng.choice(clinic.animals)
    path, tag = f"/api/animals/{row['id']}", f'"animal-{row["id"]}-{row["version"]}"'

    same = client.get(path, headers={"If-None-Match": tag})
    other = client.get(path, headers={"If-None-Match": f'"{word(rng)}"'})

    assert (same.status_code, same.data, same.headers.get("ETag")) == (304, b"", tag)
    assert (other.status_code, other.json) == (200, {"ok": True, "data": animal(row)})


@requirement("R4", "A chip's number does not lead to the animal.")
def test_a_chip_leads_to_the_animal(client, clinic):
    chipped = [row for row in clinic.animals if row["chip"]]
    for row in chipped[:2]:
        answer = client.get(f"/api/chips/{row['chip']}")

        assert answer.status_code == 302
        assert urlsplit(answer.location).path == f"/api/animals/{row['id']}"
        assert '"ok"' not in answer.text
        assert client.get(answer.location).json == {"ok": True, "data": animal(row)}


@requirement("R4", "The file for calendars does not arrive as a file.")
def test_a_calendar_is_a_file(client, clinic, rng):
    row = rng.choice(clinic.appointments)
    patient = next(each["name"] for each in clinic.animals if each["id"] == row["animal_id"])

    answer = client.get(f"/api/appointments/{row['id']}/calendar")

    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=appointment-{row['id']}.ics"
    lines = answer.data.decode().split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    assert f"UID:{row['id']}@vetdesk" in lines
    assert f"DTSTART:{row['starts_at']:%Y%m%dT%H%M%S}" in lines
    assert f"SUMMARY:{patient} at {clinic.name}" in lines
    assert len(lines) == 11


@requirement("R4", "An answer without a body has one, or does not do what it says.")
def test_answers_without_a_body(client, clinic, rng, unknown):
    row = rng.choice(clinic.appointments)
    gone = client.delete(f"/api/appointments/{row['id']}", auth=(word(rng), clinic.pin))
    assert (gone.status_code, gone.data) == (204, b"")
    left = client.get("/api/appointments").json["data"]
    assert left == [each for each in appointments(clinic) if each["id"] != row["id"]]

    for path, status in ((f"/api/animals/{clinic.animals[0]['id']}", 200), (f"/api/animals/{unknown}", 404)):
        head = client.head(path)
        assert (head.status_code, head.data, head.mimetype) == (status, b"", "application/json")

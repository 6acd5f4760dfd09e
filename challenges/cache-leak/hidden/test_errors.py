"""R3: errors and redirects."""

from __future__ import annotations

import pytest
import shown
from browser import HTML, JSON, page, read, refusal, tell
from mendbox_harness import Concert

from mendbox.testing import requirement


@requirement("R3", "The page of a concert is still an error when the box office can be reached again.")
@pytest.mark.parametrize(("fault", "status"), [("away", 503), ("broken", 500)])
def test_a_fault_of_the_box_office_is_over_when_it_is_over(choir, seed, visitor, sign_in, box_office, fault, status):
    one, other, alto, guest = choir.spring, choir.late, sign_in(choir.alto), visitor()
    box_office("fail", fault)
    assert refusal(guest, f"/concerts/{one.id}") == (status, None)
    assert refusal(alto, f"/concerts/{other.id}") == (status, None)
    box_office("fail", "")
    assert read(guest, f"/concerts/{one.id}") == shown.concert(seed, one)
    assert one.title in page(guest, f"/concerts/{one.id}")
    assert read(alto, f"/concerts/{other.id}") == shown.concert(seed, other, choir.alto)


@requirement("R3", "Who has signed in is still sent to sign in, or is sent where visitors are sent.")
def test_a_redirect_is_over_when_it_is_over(choir, sign_in, visitor):
    client = visitor()
    assert refusal(client, "/rehearsals") == (302, "/login")
    assert refusal(client, "/") == (302, "/concerts")
    sign_in(choir.tenor, client)
    assert read(client, "/rehearsals") == shown.rehearsals(choir, choir.tenor)
    assert refusal(client, "/") == (302, "/rehearsals")
    tell(client, "/logout")
    assert refusal(client, "/") == (302, "/concerts")


@requirement("R3", "Who has been refused is refused when they no longer should be.")
def test_a_refusal_is_over_when_it_is_over(choir, sign_in):
    chair, alto = sign_in(choir.chair), sign_in(choir.alto)
    assert refusal(alto, "/dues") == (403, None)
    tell(chair, f"/members/{choir.alto.id}/role", role="committee")
    choir.alto.role = "committee"
    assert read(alto, "/dues") == shown.dues(choir, choir.alto)


@requirement("R3", "A concert that was asked for before it was announced is still not there.")
def test_what_was_not_there_is_there_when_it_is(choir, seed, sign_in, visitor, word):
    chair, guest, after = sign_in(choir.chair), visitor(), choir.concerts[-1].id
    assert read(guest, "/concerts") == shown.concerts(choir)
    new = Concert(after + 1, word(), word(), choir.late.day)
    assert guest.get(f"/concerts/{new.id}", headers=JSON).status_code == 404
    made = tell(chair, "/concerts", title=new.title, venue=new.venue, day=new.day.isoformat())
    assert made.location == f"/concerts/{new.id}"
    choir.concerts.append(new)
    assert read(guest, f"/concerts/{new.id}") == shown.concert(seed, new)
    assert read(guest, "/concerts") == shown.concerts(choir)


@requirement("R3", "An error is not told as today.")
def test_errors_are_told_as_today(choir, visitor, sign_in, rng, box_office):
    guest, number = visitor(), rng.randrange(2000, 10**6)
    answer = guest.get(f"/concerts/{number}", headers=JSON)
    assert (answer.status_code, answer.json) == (404, {"you": None, "error": "There is no such concert."})
    answer = sign_in(choir.bass).get(f"/rehearsals/{number}", headers=JSON)
    assert (answer.status_code, answer.json) == (
        404,
        {"you": choir.bass.name, "error": "There is no such rehearsal."},
    )
    answer = guest.get(f"/largo/{number}", headers=HTML)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    box_office("fail", "away")
    answer = guest.get(f"/concerts/{choir.summer.id}", headers=JSON)
    assert (answer.status_code, answer.json["error"]) == (503, "The box office does not answer. Please try again.")

"""R4: the first update of a profile."""

from __future__ import annotations

from mendbox.testing import requirement

EMPTY = {"title": None, "phone": None, "pronouns": None, "bio": None, "started_on": None, "office": None}


@requirement("R4", "The first change of a profile by someone who has none is not saved as the profile.")
def test_the_first_update_makes_the_profile(client, hire, word):
    newcomer, other = hire(), hire()
    sent = {"title": word(), "phone": f"+372 {word()}"}

    answer = client.patch(f"/users/{newcomer['id']}/profile", json=sent)

    assert answer.status_code == 200
    assert answer.json == {"profile": EMPTY | sent}
    assert client.get(f"/users/{newcomer['id']}").json["profile"] == EMPTY | sent
    assert client.get(f"/users/{other['id']}").json["profile"] is None


@requirement("R4", "A first change that sets a single field other than the title does not work.")
def test_any_single_field_makes_the_profile(client):
    office = client.patch("/users/40/profile", json={"office": "GOT"})
    started_on = client.patch("/users/38/profile", json={"started_on": "2026-03-02"})

    assert (office.status_code, started_on.status_code) == (200, 200)
    gothenburg = {"code": "GOT", "city": "Göteborg"}
    assert client.get("/users/40").json["profile"] == EMPTY | {"office": gothenburg}
    assert client.get("/users/38").json["profile"] == EMPTY | {"started_on": "2026-03-02"}


@requirement("R4", "A second change of a new profile loses what the first one said.")
def test_the_second_update_keeps_what_the_first_one_said(client, hire, word):
    number, title, bio = hire()["id"], word(), word()
    client.patch(f"/users/{number}/profile", json={"title": title})
    client.patch(f"/users/{number}/profile", json={"bio": bio})

    assert client.get(f"/users/{number}").json["profile"] == EMPTY | {"title": title, "bio": bio}


@requirement("R4", "A first change that is refused leaves a profile behind.")
def test_a_refused_first_update_leaves_no_profile(client, hire, word):
    number = hire()["id"]

    answer = client.patch(f"/users/{number}/profile", json={"title": word(), "office": "MOON"})

    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "invalid_profile"
    assert client.get(f"/users/{number}").json["profile"] is None


@requirement("R4", "Changing a profile that exists no longer keeps the fields that were not sent.")
def test_an_update_of_a_profile_keeps_the_other_fields(client, word):
    before = client.get("/users/23").json["profile"]
    changes = {"title": word(), "pronouns": None}

    answer = client.patch("/users/23/profile", json=changes)

    assert before["phone"] == "+46 31 555 0123"
    assert (answer.status_code, answer.json) == (200, {"profile": before | changes})
    assert client.get("/users/23").json["profile"] == before | changes


@requirement("R4", "A change that makes no sense is no longer refused, or is half done.")
def test_a_refused_update_changes_nothing(client, word):
    before = client.get("/users/31").json
    assert before["profile"]["title"] == "Head of Field Service"

    for field, value in (("started_on", "soon"), ("shoe_size", "43")):
        answer = client.patch("/users/31/profile", json={"title": word(), field: value})

        assert answer.status_code == 400
        assert answer.json["error"]["code"] == "invalid_profile"
        assert field in answer.json["error"]["message"]
    assert client.get("/users/31").json == before

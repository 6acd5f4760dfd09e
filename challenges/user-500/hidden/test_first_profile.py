"""R4: the first update of a profile."""

from __future__ import annotations

from mendbox.testing import requirement

EMPTY = {"title": None, "phone": None, "pronouns": None, "bio": None, "started_on": None, "office": None}


@requirement("R4", "The first change of a profile by someone who has none is not kept, or a second one loses it.")
def test_the_first_update_makes_the_profile(client, hire, word):
    newcomer, other = hire(), hire()
    sent, bio = {"title": word(), "phone": f"+372 {word()}"}, {"bio": word()}

    answer = client.patch(f"/users/{newcomer['id']}/profile", json=sent)

    assert answer.status_code == 200
    assert answer.json == {"profile": EMPTY | sent}
    assert client.get(f"/users/{newcomer['id']}").json["profile"] == EMPTY | sent
    client.patch(f"/users/{newcomer['id']}/profile", json=bio)
    assert client.get(f"/users/{newcomer['id']}").json["profile"] == EMPTY | sent | bio
    assert client.get(f"/users/{other['id']}").json["profile"] is None


@requirement("R4", "A first change that is refused leaves a profile behind, or one of a single field makes none.")
def test_any_single_field_makes_the_profile_unless_refused(client, word):
    refused = client.patch("/users/40/profile", json={"title": word(), "office": "MOON"})
    assert (refused.status_code, refused.json["error"]["code"]) == (400, "invalid_profile")
    assert client.get("/users/40").json["profile"] is None

    office = client.patch("/users/40/profile", json={"office": "GOT"})
    started_on = client.patch("/users/38/profile", json={"started_on": "2026-03-02"})

    assert (office.status_code, started_on.status_code) == (200, 200)
    gothenburg = {"code": "GOT", "city": "Göteborg"}
    assert client.get("/users/40").json["profile"] == EMPTY | {"office": gothenburg}
    assert client.get("/users/38").json["profile"] == EMPTY | {"started_on": "2026-03-02"}


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

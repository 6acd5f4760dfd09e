"""R4: the first update of a profile."""

from __future__ import annotations

from shown import EMPTY, detail, place, profile

from mendbox.testing import requirement


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
def test_any_single_field_makes_the_profile_unless_refused(client, company, word, rng):
    clerk, boss = company.other_newcomer.id, company.newcomer.id
    refused = client.patch(f"/users/{clerk}/profile", json={"title": word(), "office": word().upper()[:8]})
    assert (refused.status_code, refused.json["error"]["code"]) == (400, "invalid_profile")
    assert client.get(f"/users/{clerk}").json["profile"] is None

    chosen, day = rng.choice(company.offices), f"{rng.randrange(2020, 2030)}-0{rng.randrange(1, 10)}-02"
    office = client.patch(f"/users/{clerk}/profile", json={"office": chosen.code})
    started_on = client.patch(f"/users/{boss}/profile", json={"started_on": day})

    assert (office.status_code, started_on.status_code) == (200, 200)
    assert client.get(f"/users/{clerk}").json["profile"] == EMPTY | {"office": place(chosen)}
    assert client.get(f"/users/{boss}").json["profile"] == EMPTY | {"started_on": day}


@requirement("R4", "Changing a profile that exists no longer keeps the fields that were not sent.")
def test_an_update_of_a_profile_keeps_the_other_fields(client, company, word):
    path = f"/users/{company.chief.id}"
    before = client.get(path).json["profile"]
    changes = {"title": word(), "pronouns": None}

    answer = client.patch(f"{path}/profile", json=changes)

    assert before == profile(company.chief)
    assert (answer.status_code, answer.json) == (200, {"profile": before | changes})
    assert client.get(path).json["profile"] == before | changes


@requirement("R4", "A change that makes no sense is no longer refused, or is half done.")
def test_a_refused_update_changes_nothing(client, company, word):
    path = f"/users/{company.leader.id}"
    before = client.get(path).json
    assert before == detail(company.leader)

    for field, value in (("started_on", word()), (f"{word()}_size", "43")):
        answer = client.patch(f"{path}/profile", json={"title": word(), field: value})

        assert answer.status_code == 400
        assert answer.json["error"]["code"] == "invalid_profile"
        assert field in answer.json["error"]["message"]
    assert client.get(path).json == before

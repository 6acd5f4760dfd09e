"""R2: people without a profile, wherever people are shown."""

from __future__ import annotations

from mendbox.testing import requirement


def contact(user, title):
    return {"id": user["id"], "name": user["name"], "email": user["email"], "title": title}


VERA = {"id": 38, "name": "Vera Marsh", "email": "v.marsh@fernhill.example", "title": None}


@requirement("R2", "The page of someone without a profile does not show the person with `profile` null.")
def test_a_newcomer_is_shown_without_a_profile(client, hire):
    newcomer = hire(team="field", manager_id=31)

    answer = client.get(f"/users/{newcomer['id']}")

    assert answer.status_code == 200
    assert answer.json == newcomer | {
        "active": True,
        "team": {"slug": "field", "name": "Field Service, North"},
        "manager": {
            "id": 31,
            "name": "Selma Okafor",
            "email": "s.okafor@fernhill.example",
            "title": "Head of Field Service",
        },
        "profile": None,
    }


@requirement("R2", "Looking at someone without a profile changes what the directory knows about the person.")
def test_looking_at_someone_makes_no_profile(client, hire):
    newcomer = hire(team="finance", manager_id=38)
    for path in ("", "/card", "/manager", "/reports", ""):
        client.get(f"/users/{newcomer['id']}{path}")
    client.get("/teams/finance")

    assert [client.get(f"/users/{number}").json["profile"] for number in (newcomer["id"], 38)] == [None, None]


@requirement("R2", "The page of a team that has people without a profile does not show all its members.")
def test_a_team_shows_its_newcomers_among_the_others(client, hire):
    newcomer = hire(team="finance", name="Aino Berg")

    answer = client.get("/teams/finance")

    assert answer.status_code == 200
    assert answer.json == {
        "slug": "finance",
        "name": "Finance",
        "members": [
            contact(newcomer, None),
            VERA,
            {"id": 39, "name": "Will Abara", "email": "w.abara@fernhill.example", "title": "Accountant"},
            {"id": 40, "name": "Xin Chen", "email": "x.chen@fernhill.example", "title": None},
        ],
    }


@requirement("R2", "Someone whose manager has no profile is not shown together with that manager.")
def test_a_manager_without_a_profile_is_shown(client, hire):
    boss = hire(team="firmware", manager_id=11)
    report = hire(team="firmware", manager_id=boss["id"])

    assert client.get("/users/39").json["manager"] == VERA
    assert client.get(f"/users/{report['id']}/manager").json == {"manager": contact(boss, None)}


@requirement("R2", "People without a profile are missing from the reports of their manager, or the answer fails.")
def test_reports_without_a_profile_are_listed(client, hire):
    first, last = hire(manager_id=24, name="Aino Berg"), hire(manager_id=24, name="Zita Berg")

    answer = client.get("/users/24/reports")

    assert answer.status_code == 200
    assert answer.json == {"reports": [contact(first, None), contact(last, None)]}


@requirement("R2", "A profile that exists but has empty fields is not shown as a profile.")
def test_an_empty_profile_is_not_a_missing_one(client, word):
    empty = {"title": None, "phone": None, "pronouns": None, "bio": None, "started_on": None, "office": None}
    assert client.get("/users/27").json["profile"] == empty

    bio = word()
    client.patch("/users/27/profile", json={"bio": bio})

    assert client.get("/users/27").json["profile"] == empty | {"bio": bio}


@requirement("R2", "The page of a team whose members all have a profile has changed.")
def test_a_team_shows_its_members_by_name_with_their_titles(client, word):
    title = word()
    client.patch("/users/35/profile", json={"title": title})

    answer = client.get("/teams/field")

    assert answer.json == {
        "slug": "field",
        "name": "Field Service, North",
        "members": [
            {
                "id": 31,
                "name": "Selma Okafor",
                "email": "s.okafor@fernhill.example",
                "title": "Head of Field Service",
            },
            {"id": 35, "name": "Tobias Young", "email": "t.young@fernhill.example", "title": title},
        ],
    }


@requirement("R2", "The list of users has changed: it holds everyone who works here, with or without a profile.")
def test_the_list_holds_everyone_who_works_here(client, hire):
    newcomer = hire(team="finance", name="Aino Berg")

    answer = client.get("/users", query_string={"team": "finance"}).json

    assert answer["users"][0] == newcomer
    assert [user["id"] for user in answer["users"]] == [newcomer["id"], 38, 39, 40]
    assert answer["count"] == 4

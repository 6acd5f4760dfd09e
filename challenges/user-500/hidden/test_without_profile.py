"""R2: people without a profile, wherever people are shown."""

from __future__ import annotations

from mendbox.testing import requirement


def contact(user, title):
    return {"id": user["id"], "name": user["name"], "email": user["email"], "title": title}


VERA = {"id": 38, "name": "Vera Marsh", "email": "v.marsh@fernhill.example", "title": None}


@requirement(
    "R2", "The page of someone without a profile does not show `profile` null, or no longer does after a look around."
)
def test_a_newcomer_is_shown_without_a_profile(client, hire):
    newcomer = hire(team="field", manager_id=31)
    expected = newcomer | {
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

    answer = client.get(f"/users/{newcomer['id']}")
    assert (answer.status_code, answer.json) == (200, expected)

    for path in ("/card", "/manager", "/reports"):
        client.get(f"/users/{newcomer['id']}{path}")
    client.get("/teams/field")
    assert client.get(f"/users/{newcomer['id']}").json == expected


@requirement("R2", "A team that has people without a profile is not shown, or listed, with all its members.")
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

    listed = client.get("/users", query_string={"team": "finance"}).json
    assert listed["users"][0] == newcomer
    assert [user["id"] for user in listed["users"]] == [newcomer["id"], 38, 39, 40]
    assert listed["count"] == 4


@requirement("R2", "Someone without a profile is not shown as a manager, or not among a manager's reports.")
def test_managers_and_reports_without_a_profile_are_shown(client, hire):
    boss = hire(team="firmware", manager_id=24)
    last, first = (hire(team="firmware", manager_id=boss["id"], name=name) for name in ("Zita Berg", "Aino Berg"))

    assert client.get(f"/users/{last['id']}").json["manager"] == contact(boss, None)
    assert client.get("/users/39/manager").json == {"manager": VERA}
    answer = client.get(f"/users/{boss['id']}/reports")
    assert (answer.status_code, answer.json) == (200, {"reports": [contact(first, None), contact(last, None)]})


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

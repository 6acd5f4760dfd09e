"""R2: people without a profile, wherever people are shown."""

from __future__ import annotations

from shown import EMPTY, by_name, contact, newcomer

from mendbox.testing import requirement


@requirement(
    "R2", "The page of someone without a profile does not show `profile` null, or no longer does after a look around."
)
def test_a_newcomer_is_shown_without_a_profile(client, company, hire):
    team, leader = company.field_team, company.leader
    hired = hire(team=team, manager=leader.id)
    expected = hired | {
        "active": True,
        "team": {"slug": team.slug, "name": team.name},
        "manager": contact(leader),
        "profile": None,
    }

    answer = client.get(f"/users/{hired['id']}")
    assert (answer.status_code, answer.json) == (200, expected)

    for path in ("/card", "/manager", "/reports"):
        client.get(f"/users/{hired['id']}{path}")
    client.get(f"/teams/{team.slug}")
    assert client.get(f"/users/{hired['id']}").json == expected


@requirement("R2", "A team that has people without a profile is not shown, or listed, with all its members.")
def test_a_team_shows_its_newcomers_among_the_others(client, company, hire):
    team = company.small_team
    hired = hire(team=team)

    answer = client.get(f"/teams/{team.slug}")

    members = by_name(
        [newcomer(hired), contact(company.newcomer), contact(company.clerk), contact(company.other_newcomer)]
    )
    assert answer.status_code == 200
    assert answer.json == {"slug": team.slug, "name": team.name, "members": members}

    listed = client.get("/users", query_string={"team": team.slug}).json
    assert hired in listed["users"]
    assert [user["id"] for user in listed["users"]] == [member["id"] for member in members]
    assert listed["count"] == 4


@requirement("R2", "Someone without a profile is not shown as a manager, or not among a manager's reports.")
def test_managers_and_reports_without_a_profile_are_shown(client, company, hire):
    boss = hire(manager=company.engineer.id)
    last, first = (hire(manager=boss["id"]) for _ in range(2))

    assert client.get(f"/users/{last['id']}").json["manager"] == newcomer(boss)
    assert client.get(f"/users/{company.clerk.id}/manager").json == {"manager": contact(company.newcomer)}
    answer = client.get(f"/users/{boss['id']}/reports")
    assert (answer.status_code, answer.json) == (200, {"reports": by_name([newcomer(first), newcomer(last)])})


@requirement("R2", "A profile that exists but has empty fields is not shown as a profile.")
def test_an_empty_profile_is_not_a_missing_one(client, company, word):
    path = f"/users/{company.blank.id}"
    assert client.get(path).json["profile"] == EMPTY

    bio = word()
    client.patch(f"{path}/profile", json={"bio": bio})

    assert client.get(path).json["profile"] == EMPTY | {"bio": bio}


@requirement("R2", "The page of a team whose members all have a profile has changed.")
def test_a_team_shows_its_members_by_name_with_their_titles(client, company, word):
    title = word()
    client.patch(f"/users/{company.technician.id}/profile", json={"title": title})

    answer = client.get(f"/teams/{company.field_team.slug}")

    assert answer.json == {
        "slug": company.field_team.slug,
        "name": company.field_team.name,
        "members": by_name([contact(company.leader), contact(company.technician, title=title)]),
    }

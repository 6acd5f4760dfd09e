"""R1: an id that nobody has."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement

ROUTES = [
    ("GET", "/users/{}"),
    ("GET", "/users/{}/card"),
    ("GET", "/users/{}/manager"),
    ("GET", "/users/{}/reports"),
    ("PATCH", "/users/{}/profile"),
]


def ask(client, method, path, title):
    return client.open(path, method=method, json={"title": title} if method == "PATCH" else None)


@requirement(
    "R1", "An id that nobody has is not answered with 404 and the JSON error on every address below /users/<id>."
)
@pytest.mark.parametrize(("method", "path"), ROUTES, ids=["detail", "card", "manager", "reports", "profile"])
def test_an_unknown_id_is_404_as_json(client, unknown_id, word, method, path):
    answer = ask(client, method, path.format(unknown_id), word())

    assert answer.status_code == 404
    assert answer.mimetype == "application/json"
    assert set(answer.json) == {"error"}
    assert answer.json["error"]["code"] == "user_not_found"
    assert str(unknown_id) in answer.json["error"]["message"]


@requirement("R1", "An id is still answered as unknown after someone with that id has been hired.")
def test_an_id_is_known_from_the_day_of_hiring(client, hire):
    number = hire()["id"] + 1
    assert client.get(f"/users/{number}/reports").status_code == 404

    hired = hire()
    answer = client.get(f"/users/{hired['id']}/reports")
    assert (answer.status_code, answer.json) == (200, {"reports": []})


@requirement("R1", "Someone who is in the directory and has a profile is no longer shown as before.")
def test_someone_known_is_shown_in_full(client, word):
    title = word()
    client.patch("/users/24/profile", json={"title": title})

    answer = client.get("/users/24")

    assert answer.status_code == 200
    assert answer.json == {
        "id": 24,
        "username": "p.dacosta",
        "name": "Pia da Costa",
        "email": "p.dacosta@fernhill.example",
        "active": True,
        "team": {"slug": "firmware", "name": "Firmware"},
        "manager": {
            "id": 23,
            "name": "Oskar Salonen",
            "email": "o.salonen@fernhill.example",
            "title": "Head of Firmware",
        },
        "profile": {
            "title": title,
            "phone": "+372 555 0124",
            "pronouns": None,
            "bio": None,
            "started_on": None,
            "office": {"code": "TLN", "city": "Tallinn"},
        },
    }


@requirement("R1", "Someone who has left the company can no longer be looked up by id.")
def test_someone_who_left_is_still_found_by_id(client):
    answer = client.get("/users/36")

    assert answer.status_code == 200
    assert answer.json["active"] is False
    assert answer.json["name"] == "Ulla Weiss"
    assert answer.json["profile"]["title"] == "Technician"
    assert client.get("/users/36/manager").json["manager"]["name"] == "Selma Okafor"


@requirement("R1", "The answer for a team that does not exist has changed.")
def test_an_unknown_team_is_answered_as_before(client, word):
    slug = word()

    answer = client.get(f"/teams/{slug}")

    assert answer.status_code == 404
    assert answer.json == {"error": {"code": "team_not_found", "message": f"There is no team '{slug}'."}}


@requirement("R1", "A wrong address or a wrong method is answered as if a user were missing.")
def test_a_wrong_address_is_not_an_unknown_user(client, word):
    for path in (f"/{word()}", f"/users/24/{word()}"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "user_not_found" not in answer.text
    assert client.delete("/users/24").status_code == 405


@requirement("R1", "A fault of the server is answered as something other than status 500.")
def test_a_database_in_trouble_is_not_an_unknown_user(app, client, word):
    app.call("mendbox_harness:lose_the_users")

    statuses = {path: ask(client, method, path.format(24), word()).status_code for method, path in ROUTES}

    assert statuses == {path: 500 for _, path in ROUTES}

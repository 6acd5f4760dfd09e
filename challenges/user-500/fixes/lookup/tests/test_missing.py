import pytest


@pytest.mark.parametrize("path", ["", "/card", "/manager", "/reports"])
def test_an_unknown_user_is_404_as_json(client, path):
    answer = client.get(f"/users/999{path}")

    assert answer.status_code == 404
    assert answer.json == {"error": {"code": "user_not_found", "message": "There is no user 999."}}


def test_a_user_without_a_profile_is_shown(client):
    assert client.get("/users/6").json["profile"] is None
    assert client.get("/users/6/card").status_code == 200
    assert client.get("/teams/sales").json["members"][1]["title"] is None


def test_the_first_update_makes_the_profile(client):
    client.patch("/users/6/profile", json={"title": "Account Manager"})

    assert client.get("/users/6").json["profile"]["title"] == "Account Manager"

import pytest


def test_me(client, bearing):
    assert client.get("/me", headers=bearing("desk")).json == {
        "key": "fendesk",
        "label": "Desk in Fenwick",
        "library": "FEN",
        "role": "desk",
    }


def test_nobody_gets_in_without_a_token(client):
    assert client.get("/me").status_code == 401
    assert client.get("/copies").status_code == 401


def test_an_unknown_token_is_refused(client):
    assert client.get("/me", headers={"Authorization": "Bearer nobody.secret"}).status_code == 401


@pytest.mark.parametrize("path", ["/copies", "/loans", "/tokens"])
def test_a_search_station_changes_nothing(client, bearing, path):
    assert client.post(path, json={}, headers=bearing("reader")).status_code == 403


def test_the_office_sees_what_others_see(client, bearing):
    headers = bearing("office", **{"X-Act-As": "reader"})

    assert client.get("/me", headers=headers).json["role"] == "reader"
    assert client.get("/tokens", headers=headers).status_code == 403


def test_a_token_is_made_used_and_revoked(client, bearing):
    made = client.post("/tokens", json={"label": "Van", "role": "reader", "days": 30}, headers=bearing("desk"))
    assert made.status_code == 201
    own = {"Authorization": f"Bearer {made.json['token']}"}
    assert client.get("/me", headers=own).json["label"] == "Van"

    revoked = client.delete(f"/tokens/{made.json['key']}", headers=bearing("office"))

    assert revoked.json["revoked"] is True
    assert client.get("/me", headers=own).status_code in (401, 403)


def test_a_library_sees_its_own_tokens(client, bearing):
    keys = [token["key"] for token in client.get("/tokens", headers=bearing("other desk")).json["tokens"]]

    assert keys == ["moordesk", "moorold"]
    assert len(client.get("/tokens", headers=bearing("office")).json["tokens"]) == 5

import pytest


def test_only_the_fields_that_were_sent_change(client):
    answer = client.patch("/users/3/profile", json={"title": "Senior Lens Designer", "office": "LDS"})

    assert answer.status_code == 200
    assert answer.json["profile"] == {
        "title": "Senior Lens Designer",
        "phone": "+351 22 555 0103",
        "pronouns": None,
        "bio": None,
        "started_on": None,
        "office": {"code": "LDS", "city": "Leeds"},
    }
    assert client.get("/users/3").json["profile"] == answer.json["profile"]


def test_null_empties_a_field(client):
    answer = client.patch("/users/3/profile", json={"phone": None})

    assert answer.json["profile"]["phone"] is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"salary": "1"},
        {"title": 7},
        {"title": "  "},
        {"started_on": "soon"},
        {"office": "MOON"},
        {"phone": "0" * 41},
    ],
)
def test_a_body_that_makes_no_sense_is_refused(client, body):
    answer = client.patch("/users/3/profile", json=body)

    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "invalid_profile"

import pytest

FORM = {
    "handle": "Steinunn",
    "name": "Steinunn Sævarsdóttir",
    "email": "steinunn@fjord.example",
    "born": "1984-02-11",
    "evening": "fri",
    "guests": "2",
    "diet": ["vegan", "no-nuts"],
    "notes": "I come late.",
    "pin": "0815",
    "pin_again": "0815",
    "rules": "yes",
}


def test_the_form_offers_the_open_evenings(client):
    page = client.get("/join").text

    assert "Thursday, arctic char" in page
    assert "Sunday, soup" not in page


def test_a_guest_becomes_a_member(client, listed):
    answer = client.post("/join", data=FORM)

    assert answer.status_code == 303
    assert answer.location == "/members/Steinunn"
    assert listed()["Steinunn"] == {
        "id": 4,
        "handle": "Steinunn",
        "name": "Steinunn Sævarsdóttir",
        "email": "steinunn@fjord.example",
        "born": "1984-02-11",
        "evening": "fri",
        "guests": 2,
        "diet": ["vegan", "no-nuts"],
        "notes": "I come late.",
    }
    assert "Friday, lamb, with 2 more" in client.get("/members/Steinunn").text


@pytest.mark.parametrize(
    "fault",
    [
        {"handle": "St"},
        {"handle": "Hildur"},
        {"name": ""},
        {"email": "steinunn"},
        {"email": "hildur@kria.example"},
        {"born": "2025-01-01"},
        {"guests": "4"},
        {"pin": "12", "pin_again": "12"},
        {"pin_again": "0816"},
    ],
)
def test_a_form_with_a_fault_makes_no_member(client, listed, fault):
    answer = client.post("/join", data=FORM | fault, follow_redirects=True)

    assert "Join the long table" in answer.text
    assert len(listed()) == 3


def test_spaces_around_are_not_stored(client, listed):
    client.post("/join", data=FORM | {"handle": " Steinunn ", "name": " Steinunn S. "})

    assert listed()["Steinunn"]["name"] == "Steinunn S."

def test_the_kitchen_list_holds_everyone(listed):
    members = listed()

    assert list(members) == ["Hildur", "captain-ari", "Soffia"]
    assert members["Soffia"]["evening"] == "sun"
    assert members["Soffia"]["diet"] == ["vegetarian", "no-gluten"]


def test_the_desk_changes_a_member(client, listed):
    sent = {
        "name": "Ari Helgason",
        "email": "ari@kria.example",
        "evening": "fri",
        "guests": "1",
        "diet": ["vegan"],
        "notes": "",
    }
    answer = client.post("/desk/members/2", data=sent)

    assert answer.status_code == 303
    assert answer.location == "/desk/members/2"
    assert listed()["captain-ari"] == sent | {"id": 2, "handle": "captain-ari", "born": "1958-11-30", "guests": 1}


def test_the_desk_shows_a_member_with_an_evening_that_is_not_open(client):
    page = client.get("/desk/members/3").text

    assert "Sunday, soup" in page
    assert "Thursday, arctic char" in page


def test_there_is_no_such_member(client):
    assert client.get("/desk/members/99").status_code == 404
    assert client.get("/members/nobody").status_code == 404


def test_the_pin_is_asked_for_at_the_door(client):
    assert client.post("/desk/check-in", data={"handle": "Hildur", "pin": "2468"}).json["evening"] == "fri"
    assert client.post("/desk/check-in", data={"handle": "Hildur", "pin": "2469"}).status_code == 403

def test_the_list_holds_those_who_work_here_by_name(client):
    answer = client.get("/users").json

    assert [user["name"] for user in answer["users"]] == [
        "Agnes Holm",
        "Bela Novak",
        "Ivo Martins",
        "Nora Lind",
        "Ruth Calder",
    ]
    assert answer["count"] == 5


def test_the_list_can_be_narrowed_to_a_team(client):
    answer = client.get("/users", query_string={"team": "optics"}).json

    assert [user["username"] for user in answer["users"]] == ["agnes.holm", "ivo.martins"]


def test_the_list_can_be_searched(client):
    answer = client.get("/users", query_string={"q": "HOLM"}).json

    assert [user["id"] for user in answer["users"]] == [3]


def test_a_user_is_shown_with_team_manager_and_profile(client):
    answer = client.get("/users/2")

    assert answer.status_code == 200
    assert answer.json == {
        "id": 2,
        "username": "ivo.martins",
        "name": "Ivo Martins",
        "email": "ivo.martins@tidewater.example",
        "active": True,
        "team": {"slug": "optics", "name": "Optics"},
        "manager": {
            "id": 1,
            "name": "Ruth Calder",
            "email": "ruth.calder@tidewater.example",
            "title": "Managing Director",
        },
        "profile": {
            "title": "Head of Optics",
            "phone": "+351 22 555 0102",
            "pronouns": "he/him",
            "bio": "Grinds lenses at weekends, too.",
            "started_on": "2016-05-02",
            "office": {"code": "OPO", "city": "Porto"},
        },
    }


def test_a_manager_and_the_reports_are_found(client):
    assert client.get("/users/3/manager").json["manager"]["name"] == "Ivo Martins"
    assert [user["name"] for user in client.get("/users/1/reports").json["reports"]] == [
        "Bela Novak",
        "Ivo Martins",
    ]


def test_a_card_can_be_added_to_contacts(client):
    answer = client.get("/users/3/card")

    assert answer.mimetype == "text/vcard"
    assert answer.headers["Content-Disposition"] == "attachment; filename=agnes.holm.vcf"
    assert answer.text.splitlines() == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "FN:Agnes Holm",
        "EMAIL:agnes.holm@tidewater.example",
        "ORG:Tidewater Instruments;Optics",
        "TITLE:Lens Designer",
        "TEL;TYPE=work:+351 22 555 0103",
        "ADR;TYPE=work:;;;Porto;;;",
        "END:VCARD",
    ]


NEWCOMER = {"username": "kim.oduya", "name": "Kim Oduya", "email": "kim@tidewater.example", "team": "sales"}


def test_a_new_user_is_stored(client):
    answer = client.post("/users", json=NEWCOMER | {"manager_id": 4})

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/users/{answer.json['id']}"
    assert client.get("/users", query_string={"q": "kim.oduya"}).json["users"] == [answer.json]


def test_a_username_is_given_only_once(client):
    answer = client.post("/users", json=NEWCOMER | {"username": "ruth.calder"})

    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "user_exists"


def test_a_new_user_needs_a_team_that_exists(client):
    answer = client.post("/users", json=NEWCOMER | {"team": "moonbase"})

    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "invalid_user"

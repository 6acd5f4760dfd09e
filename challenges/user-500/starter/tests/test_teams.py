def test_teams_are_listed_with_their_size(client):
    assert client.get("/teams").json["teams"] == [
        {"slug": "board", "name": "Board", "size": 1},
        {"slug": "optics", "name": "Optics", "size": 2},
        {"slug": "sales", "name": "Sales", "size": 2},
    ]


def test_a_team_is_shown_with_its_members(client):
    answer = client.get("/teams/optics").json

    assert answer["name"] == "Optics"
    assert [(member["name"], member["title"]) for member in answer["members"]] == [
        ("Agnes Holm", "Lens Designer"),
        ("Ivo Martins", "Head of Optics"),
    ]


def test_an_unknown_team_is_404_as_json(client):
    answer = client.get("/teams/moonbase")

    assert answer.status_code == 404
    assert answer.json == {"error": {"code": "team_not_found", "message": "There is no team 'moonbase'."}}

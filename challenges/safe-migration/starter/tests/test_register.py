def test_trees_by_number(client):
    answer = client.get("/trees").json["trees"]
    assert [(tree["number"], tree["species"], tree["girth_cm"]) for tree in answer] == [
        ("T-0007", "Oak", 312),
        ("T-0009", None, None),
    ]


def test_trees_of_a_parish(client):
    assert [tree["number"] for tree in client.get("/trees?parish=Norton").json["trees"]] == ["T-0009"]


def test_a_visit_that_is_judged_and_one_that_is_not(client):
    visit = {"visited_on": "2026-03-01", "warden": "M. Grey"}
    assert client.post("/trees/T-0007/visits", json=visit | {"state": "watch"}).json["state"] == "watch"
    assert client.post("/trees/T-0007/visits", json=visit | {"visited_on": "2026-04-01"}).json["state"] == "watch"
    assert [visit["state"] for visit in client.get("/trees/T-0007").json["visits"]] == [None, "watch"]


def test_a_species_is_found_in_any_capitals(client):
    tree = {"number": "T-0011", "parish": "Ashby", "place": "The ford", "species": " oak "}
    assert client.post("/trees", json=tree).status_code == 201
    assert client.get("/species").json == {"species": [{"name": "Oak", "trees": 2}]}


def test_no_such_tree(client):
    assert client.get("/trees/T-9999").status_code == 404

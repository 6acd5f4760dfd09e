def test_sailings_are_listed_by_time(client):
    listed = client.get("/sailings").json["sailings"]
    assert [(each["pier"], each["seats_left"]) for each in listed] == [("Ness", 80), ("Holm", 80), ("Ness", 80)]


def test_seats_are_held(clerk):
    clerk.post("/tickets", json={"sailing": 1, "passengers": 4, "name": "Tam"})
    assert clerk.get("/sailings").json["sailings"][0]["seats_left"] == 76


def test_an_office_tells_how_it_is_set_up(client):
    assert client.get("/about").json == {
        "piers": ["Ness", "Holm"],
        "max_party": 9,
        "hold_minutes": 20,
        "fee_pence": 0,
    }

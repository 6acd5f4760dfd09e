def test_a_clerk_logs_in_with_a_badge(client):
    assert client.get("/me").status_code == 401
    assert client.post("/login", json={"badge": "0815"}).status_code == 403
    assert client.post("/login", json={"badge": "4711"}).json == {"clerk": "Eilidh Mowat"}
    assert client.get("/me").json == {"clerk": "Eilidh Mowat"}


def test_a_ticket_is_sold_and_scanned(clerk):
    sold = clerk.post("/tickets", json={"sailing": 1, "passengers": 2, "name": "Tam"})
    assert sold.status_code == 201
    assert sold.json["total_pence"] == 1880
    scanned = clerk.get(f"/boarding/{sold.json['code']}")
    assert (scanned.json["name"], scanned.json["paid"]) == ("Tam", False)
    assert clerk.get("/boarding/nothing").status_code == 404


def test_a_ticket_is_for_nine_at_most(clerk):
    for passengers, status in ((9, 201), (10, 400), (0, 400)):
        answer = clerk.post("/tickets", json={"sailing": 1, "passengers": passengers, "name": "Tam"})
        assert answer.status_code == status


def test_only_clerks_sell(client):
    assert client.post("/tickets", json={"sailing": 1, "passengers": 2, "name": "Tam"}).status_code == 401

REPORT = {"trail": "ridge-way", "kind": "landslip", "place": "under the top"}


def test_an_address_has_so_many_reports_a_day(make):
    client = make(DAILY=2)
    statuses = [client.post("/api/reports", json=REPORT).status_code for _ in range(3)]
    assert statuses == [201, 201, 429]


def test_nothing_is_taken_from_a_blocked_address(client):
    assert client.post("/desk/blocked", data={"address": "127.0.0.1"}).status_code == 303
    assert "127.0.0.1" in client.get("/desk/blocked").text
    assert client.post("/api/reports", json=REPORT).status_code == 403
    assert client.post("/desk/blocked", data={"address": "the pub"}).status_code == 400


def test_others_than_the_office_do_not_see_the_desk(make):
    client = make(OFFICE=["192.0.2.0/24"])
    assert client.get("/desk/").status_code == 403
    from_the_office = {"REMOTE_ADDR": "192.0.2.9"}
    assert client.get("/desk/reports", environ_base=from_the_office).json["reports"][0]["address"] == "198.51.100.20"

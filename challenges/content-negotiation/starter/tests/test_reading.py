MARIT = {
    "ref": "SK-20411",
    "ship": "Marit Kloster",
    "flag": "NO",
    "berth": "North Quay",
    "eta": "2026-03-02T06:30",
    "cargo": "Timber",
}


def test_browsers_see_the_board(client):
    answer = client.get("/calls", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})

    assert answer.mimetype == "text/html"
    assert "Expected at Port of Skelling" in answer.text
    assert "Étoile du Nord" in answer.text


def test_programs_read_the_board(client):
    answer = client.get("/calls", headers={"Accept": "application/json"})

    assert [call["ref"] for call in answer.json["calls"]] == ["SK-20411", "SK-20418"]
    assert answer.json["calls"][0] == MARIT


def test_the_board_can_be_narrowed_to_a_berth(client):
    answer = client.get("/calls?berth=North+Quay", headers={"Accept": "application/json"})

    assert [call["ref"] for call in answer.json["calls"]] == ["SK-20411"]


def test_the_planner_reads_a_table(client):
    answer = client.get("/calls", headers={"Accept": "text/csv"})

    assert answer.headers["Content-Disposition"] == "attachment; filename=calls.csv"
    assert answer.text.splitlines() == [
        "ref,ship,flag,berth,eta,cargo",
        "SK-20411,Marit Kloster,NO,North Quay,2026-03-02T06:30,Timber",
        'SK-20418,Étoile du Nord,FR,"Tidal Basin, east",2026-03-02T14:00,"Salt, bagged"',
    ]


def test_a_call_is_shown(client):
    assert "<h1>Marit Kloster</h1>" in client.get("/calls/SK-20411").text
    assert client.get("/calls/SK-20411", headers={"Accept": "application/json"}).json == MARIT


def test_a_call_is_an_event(client):
    answer = client.get("/calls/SK-20418?format=ics")

    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
    assert "LOCATION:Tidal Basin\\, east\r\n" in answer.text


def test_berths_are_listed(client):
    assert client.get("/berths").json["berths"][0] == {"name": "North Quay", "length": 210, "depth": 9.5}
    assert client.get("/berths?format=csv").text.splitlines()[1] == "North Quay,210,9.5"


def test_a_board_that_has_not_changed_is_304(client):
    etag = client.get("/calls").headers["ETag"]

    assert client.get("/calls", headers={"If-None-Match": etag}).status_code == 304
    client.patch("/calls/SK-20411", json={"cargo": "Sawn timber"})
    assert client.get("/calls", headers={"If-None-Match": etag}).status_code == 200


def test_a_call_that_does_not_exist(client):
    assert "There is no call" in client.get("/calls/SK-1").text
    answer = client.get("/calls/SK-1", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json == {"error": {"status": 404, "code": "not_found", "message": "There is no call 'SK-1'."}}


def test_partners_may_read(client):
    answer = client.get("/calls", headers={"Origin": "https://pilots.skelling.example"})

    assert answer.headers["Access-Control-Allow-Origin"] == "https://pilots.skelling.example"

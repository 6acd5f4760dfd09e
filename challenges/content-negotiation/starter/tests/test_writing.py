CALL = {
    "ref": "SK-20500",
    "ship": "Havørn",
    "flag": "DK",
    "berth": "North Quay",
    "eta": "2026-03-03T05:15",
    "cargo": "Barley",
}


def test_a_program_enters_a_call(client):
    answer = client.post("/calls", json=CALL)

    assert answer.status_code == 201
    assert answer.json == CALL
    assert answer.headers["Location"] == "/calls/SK-20500"


def test_the_form_enters_a_call(client):
    answer = client.post("/calls", data=CALL)

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/calls/SK-20500"
    assert "Havørn" in client.get("/calls/SK-20500").text


def test_a_ref_is_given_once(client):
    assert client.post("/calls", json=CALL | {"ref": "SK-20411"}).status_code == 409


def test_what_makes_no_sense_is_refused(client):
    for wrong in ({"ref": "20500"}, {"flag": "Denmark"}, {"berth": "Moon"}, {"eta": "soon"}, {"ship": ""}):
        assert client.post("/calls", json=CALL | wrong).status_code == 400


def test_an_agent_sends_a_table(client):
    table = "ref,ship,flag,berth,eta,cargo\r\nSK-20500,Havørn,DK,North Quay,2026-03-03T05:15,Barley\r\n"
    answer = client.post("/calls/import", data=table.encode(), content_type="text/csv")

    assert (answer.status_code, answer.json) == (200, {"entered": 1})


def test_an_agent_sends_a_list(client):
    answer = client.post("/calls/import", json=[CALL, CALL | {"ref": "SK-20501"}])

    assert (answer.status_code, answer.json) == (200, {"entered": 2})


def test_a_call_is_changed(client):
    answer = client.patch("/calls/SK-20411", json={"eta": "2026-03-02T08:00"})

    assert answer.status_code == 200
    assert answer.json["eta"] == "2026-03-02T08:00"


def test_the_seed_command_fills_the_database(app):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert "2 ships" in result.output

from pestle.cli import KEY, TOKEN

SPOKEN = {"Authorization": f"Bearer {TOKEN}"}
BODY = {
    "nhn": "485-777-3456",
    "email": "lena@example.net",
    "medicine": "Amlodipine 5 mg",
    "ean": "5098765432101",
    "packs": 1,
    "repeats": 3,
}


def test_a_prescriber_prescribes(client):
    answer = client.post("/api/prescriptions", json=BODY, headers=SPOKEN)

    assert answer.status_code == 201
    assert answer.json["nhn"] == "485 777 3456"
    assert client.get("/api/patients/4857773456/prescriptions", headers=SPOKEN).json == {
        "prescriptions": [answer.json]
    }


def test_a_prescription_with_a_mistake(client):
    assert client.post("/api/prescriptions", json=BODY | {"packs": 0}, headers=SPOKEN).status_code == 422


def test_old_software_sends_its_token_in_the_query(client):
    found = client.get("/api/prescriptions", query_string={"nhn": "943 476 5919", "access_token": TOKEN})

    assert [each["ean"] for each in found.json["prescriptions"]] == ["5012345678900", "4112345678905"]


def test_nobody_gets_in_without_a_token(client):
    assert client.get("/api/prescriptions?nhn=9434765919").status_code == 401


def test_a_link_comes_by_mail(client, app):
    assert client.post("/links", json={"email": "INES@example.org"}).status_code == 202

    (mail,) = app.config["MAILER"].sent
    assert mail["to"] == "ines@example.org"
    assert client.get(mail["text"].partition("localhost")[2]).json["prescriptions"][0]["id"] == 1


def test_a_patient_orders_again(client):
    answer = client.post("/reorder", json={"key": KEY, "prescription": 1, "note": "before Friday, please"})

    assert answer.status_code == 201
    listed = client.get("/desk/orders/").json["orders"]
    assert {"number": answer.json["order"], "state": "placed", "note": "before Friday, please"} in listed


def test_the_desk_fills_an_order(client):
    assert client.post("/desk/orders/R-10000001/fill").json == {"order": "R-10000001", "reference": "W-678900-2"}
    assert client.post("/desk/orders/R-10000001/fill").status_code == 409


def test_the_wholesaler_does_not_answer(client):
    answer = client.post("/desk/orders/R-10000002/fill")

    assert (answer.status_code, answer.json) == (503, {"error": "service_unavailable"})


def test_reminders_are_sent(client):
    assert client.post("/desk/reminders").json == {"sent": 2, "failed": 1}


def test_the_seed_command_fills_the_pharmacy(app):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert "3 prescriptions" in result.output

def test_a_visit_is_booked_and_ended(ottilie, token_on):
    headers = {"X-CSRF-Token": token_on(ottilie, "/visits")}
    answer = ottilie.post("/api/visits", json={"plate": "XY99XYZ", "hours": 2}, headers=headers)
    assert answer.status_code == 201
    assert "XY99XYZ" in ottilie.get("/visits?plate=XY").text
    assert ottilie.delete(f"/api/visits/{answer.json['id']}", headers=headers).status_code == 204
    assert "XY99XYZ" not in ottilie.get("/visits").text


def test_programs_are_told_what_is_wrong(client):
    answer = client.get("/api/me")
    assert (answer.status_code, answer.json) == (401, {"error": "Sign in first."})


def test_a_ticket_machine_reports(client):
    headers = {"Authorization": "Bearer for a machine on one's own desk"}
    assert client.post("/machines/B/report", json={"free": 7}, headers=headers).status_code == 204
    assert client.get("/api/zones/B").json["free"] == 7


def test_a_page_has_headers(client):
    headers = client.get("/login").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Security-Policy" in headers

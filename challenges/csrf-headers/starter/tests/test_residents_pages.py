def test_the_first_page_shows_zones_and_maps(client):
    page = client.get("/").text
    assert "Fish Market (zone A)" in page
    assert 'src="https://tiles.saltholm.example/zones/A.png"' in page


def test_pages_of_residents_lead_to_the_sign_in(client):
    for path in ("/permits", "/visits", "/vehicles/new"):
        assert client.get(path).location == "/login"


def test_a_wrong_password_is_refused(client, token_on):
    form = {"email": "ottilie@saltholm.example", "password": "gulls", "csrf_token": token_on(client, "/login")}
    answer = client.post("/login", data=form)
    assert answer.status_code == 401
    assert 'value="ottilie@saltholm.example"' in answer.text


def test_a_resident_applies_for_a_permit(ottilie, token_on):
    form = {"zone": "C", "vehicle": "1", "csrf_token": token_on(ottilie, "/permits")}
    assert ottilie.post("/permits", data=form).location == "/permits"
    assert "SH21OTT may park in zone C." in ottilie.get("/permits").text


def test_a_form_without_a_token_is_not_taken(ottilie):
    assert ottilie.post("/permits", data={"zone": "C", "vehicle": "1"}).status_code in (400, 403)
    assert "zone C" not in ottilie.get("/permits").text


def test_a_vehicle_is_added(ottilie, token_on):
    token = token_on(ottilie, "/vehicles/new")
    assert ottilie.post("/vehicles/new", data={"plate": "??", "csrf_token": token}).status_code == 422
    assert ottilie.post("/vehicles/new", data={"plate": "ab12 cde", "csrf_token": token}).location == "/permits"
    assert [vehicle["plate"] for vehicle in ottilie.get("/api/me").json["vehicles"]] == ["SH21OTT", "AB12CDE"]

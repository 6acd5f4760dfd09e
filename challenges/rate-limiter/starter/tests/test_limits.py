def test_an_account_is_stopped_at_its_limit(client, nordwind):
    statuses = [client.get("/api/v1/parcels", headers=nordwind).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_a_refusal_is_json(client, nordwind):
    for _ in range(5):
        client.get("/api/v1/parcels", headers=nordwind)
    response = client.get("/api/v1/parcels", headers=nordwind)
    assert response.json["error"]["code"] == "rate_limited"


def test_answers_say_what_is_left(client, nordwind):
    response = client.get("/api/v1/parcels", headers=nordwind)
    assert response.headers["X-RateLimit-Limit"] == "5"
    assert response.headers["X-RateLimit-Remaining"] == "4"


def test_groups_are_limited_apart(client, nordwind):
    for _ in range(6):
        client.get("/api/v1/parcels", headers=nordwind)
    booked = client.post("/api/v1/parcels", json={"recipient": "Ida", "postcode": "20095"}, headers=nordwind)
    assert booked.status_code == 201


def test_the_quota_shows_what_was_used(client, kontor):
    client.get("/api/v1/parcels", headers=kontor)
    quota = client.get("/api/v1/quota", headers=kontor).json
    assert quota["plan"] == "business"
    assert quota["lookup"] == {"limit": 50, "used": 1, "remaining": 49}
    assert quota["booking"] == {"limit": 50, "used": 0, "remaining": 50}


def test_the_public_page_is_limited(client):
    page = "/track/PX0000000013"
    statuses = [client.get(page).status_code for _ in range(5)]
    assert statuses == [200] * 4 + [429]

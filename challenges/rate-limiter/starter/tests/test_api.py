import pytest


def test_without_a_key_the_api_answers_401(client):
    response = client.get("/api/v1/parcels")
    assert response.status_code == 401
    assert response.json["error"]["code"] == "unauthorized"


def test_an_account_lists_its_own_parcels(client, nordwind, kontor):
    mine = {parcel["number"] for parcel in client.get("/api/v1/parcels", headers=nordwind).json["parcels"]}
    theirs = {parcel["number"] for parcel in client.get("/api/v1/parcels", headers=kontor).json["parcels"]}
    assert len(mine) == len(theirs) == 6
    assert not mine & theirs


@pytest.mark.parametrize("status", ["booked", "in_transit", "delivered"])
def test_the_list_can_be_narrowed_to_a_status(client, kontor, status):
    parcels = client.get(f"/api/v1/parcels?status={status}", headers=kontor).json["parcels"]
    assert parcels
    assert {parcel["status"] for parcel in parcels} == {status}


def test_a_booked_parcel_can_be_looked_up(client, kontor):
    booked = client.post("/api/v1/parcels", json={"recipient": "Ida", "postcode": "20095"}, headers=kontor)
    assert booked.status_code == 201
    shown = client.get(booked.headers["Location"], headers=kontor).json["parcel"]
    assert shown["recipient"] == "Ida"
    assert shown["scans"] == []


def test_a_booking_without_a_postcode_is_refused(client, kontor):
    response = client.post("/api/v1/parcels", json={"recipient": "Ida"}, headers=kontor)
    assert response.status_code == 422
    assert "postcode" in response.json["error"]["message"]


def test_another_accounts_parcel_is_not_found(client, nordwind, kontor):
    number = client.get("/api/v1/parcels", headers=kontor).json["parcels"][0]["number"]
    assert client.get(f"/api/v1/parcels/{number}", headers=nordwind).status_code == 404


def test_the_public_page_names_no_recipient(client, nordwind):
    number = client.get("/api/v1/parcels", headers=nordwind).json["parcels"][1]["number"]
    page = client.get(f"/track/{number}").json
    assert page == {"number": number, "status": "in_transit", "last_place": "Rostock depot"}


def test_the_service_is_healthy(client):
    assert client.get("/healthz").json == {"status": "ok"}

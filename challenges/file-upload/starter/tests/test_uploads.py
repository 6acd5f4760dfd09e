from io import BytesIO

from claimdesk.cli import PDF, PNG


def test_a_photo_is_stored_and_shown(client):
    answer = client.post(
        "/claims/HM-2042/photos",
        data={"photo": (BytesIO(PNG), "bumper.png"), "note": "From behind"},
    )
    assert answer.status_code == 201
    (photo,) = answer.json["photos"]
    assert photo["name"] == "bumper.png"
    assert photo["content_type"] == "image/png"
    assert photo["size"] == len(PNG)
    assert photo["note"] == "From behind"

    with client.get(photo["url"]) as shown:
        assert shown.data == PNG
        assert shown.mimetype == "image/png"
    assert client.get("/claims/HM-2042").json["photos"] == [photo]


def test_something_else_than_a_photo_is_refused(client):
    answer = client.post(
        "/claims/HM-2042/photos",
        data={"photo": (BytesIO(b"Dear sirs, ..."), "letter.txt", "text/plain")},
    )
    assert answer.status_code == 415
    assert answer.json["error"]["code"] == "unsupported_type"


def test_a_photo_can_be_withdrawn(client):
    (photo,) = client.get("/claims/HM-2041").json["photos"]
    assert client.delete(f"/claims/HM-2041/photos/{photo['id']}").status_code == 204
    assert client.get("/claims/HM-2041").json["photos"] == []


def test_a_later_estimate_takes_the_place_of_the_first(client):
    answer = client.put("/claims/HM-2041/estimate", data={"estimate": (BytesIO(PDF), "offer 18.pdf")})
    assert answer.status_code == 200
    assert answer.json["estimate"]["name"] == "offer 18.pdf"
    assert client.get("/claims/HM-2041").json["estimate"] == answer.json["estimate"]
    with client.get("/claims/HM-2041/estimate") as shown:
        assert shown.data == PDF


def test_a_closed_claim_takes_no_photos(client):
    answer = client.post("/claims/HM-1987/photos", data={"photo": (BytesIO(PNG), "late.png")})
    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "claim_closed"


def test_a_request_without_a_file_is_refused(client):
    answer = client.post("/claims/HM-2042/photos", data={"note": "See attached"})
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "missing_file"

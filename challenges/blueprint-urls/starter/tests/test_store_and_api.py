def test_levels_lead_to_boxes_and_boxes_to_accessions(client):
    assert "Level 1</a>: 1" in client.get("/store/").text
    assert "Box 112" in client.get("/store/levels/1").text
    box = client.get("/store/boxes/112").text
    assert "Saxifraga cespitosa" in box
    assert "Jærert" in box


def test_a_box_can_be_moved(client):
    answer = client.post("/store/boxes/204/moves", data={"level": "2"})
    assert (answer.status_code, answer.location) == (303, "/store/levels/2")
    assert "Box 204" in client.get("/store/levels/2").text
    assert client.post("/store/boxes/204/moves", data={"level": "99"}).status_code == 400


def test_the_api_lists_accessions(client):
    answer = client.get("/api/accessions", query_string={"section": "crops"}).json
    assert [each["id"] for each in answer["accessions"]] == [4, 5, 6]
    assert answer["next"] is None
    assert answer["accessions"][0] == {
        "id": 4,
        "section": "crops",
        "number": "1987-0412",
        "taxon": "Hordeum vulgare 'Domen'",
        "origin": "Trøndelag",
        "grams": 410,
        "self": "/api/accessions/4",
        "page": "/crops/1987-0412",
    }


def test_the_api_takes_new_accessions(client):
    new = {"section": "wild", "number": "2026-0001", "taxon": "Draba nivalis", "origin": "Troms", "grams": 2}
    answer = client.post("/api/accessions", json=new | {"box": "112"})
    assert answer.status_code == 201
    assert answer.location == answer.json["self"]
    assert client.get(answer.location).json == answer.json
    assert client.post("/api/accessions", json=new | {"box": "112"}).status_code == 409
    assert client.post("/api/accessions", json=new | {"number": "7", "box": "112"}).status_code == 400


def test_a_page_cannot_be_deleted(client):
    answer = client.delete("/wild/1987-0412")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]

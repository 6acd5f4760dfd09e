def test_all_about_an_object(client, id_of):
    shown = client.get(f"/items/{id_of('1931.7')}").json

    assert shown["title"] == "Paisley shawl"
    assert shown["lender"] is None
    assert shown["case"] == {"code": "N1", "room": "North gallery"}
    assert shown["keywords"] == ["jacquard", "silk"]
    assert [label["exhibition"] for label in shown["labels"]] == ["Patterns"]
    assert [photo["caption"] for photo in shown["photos"]] == ["", "The fringe"]
    assert [report["text"] for report in shown["reports"]] == ["No moth.", "Moth in one corner, treated."]


def test_an_object_is_added_and_removed(client):
    added = client.post("/items", json={"number": "2026.1", "title": "Reel", "lender": 1, "keywords": ["silk", "wood"]})
    assert added.status_code == 201
    assert added.json["lender"]["name"] == "Garside Mill Trust"
    plain = client.post("/items", json={"number": "2026.2", "title": "Thimble"}).json

    assert client.delete(f"/items/{plain['id']}").status_code == 204

    numbers = [item["number"] for item in client.get("/items").json["items"]]
    assert "2026.1" in numbers
    assert "2026.2" not in numbers


def test_a_number_is_given_once(client):
    answer = client.post("/items", json={"number": "L.12", "title": "Loom"})

    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "number_taken"


def test_what_is_sent_is_changed(client, id_of):
    number = id_of("L.14")
    changed = client.patch(f"/items/{number}", json={"title": "Cards of a loom", "lender": None, "keywords": ["card"]})

    assert changed.json["title"] == "Cards of a loom"
    assert changed.json["lender"] is None
    assert client.get(f"/items/{number}").json == changed.json
    assert {"word": "card", "items": 1} in client.get("/keywords").json["keywords"]
    assert {"word": "jacquard", "items": 1} in client.get("/keywords").json["keywords"]


def test_a_report_is_written(client, id_of):
    number = id_of("L.12")
    report = client.post(f"/items/{number}/reports", json={"text": "A pedal is loose."})

    assert report.status_code == 201
    assert client.get(f"/items/{number}").json["reports"] == [report.json]


def test_what_is_not_there(client):
    answer = client.get("/items/99")

    assert answer.status_code == 404
    assert answer.json == {"error": {"code": "unknown_item", "detail": "The register has no item 99."}}

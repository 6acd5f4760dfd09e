def test_the_accounts_see_all_orders(client):
    assert client.get("/orders.json").json["orders"] == [
        {"id": 1, "company": "St. Fintan's Players", "days": 4, "lines": 3, "total_cents": 3600 + 14700 + 10800},
        {"id": 2, "company": "Ballet School Ní Riain", "days": 2, "lines": 2, "total_cents": 10800 + 900},
    ]


def test_a_page_shows_what_an_order_costs(client):
    page = client.get("/orders/1").text

    assert "Ball gown, emerald, pressed" in page
    assert "147.00" in page
    assert "291.00" in page


def test_an_order_is_changed(client):
    page = client.get("/orders/2/edit").text
    assert page.count("<fieldset>") == 3
    assert "for the sorcerer" in page

    sent = {"company": "Ballet School Ní Riain", "days": "3", "lines-0-costume": "CAP-101", "lines-0-count": "2"}
    assert client.post("/orders/2/edit", data=sent).location == "/orders/2"

    order = client.get("/orders/2.json").json
    assert [(line["costume"], line["count"]) for line in order["lines"]] == [("CAP-101", 2)]
    assert (order["days"], order["total_cents"]) == (3, 2700)


def test_a_fault_leaves_the_order_as_it_was(client):
    before = client.get("/orders/1.json").json
    sent = {"company": "St. Fintan's Players", "days": "x", "lines-0-costume": "CAP-101", "lines-0-count": "2"}

    answer = client.post("/orders/1/edit", data=sent)

    assert answer.status_code == 422
    assert 'id="error-days"' in answer.text
    assert client.get("/orders/1.json").json == before


def test_the_packing_room_ticks_a_line(client):
    first = client.get("/orders/1.json").json["lines"][0]
    assert first["packed"] is False

    assert client.post(f"/orders/1/lines/{first['id']}/packed", data={"packed": "yes"}).status_code == 204
    assert client.get("/orders/1.json").json["lines"][0]["packed"] is True
    assert client.post(f"/orders/2/lines/{first['id']}/packed").status_code == 404


def test_there_is_no_such_order(client):
    for path in ("/orders/9", "/orders/9.json", "/orders/9/edit"):
        assert client.get(path).status_code == 404

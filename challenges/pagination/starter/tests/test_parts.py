def numbers(answer):
    return [part["number"] for part in answer.json["parts"]]


def test_parts_are_listed_by_number(client):
    answer = client.get("/api/parts")

    assert answer.json["total"] == 10
    assert answer.json["pages"] == 1
    assert numbers(answer) == sorted(numbers(answer))
    assert answer.json["parts"][0] == {
        "number": "HX-2204",
        "name": "O-ring 12",
        "category": "Seals & gaskets",
        "bin": "B-02",
        "quantity": 250,
        "counted_on": "2026-06-08",
        "supplier": "NOV",
    }


def test_the_list_is_narrowed_by_category_and_supplier(client):
    pumps = client.get("/api/parts", query_string={"category": "Pumps"})
    assert numbers(pumps) == ["HX-5001", "HX-5002", "HX-5010"]

    two = client.get("/api/parts", query_string={"category": ["Pumps", "Bearings"], "supplier": "KUL"})
    assert numbers(two) == ["HX-3099", "HX-5010"]


def test_the_last_page_holds_what_is_left(client):
    answer = client.get("/api/parts", query_string={"page": 3, "per_page": 4})

    assert numbers(answer) == ["HX-5002", "HX-5010"]
    assert answer.json["pages"] == 3
    assert answer.json["links"]["next"] is None
    assert numbers(client.get(answer.json["links"]["last"])) == numbers(answer)


def test_the_largest_stock_comes_first_if_asked(client):
    answer = client.get("/api/parts", query_string={"sort": "-quantity"})

    assert numbers(answer)[:2] == ["HX-2204", "HX-2210"]


def test_an_unknown_sort_is_refused(client):
    answer = client.get("/api/parts", query_string={"sort": "price"})

    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "invalid_parameter"


def test_one_part(client):
    assert client.get("/api/parts/HX-5001").json["part"]["name"] == "Pump 12 V"

    unknown = client.get("/api/parts/HX-1")
    assert unknown.status_code == 404
    assert unknown.json == {"error": {"code": "part_not_found", "message": "There is no part HX-1."}}


def test_suppliers_are_listed_by_name(client):
    answer = client.get("/api/suppliers")

    assert [supplier["name"] for supplier in answer.json["suppliers"]] == ["Kugler", "Kugler", "Novaseal"]

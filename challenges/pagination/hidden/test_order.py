"""R2: rows that are equal have an order, too."""

from __future__ import annotations

import pytest
from lists import movements, parts, path_of, suppliers

from mendbox.testing import requirement


@requirement("R2", "Parts that are equal in what the list is sorted by are not in the order of their numbers.")
@pytest.mark.parametrize("column", ["name", "quantity", "counted_on"])
def test_equal_parts_come_by_number(client, warehouse, column):
    size = warehouse.max_per_page
    for sort in (column, f"-{column}"):
        numbers = []
        for page in (1, 2):
            answer = client.get("/api/parts", query_string={"sort": sort, "page": page, "per_page": size}).json
            numbers += [part["number"] for part in answer["parts"][:size]]

        assert numbers == [part["number"] for part in parts(warehouse, sort=sort)]


@requirement("R2", "Movements of the same moment are not listed with the later booked one first.")
def test_of_the_same_moment_the_later_booked_comes_first(client, warehouse):
    size = warehouse.max_per_page
    listed = client.get(path_of(warehouse, "movements"), query_string={"per_page": size}).json["movements"]
    went_in = client.get(path_of(warehouse, "movements"), query_string={"per_page": size, "kind": "in"}).json[
        "movements"
    ]

    assert listed == movements(warehouse)
    assert went_in == movements(warehouse, "in")


@requirement("R2", "Suppliers of the same name are not in the order of their codes.")
def test_suppliers_of_one_name_come_by_code(client, warehouse):
    listed = client.get("/api/suppliers", query_string={"per_page": warehouse.max_per_page}).json["suppliers"]

    assert listed == suppliers(warehouse)


@requirement("R2", "Parts are no longer sorted or narrowed down as before.")
def test_numbers_go_up_and_down_and_other_orders_are_refused(client, warehouse, rng):
    code = rng.choice(warehouse.parts)["supplier_id"]
    code = next(supplier["code"] for supplier in warehouse.suppliers if supplier["id"] == code)
    for sort in ("number", "-number"):
        query = {"sort": sort, "supplier": code, "per_page": warehouse.max_per_page}
        answer = client.get("/api/parts", query_string=query).json
        assert answer["parts"] == parts(warehouse, sort=sort, supplier=code)

    two = {"category": [warehouse.small, warehouse.rest], "per_page": warehouse.max_per_page}
    assert client.get("/api/parts", query_string=two).json["parts"] == parts(warehouse, warehouse.small, warehouse.rest)

    word = "".join(rng.choices("abdegimnor", k=7))
    refused = client.get("/api/parts", query_string={"sort": word})
    assert refused.status_code == 400
    assert refused.json["error"]["code"] == "invalid_parameter"

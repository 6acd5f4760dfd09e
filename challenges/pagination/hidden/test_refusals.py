"""R3: a page that cannot be is refused."""

from __future__ import annotations

from lists import KEYS, parts, path_of, rows_of

from mendbox.testing import requirement


def assert_invalid(answer, parameter):
    asked = answer.request.query_string
    assert answer.status_code == 400, asked
    assert answer.mimetype == "application/json", asked
    assert set(answer.json) == {"error"}, asked
    assert set(answer.json["error"]) == {"code", "message"}, asked
    assert answer.json["error"]["code"] == "invalid_parameter", asked
    assert parameter in answer.json["error"]["message"], asked


@requirement("R3", "A `page` that is no page at all is not refused with 400, or one that is a page is.")
def test_what_is_no_number_is_no_page(client, warehouse, rng):
    word = "".join(rng.choices("abdegimnor", k=7))
    for value in (word, "", "1.5", f"-{rng.randrange(1, 99)}", "0", f"2{word}"):
        assert_invalid(client.get("/api/parts", query_string={"page": value, "per_page": 4}), "page")
    for name in KEYS:
        for value in (f"{word}y", "0"):
            assert_invalid(client.get(path_of(warehouse, name), query_string={"page": value}), "page")
    answer = client.get("/api/parts", query_string={"page": 2, "per_page": 4}).json
    assert answer["parts"][:4] == parts(warehouse)[4:8]


@requirement("R3", "A `per_page` that is no size at all is not refused with 400.")
def test_what_is_no_number_is_no_size(client, warehouse, rng):
    word = "".join(rng.choices("abdegimnor", k=7))
    for value in (word, "", "2.0", f"-{rng.randrange(1, 99)}", "0", f"{word}3"):
        assert_invalid(client.get("/api/parts", query_string={"per_page": value}), "per_page")
    for name in KEYS:
        for value in (f"{word}y", "0"):
            assert_invalid(client.get(path_of(warehouse, name), query_string={"per_page": value}), "per_page")


@requirement("R3", "A page or size is taken that is not written with the digits 0 to 9 alone.")
def test_other_ways_to_write_a_number_are_refused(client, warehouse, rng):
    path, one = path_of(warehouse, rng.choice(list(KEYS))), rng.randrange(1, 3)
    for value in (f"+{one}", f" {one}", f"{one} ", f"0_{one}", chr(0xFF10 + one)):
        assert_invalid(client.get(path, query_string={"page": value, "per_page": 4}), "page")
        assert_invalid(client.get(path, query_string={"per_page": value}), "per_page")


@requirement("R3", "A longer page is given than the setting allows, or none that is as long as it allows.")
def test_pages_have_a_greatest_length(client, warehouse, rng):
    most, expected = warehouse.max_per_page, parts(warehouse)
    answer = client.get("/api/parts", query_string={"per_page": most}).json
    assert (answer["per_page"], answer["pages"], answer["parts"][:most]) == (most, 2, expected[:most])

    for size in (rng.randrange(most + 2, 10**6), 10 ** rng.randrange(20, 30)):
        assert_invalid(client.get("/api/parts", query_string={"per_page": size}), "per_page")
    for name in KEYS:
        assert_invalid(client.get(path_of(warehouse, name), query_string={"per_page": most + 1}), "per_page")


@requirement("R3", "A page after the last of the list is not answered with 404.")
def test_after_the_last_page_there_is_none(client, warehouse, rng):
    asked = [(path_of(warehouse, name), {"per_page": 4}, -(-len(rows_of(warehouse, name)) // 4)) for name in KEYS]
    asked.append(("/api/parts", {"category": warehouse.even}, 2))
    asked.append((f"/api/parts/{warehouse.quiet['number']}/movements", {}, 1))
    after = [(path, query | {"page": last + 1}) for path, query, last in asked]
    after += [("/api/parts", {"page": page}) for page in (rng.randrange(50, 10**6), 10 ** rng.randrange(19, 40))]
    for path, query, last in asked:
        assert client.get(path, query_string=query | {"page": last}).status_code == 200
    for path, query in after:
        answer = client.get(path, query_string=query)
        assert answer.status_code == 404, (path, query)
        assert set(answer.json) == {"error"}
        assert answer.json["error"]["code"] == "page_not_found"
        assert isinstance(answer.json["error"]["message"], str)


@requirement("R3", "What was refused before is refused in another way.")
def test_other_refusals_are_as_before(client, warehouse, rng):
    number = f"{warehouse.busy['number']}{rng.randrange(10, 99)}"
    missing = {"error": {"code": "part_not_found", "message": f"There is no part {number}."}}
    for path in (f"/api/parts/{number}", f"/api/parts/{number}/movements"):
        answer = client.get(path)
        assert (answer.status_code, answer.json) == (404, missing)

    kind = client.get(path_of(warehouse, "movements"), query_string={"kind": "sideways"})
    assert (kind.status_code, kind.json["error"]["code"]) == (400, "invalid_parameter")
    too_many = {"kind": "out", "quantity": warehouse.quiet["quantity"] + 1}
    refused = client.post(f"/api/parts/{warehouse.quiet['number']}/movements", json=too_many)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "not_enough")
    size = str(warehouse.per_page)
    usual = client.get("/api/parts", query_string={"category": warehouse.small, "page": "1", "per_page": size})
    assert (usual.status_code, usual.json["parts"]) == (200, parts(warehouse, warehouse.small))

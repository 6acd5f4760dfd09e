"""R1: every row is on exactly one page."""

from __future__ import annotations

import pytest
from lists import KEYS, chunks, parts, path_of, query_of, rows_of

from mendbox.testing import requirement


@requirement(
    "R1", "Page after page of a list does not show every row exactly once, or a page is not as long as asked for."
)
@pytest.mark.parametrize("name", KEYS)
def test_every_row_is_on_one_page(client, warehouse, rng, name):
    key, expected = KEYS[name], rows_of(warehouse, name)
    size = rng.choice([size for size in (5, 7, 8) if len(expected) % size])
    sizes = [len(chunk) for chunk in chunks(expected, size)]
    seen = []
    for number, length in enumerate(sizes, 1):
        answer = client.get(path_of(warehouse, name), query_string={"page": number, "per_page": size}).json
        seen += [row[key] for row in answer[name]]
        assert len(answer[name]) == length
        assert (answer["page"], answer["per_page"], answer["pages"]) == (number, size, len(sizes))
        assert answer["total"] == len(expected)

    assert sorted(seen) == sorted(row[key] for row in expected)


@requirement("R1", "A list that fills its pages to the last place is said to have another page.")
def test_a_list_may_fill_its_last_page(client, warehouse, rng):
    expected = parts(warehouse, warehouse.even)
    for size in (warehouse.per_page, len(expected)):
        query = {"category": warehouse.even, "per_page": size, "page": len(expected) // size}
        answer = client.get("/api/parts", query_string=query).json

        assert answer["parts"] == expected[-size:]
        assert answer["pages"] == len(expected) // size
        assert answer["links"]["next"] is None
        assert ("page", str(len(expected) // size)) in query_of(answer["links"]["last"])


@requirement("R1", "Going from link to link, forth by `next` or back by `prev`, does not show the whole list.")
def test_the_links_lead_from_end_to_end(client, warehouse):
    size = warehouse.per_page - 2
    expected = chunks(parts(warehouse), size)

    answer = client.get("/api/parts", query_string={"per_page": size}).json
    assert answer["links"]["prev"] is None
    first, pages = answer["links"]["first"], [answer["parts"]]
    while answer["links"]["next"] is not None and len(pages) <= len(expected):
        answer = client.get(answer["links"]["next"]).json
        pages.append(answer["parts"])
    assert pages == expected

    back = client.get(answer["links"]["prev"]).json
    assert (back["page"], back["parts"]) == (len(expected) - 1, expected[-2])
    assert client.get(back["links"]["last"]).json["parts"] == expected[-1]
    assert client.get(first).json["parts"] == expected[0]


@requirement("R1", "Without `per_page`, a page is not as long as the setting says.")
def test_the_setting_is_the_usual_length(client, warehouse):
    expected = chunks(parts(warehouse, warehouse.odd), warehouse.per_page)

    for number, rows in enumerate(expected, 1):
        answer = client.get("/api/parts", query_string={"category": warehouse.odd, "page": number}).json
        assert answer["parts"] == rows
        assert (answer["per_page"], answer["pages"]) == (warehouse.per_page, 3)


@requirement("R1", "A list that fits on one page, or a single part, is no longer answered as before.")
def test_a_short_list_is_one_page(client, warehouse):
    expected = parts(warehouse, warehouse.small)

    answer = client.get("/api/parts", query_string={"category": warehouse.small}).json

    links = answer.pop("links")
    whole = {"page": 1, "per_page": warehouse.per_page, "pages": 1, "total": len(expected), "parts": expected}
    assert answer == whole
    assert set(links) == {"first", "prev", "next", "last"}
    assert (links["prev"], links["next"]) == (None, None)
    assert client.get(f"/api/parts/{expected[0]['number']}").json == {"part": expected[0]}


@requirement("R1", "An empty list is not answered as one page with nothing on it.")
def test_an_empty_list_has_one_empty_page(client, warehouse, rng):
    number = warehouse.quiet["number"]
    for query in ({}, {"page": 1, "kind": rng.choice(["in", "out"])}):
        answer = client.get(f"/api/parts/{number}/movements", query_string=query)

        assert answer.status_code == 200
        links = answer.json.pop("links")
        assert {key: value for key, value in answer.json.items() if key != "links"} == {
            "movements": [],
            "page": 1,
            "per_page": warehouse.per_page,
            "pages": 1,
            "total": 0,
        }
        assert (links["prev"], links["next"]) == (None, None)
        assert client.get(links["last"]).json["movements"] == []


@requirement("R1", "What is booked is not the first of a part's movements, or the part's quantity does not change.")
def test_a_new_movement_is_listed_first(client, warehouse, rng):
    number, before = warehouse.quiet["number"], warehouse.quiet["quantity"]
    booked = {"kind": "in", "quantity": rng.randrange(1, 999), "note": f"order {rng.randrange(9_999)}"}

    answer = client.post(f"/api/parts/{number}/movements", json=booked)

    assert answer.status_code == 201
    assert {key: answer.json["movement"][key] for key in booked} == booked
    listed = client.get(f"/api/parts/{number}/movements").json
    assert (listed["movements"], listed["total"], listed["pages"]) == ([answer.json["movement"]], 1, 1)
    assert client.get(f"/api/parts/{number}").json["part"]["quantity"] == before + booked["quantity"]

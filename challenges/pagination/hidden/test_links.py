"""R4: links lead to another page of the same list."""

from __future__ import annotations

from urllib.parse import urlsplit

from lists import chunks, movements, parts, path_of, query_of, uneven

from mendbox.testing import requirement

# How long a page is, and how many there are, is for the tests of R1: here pages are cut to their size, and no list
# fills its last page.


def links_of(answer):
    return {name: link for name, link in answer["links"].items() if link is not None}


@requirement("R4", "A link of a list of several categories leads to a list of other parts.")
def test_links_keep_every_category_and_the_order(client, warehouse, rng):
    chosen = rng.sample([warehouse.even, warehouse.odd, warehouse.small], 3)[:2]
    sort = "-number"
    found = parts(warehouse, *chosen, sort=sort)
    size = uneven(found, 4, 5)
    expected = chunks(found, size)

    query = {"category": chosen, "sort": sort, "per_page": size, "page": 2}
    answer = client.get("/api/parts", query_string=query).json

    reached = {"first": 1, "prev": 1, "next": 3, "last": len(expected)}
    for name, page in reached.items():
        link = answer["links"][name]
        assert urlsplit(link).path == "/api/parts"
        asked = [*(("category", category) for category in chosen), ("per_page", str(size)), ("sort", sort)]
        assert [pair for pair in query_of(link) if pair[0] != "page"] == sorted(asked), name
        assert client.get(link).json["parts"][:size] == expected[page - 1], name


@requirement(
    "R4", "A link of a list that is narrowed to a supplier, or to one kind of movements, leads to another list."
)
def test_links_keep_the_other_filters(client, warehouse):
    went_in = {movement["id"] for movement in movements(warehouse, "in")}
    size = uneven(went_in, 3, 4)
    answer = client.get(path_of(warehouse, "movements"), query_string={"kind": "in", "per_page": size}).json
    for name in ("next", "last"):
        reached = client.get(answer["links"][name]).json
        assert (reached["total"], reached["per_page"]) == (len(went_in), size)
        assert {movement["id"] for movement in reached["movements"]} <= went_in

    codes = [part["supplier"] for part in parts(warehouse)]
    often = max(codes, key=codes.count)
    answer = client.get("/api/parts", query_string={"supplier": often, "per_page": 2}).json
    assert client.get(answer["links"]["next"]).json["parts"][:2] == parts(warehouse, supplier=often)[2:4]


@requirement("R4", "A list that was narrowed down, without a page or size, does not link to its own pages.")
def test_links_of_a_list_that_was_only_narrowed(client, warehouse):
    expected = chunks(parts(warehouse, warehouse.odd), warehouse.per_page)
    answer = client.get("/api/parts", query_string={"category": warehouse.odd}).json

    reached = {name: client.get(link).json for name, link in links_of(answer).items()}

    assert {name: page["parts"][: warehouse.per_page] for name, page in reached.items()} == {
        "first": expected[0],
        "next": expected[1],
        "last": expected[2],
    }


@requirement("R4", "A link does not lead to the next page of the same address and size.")
def test_links_keep_address_and_size(client, warehouse):
    path = path_of(warehouse, "movements")
    answer = client.get(path, query_string={"per_page": 5}).json

    for link in links_of(answer).values():
        assert link.startswith(f"{path}?")
    assert dict(query_of(answer["links"]["next"])) == {"page": "2", "per_page": "5"}
    assert client.get(answer["links"]["next"]).json["page"] == 2

import pytest


def test_every_part_is_on_one_page(client):
    pages = [client.get("/api/parts", query_string={"per_page": 5, "page": page}).json for page in (1, 2)]

    assert [len(page["parts"]) for page in pages] == [5, 5]
    assert len({part["number"] for page in pages for part in page["parts"]}) == 10
    assert pages[1]["pages"] == 2
    assert pages[1]["links"]["next"] is None


@pytest.mark.parametrize("query", ["page=abc", "page=", "page=0", "page=1_0", "per_page=0", "per_page=101"])
def test_what_is_no_page_is_refused(client, query):
    assert client.get(f"/api/parts?{query}").status_code == 400


def test_links_keep_the_filters(client):
    query = {"category": ["Bearings", "Seals & gaskets"], "sort": "-quantity", "per_page": 3}
    link = client.get("/api/parts", query_string=query).json["links"]["next"]

    assert [part["number"] for part in client.get(link).json["parts"]] == ["HX-2251", "HX-3107", "HX-2260"]

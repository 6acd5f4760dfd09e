import csv

import pytest

PUBLISHED = [1, 2, 3, 4, 5, 6, 9]


def numbers(answer):
    assert answer.status_code == 200
    return [tree["number"] for tree in answer.json["trees"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", PUBLISHED),
        ("q=rectory", [2, 3]),
        ("q=ELM", [4, 5]),
        ("q=marl", [3, 9]),
        ("species=pedunculate oak&parish=ashby", [1, 6]),
        ("sort=name", [9, 4, 6, 2, 1, 3, 5]),
        ("sort=girth&direction=desc", [1, 3, 2, 5, 4, 6, 9]),
        ("sort=height", [9, 6, 1, 5, 3, 2, 4]),
        ("sort=year&direction=desc", [9, 6, 4, 2, 3, 1, 5]),
        ("page_size=3", [1, 2, 3]),
        ("page_size=3&page=3", [9]),
    ],
)
def test_the_list(client, query, expected):
    assert numbers(client.get(f"/trees?{query}")) == expected


def test_the_total_is_that_of_all_pages(client):
    assert client.get("/trees?q=oak&page_size=1").json["total"] == 2


def test_a_page_of_a_tree(client):
    assert client.get("/trees/4").json == {
        "number": 4,
        "name": "Gallows Elm",
        "species": "Wych elm",
        "parish": "St Anne's",
        "girth_cm": 430,
        "height_cm": None,
        "year": 1810,
    }


@pytest.mark.parametrize("number", [7, 99])
def test_no_page_for_a_tree_that_is_not_published(client, number):
    answer = client.get(f"/trees/{number}")
    assert answer.status_code == 404
    assert answer.json == {"error": {"code": "tree_not_found", "message": f"There is no tree {number}."}}


def test_trees_alike(client):
    assert numbers(client.get("/trees/6/alike")) == [1]


def test_the_spreadsheet(client):
    answer = client.get("/trees.csv?q=wych&sort=girth&direction=desc")
    assert answer.mimetype == "text/csv"
    assert list(csv.reader(answer.text.splitlines())) == [
        ["number", "name", "species", "parish", "girth_cm", "height_cm", "year"],
        ["5", "Two Sisters", "Wych elm", "St Anne's", "455", "2150", ""],
        ["4", "Gallows Elm", "Wych elm", "St Anne's", "430", "", "1810"],
    ]

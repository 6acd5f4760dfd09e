import csv

import pytest

PUBLISHED = [1, 2, 3, 4, 5, 6, 9, 10]


def numbers(answer):
    assert answer.status_code == 200
    return [bell["number"] for bell in answer.json["bells"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", PUBLISHED),
        ("q=curfew", [2, 3]),
        ("q=TAPSELL", [3, 4, 5]),
        ("q=marl", [3, 9, 10]),
        ("founder=hale %26 sons&tower=ashby minster", [1, 6]),
        ("sort=name", [2, 4, 1, 6, 9, 5, 10, 3]),
        ("sort=diameter&direction=desc", [1, 2, 3, 9, 5, 4, 6, 10]),
        ("sort=weight", [6, 5, 9, 2, 1, 3, 4, 10]),
        ("sort=year&direction=desc", [10, 1, 6, 4, 2, 3, 9, 5]),
        ("page_size=3", [1, 2, 3]),
        ("page_size=3&page=3", [9, 10]),
    ],
)
def test_the_list(client, query, expected):
    assert numbers(client.get(f"/bells?{query}")) == expected


def test_the_total_is_that_of_all_pages(client):
    assert client.get("/bells?q=hale&page_size=1").json["total"] == 4


def test_a_page_of_a_bell(client):
    assert client.get("/bells/4").json == {
        "number": 4,
        "name": "Gallows Bell",
        "founder": "Widow Tapsell",
        "tower": "St Anne's",
        "diameter_mm": 702,
        "weight_kg": None,
        "year": 1711,
    }


@pytest.mark.parametrize("number", [7, 99])
def test_no_page_for_a_bell_that_is_not_published(client, number):
    answer = client.get(f"/bells/{number}")
    assert answer.status_code == 404
    assert answer.json == {"error": {"code": "bell_not_found", "message": f"There is no bell {number}."}}


def test_sisters(client):
    assert numbers(client.get("/bells/6/sisters")) == [1]


def test_the_spreadsheet(client):
    answer = client.get("/bells.csv?q=anne&sort=diameter&direction=desc")
    assert answer.mimetype == "text/csv"
    assert list(csv.reader(answer.text.splitlines())) == [
        ["number", "name", "founder", "tower", "diameter_mm", "weight_kg", "year"],
        ["5", "Pancake Bell", "Widow Tapsell", "St Anne's", "755", "268", ""],
        ["4", "Gallows Bell", "Widow Tapsell", "St Anne's", "702", "", "1711"],
    ]

import pytest


def found(client, path, key, query):
    answer = client.get(path, query_string=query)
    assert answer.status_code == 200
    assert answer.json["count"] == len(answer.json[key])
    return [each["id"] for each in answer.json[key]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [101, 102, 103]),
        ("from=HHM", [101, 102]),
        ("from=HHM&to=MIL", [102]),
        ("date=2026-03-09", [101, 102]),
        ("earliest=06:30&latest=14:04", [101]),
        ("wagons=18", [101, 102]),
        ("axle_load=22.5", [101, 103]),
        ("max_price=1250", [101, 103]),
        ("hazardous=true", [101]),
        ("electric=true&operator=BLT", [102]),
    ],
)
def test_paths_that_fit_are_listed(client, query, expected):
    assert found(client, "/paths", "paths", query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("type=tank", [7001, 7002]),
        ("free_on=2026-03-09", [7001, 7002]),
        ("payload=54.5", [7001, 7002]),
        ("axles=2", [7003]),
        ("heated=true", [7001]),
    ],
)
def test_wagons_that_fit_are_listed(client, query, expected):
    assert found(client, "/wagons", "wagons", query) == expected


def test_a_path_is_shown_in_full(client):
    assert client.get("/paths?wagons=32").json["paths"] == [
        {
            "id": 101,
            "from": {"code": "HHM", "name": "Hamburg Maschen"},
            "to": {"code": "RTM", "name": "Rotterdam Maasvlakte"},
            "departs_at": "2026-03-09T06:30",
            "arrives_at": "2026-03-09T15:30",
            "operator": "NX",
            "wagons": 32,
            "axle_load": "22.5",
            "price": "1250.00",
            "hazardous": True,
            "electric": True,
        }
    ]


def test_the_export_lists_the_same(client):
    lines = client.get("/paths.csv?from=RTM").text.splitlines()
    assert lines[1:] == ["103,RTM,HHM,2026-03-10T22:45,NX,8,1190.09"]


def test_terminals_are_listed(client):
    assert [each["code"] for each in client.get("/terminals").json["terminals"]] == ["HHM", "MIL", "RTM"]

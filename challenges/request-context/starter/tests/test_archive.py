import pytest


def test_everybody_is_told_who_they_are(ask):
    assert ask("ada", "/me").json == {"name": "Ada Berg", "company": "Granberget Mining", "unit": "m"}
    assert ask("cleo", "/me", unit="ft").json == {"name": "Cleo Sandvik", "company": "Lappland Copper", "unit": "ft"}


def test_an_unknown_token_is_refused(ask):
    answer = ask("nobody", "/me")
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "unauthorized")


def test_an_unknown_unit_is_refused(ask):
    assert ask("ada", "/me", unit="fathom").status_code == 400


def test_a_company_sees_its_own_cores_and_those_shared_with_it(ask):
    assert [core["hole"] for core in ask("bo", "/cores").json["cores"]] == ["GB-01", "GB-02"]
    assert [core["hole"] for core in ask("cleo", "/cores").json["cores"]] == ["GB-02", "LC-07"]
    assert ask("cleo", "/cores/1").status_code == 404


@pytest.mark.parametrize(("unit", "bottom"), [("m", "30.48 m"), ("ft", "100.00 ft")])
def test_depths_are_in_the_unit_that_was_asked_for(ask, unit, bottom):
    core = ask("ada", "/cores/1", unit=unit).json
    assert core["bottom"] == bottom
    assert core["intervals"][-1]["bottom"] == bottom


def test_a_log_can_be_exported(ask):
    answer = ask("cleo", "/cores/2/log.csv", headers={"X-Request-Id": "r-1"})
    assert answer.text.splitlines() == [
        "hole,top,bottom,rock (Lappland Copper)",
        "GB-02,0.00 m,3.05 m,till",
        "GB-02,3.05 m,60.96 m,greenstone",
        "2 intervals for Cleo Sandvik, request r-1",
    ]


def test_laboratories_are_asked(ask):
    answer = ask("cleo", "/cores/2/assays").json
    assert [assay["lab"] for assay in answer["assays"]] == ["Nordanalys", "Hexagon Assay"]
    assert answer["neighbours"] == ["LC-07"]
    assert answer["for"] == "Cleo Sandvik"


def test_what_is_done_is_noted(ask):
    ask("ada", "/cores/2", headers={"X-Request-Id": "r-1"})
    ask("cleo", "/cores/2/log.csv", headers={"X-Request-Id": "r-2"})
    assert ask("bo", "/cores/2/notes").json["notes"] == [
        {"who": "Ada Berg", "action": "viewed", "request": "r-1"},
        {"who": "Cleo Sandvik", "action": "exported", "request": "r-2"},
    ]


def test_a_request_has_an_id(ask):
    assert ask("ada", "/about", headers={"X-Request-Id": "r-3"}).headers["X-Request-Id"] == "r-3"
    assert len(ask("ada", "/about").headers["X-Request-Id"]) == 32


def test_a_part_of_a_core_can_be_scanned(ask):
    for _ in range(3):
        answer = ask("ada", "/cores/1/scans", method="POST", json={"top_mm": 500, "bottom_mm": 1500})
        assert answer.status_code == 201
        assert answer.json == {"picture": "GB-01-500-1500", "table": 1, "top": "0.50 m", "bottom": "1.50 m"}


def test_a_part_that_is_not_there_cannot_be_scanned(ask):
    answer = ask("ada", "/cores/1/scans", method="POST", json={"top_mm": 500, "bottom_mm": 30_481})
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "invalid_part")

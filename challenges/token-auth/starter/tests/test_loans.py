import pytest


def test_a_search_station_finds_copies(client, bearing):
    answer = client.get("/copies?q=salt", headers=bearing("reader"))

    assert answer.json["copies"] == [
        {"id": 2, "library": "FEN", "title": "A History of Salt", "author": "P. Quint", "shelfmark": "P002"}
    ]


def test_a_library_sees_its_own_loans(client, bearing):
    assert [loan["id"] for loan in client.get("/loans", headers=bearing("reader")).json["loans"]] == [1, 2, 3]
    assert client.get("/loans", headers=bearing("office")).json["loans"] == []
    assert client.get("/loans/1", headers=bearing("office")).status_code == 404


def test_a_copy_is_asked_for_and_sent(client, bearing):
    asked = client.post("/loans", json={"copy": 4, "reader": "F-2000"}, headers=bearing("desk"))

    assert asked.status_code == 201
    sent = client.post(f"/loans/{asked.json['id']}/send", headers=bearing("other desk"))
    assert sent.json == asked.json | {"state": "sent"}


def test_a_request_is_taken_back_while_it_waits(client, bearing):
    assert client.post("/loans/3/cancel", headers=bearing("desk")).json["state"] == "cancelled"
    assert client.post("/loans/2/cancel", headers=bearing("desk")).status_code == 409


def test_a_slip_names_the_reader(client, bearing):
    answer = client.get("/loans/1/slip", headers=bearing("desk"))

    assert answer.text == "Loan 1\nThe Lighthouse Keepers\nto Moorside Library\nfor M-2201\n"


def test_the_office_exports_all_loans(client, bearing):
    lines = client.get("/loans/export", headers=bearing("office")).text.splitlines()

    assert lines[1] == "1,The Lighthouse Keepers,FEN,MOOR,M-2201,asked"
    assert len(lines) == 4


@pytest.mark.parametrize("body", [{}, {"copy": "1", "reader": "F-1"}, {"copy": 4, "reader": " "}])
def test_a_body_that_makes_no_sense_is_refused(client, bearing, body):
    assert client.post("/loans", json=body, headers=bearing("desk")).status_code == 400

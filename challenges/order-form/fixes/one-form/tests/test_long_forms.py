import pytest

HEAD = {"company": "Mallow Drama Circle", "days": "1"}


def costumes(client, number):
    return [line["costume"] for line in client.get(f"/orders/{number}.json").json["lines"]]


@pytest.mark.parametrize(("path", "number"), [("/orders/new", 3), ("/orders/1/edit", 1)])
def test_numbers_with_gaps_are_an_order(client, path, number):
    lines = {10: "CAP-101", 2: "WNG-007", 999_999_999: "SOL-220"}
    form = {f"lines-{place}-costume": code for place, code in lines.items()}
    form |= {f"lines-{place}-count": "1" for place in lines}

    assert client.post(path, data=HEAD | form).status_code == 303

    assert costumes(client, number) == ["WNG-007", "CAP-101", "SOL-220"]


def test_a_tick_stays_at_its_line(client):
    cape = client.get("/orders/1.json").json["lines"][2]
    form = {"lines-2-id": str(cape["id"]), "lines-2-costume": "CAP-101", "lines-2-count": "5"}

    client.post("/orders/1/edit", data=HEAD | form)

    (line,) = client.get("/orders/1.json").json["lines"]
    assert (line["id"], line["packed"], line["count"]) == (cape["id"], True, 5)


def test_a_message_stands_at_its_line(client):
    form = {"lines-0-costume": "", "lines-4-costume": "", "lines-4-note": "a wig, too"}
    page = client.post("/orders/new", data=HEAD | form).text

    assert 'id="error-lines-1-costume"' in page
    assert 'id="error-lines-0-costume"' not in page

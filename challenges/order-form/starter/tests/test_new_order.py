import pytest

FORM = {
    "company": "Mallow Drama Circle",
    "days": "3",
    "lines-0-costume": "CAP-101",
    "lines-0-count": "4",
    "lines-0-note": "two of them short",
    "lines-1-costume": "sol-220",
    "lines-1-count": "2",
    "lines-1-note": "",
    "lines-1-press": "yes",
    "lines-2-costume": "",
    "lines-2-count": "",
    "lines-2-note": "",
}


def test_the_form_has_three_blank_lines(client):
    page = client.get("/orders/new").text

    assert page.count("<fieldset>") == 3
    assert 'name="lines-2-costume"' in page
    assert "error-" not in page


def test_an_order_is_stored(client):
    answer = client.post("/orders/new", data=FORM)

    assert answer.status_code == 303
    assert answer.location == "/orders/3"
    order = client.get("/orders/3.json").json
    assert (order["company"], order["days"], order["total_cents"]) == ("Mallow Drama Circle", 3, 4 * 1350 + 2 * 3900)
    assert [(line["costume"], line["count"], line["note"], line["press"]) for line in order["lines"]] == [
        ("CAP-101", 4, "two of them short", False),
        ("SOL-220", 2, "", True),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("company", " "),
        ("days", "29"),
        ("lines-0-costume", "CAP-999"),
        ("lines-1-count", "0"),
        ("lines-1-count", "17"),
        ("lines-0-note", "x" * 201),
    ],
)
def test_a_fault_is_told_at_its_field(client, field, value):
    answer = client.post("/orders/new", data=FORM | {field: value})

    assert answer.status_code == 422
    assert answer.text.count('id="error-') == 1
    assert f'id="error-{field}"' in answer.text
    assert answer.text.count("<fieldset>") == 3
    assert len(client.get("/orders.json").json["orders"]) == 2


def test_an_order_without_lines_is_refused(client):
    answer = client.post("/orders/new", data={"company": "Nobody", "days": "1"})

    assert answer.status_code == 422
    assert 'id="error-lines"' in answer.text


def test_another_line_and_one_less(client):
    page = client.post("/orders/new", data=FORM | {"action": "add"}).text
    assert page.count("<fieldset>") == 4

    page = client.post("/orders/new", data=FORM | {"action": "remove-0"}).text
    assert page.count("<fieldset>") == 2
    assert "two of them short" not in page

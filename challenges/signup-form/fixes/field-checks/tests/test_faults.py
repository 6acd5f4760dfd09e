from datetime import date

import pytest

from longtable import days

FORM = {
    "handle": "Steinunn",
    "name": "Steinunn Sævarsdóttir",
    "email": "steinunn@fjord.example",
    "born": "1984-02-11",
    "evening": "fri",
    "guests": "2",
    "diet": ["vegan"],
    "notes": "",
    "pin": "0815",
    "pin_again": "0815",
    "rules": "yes",
}
AT_DESK = {name: FORM[name] for name in ("name", "email", "evening", "guests", "diet", "notes")}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("handle", "Steinunn?"),
        ("handle", "hildur "),
        ("email", "HILDUR@kria.example"),
        ("name", "  "),
        ("born", "soon"),
        ("evening", "sun"),
        ("guests", "-1"),
        ("diet", ["ice"]),
        ("notes", "x" * 501),
        ("rules", ""),
    ],
)
def test_the_form_comes_back_with_a_message(client, listed, field, value):
    answer = client.post("/join", data=FORM | {field: value})

    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text
    assert answer.text.count('id="error-') == 1
    assert "0815" not in answer.text
    assert len(listed()) == 3


@pytest.mark.parametrize(
    ("today", "born", "years"),
    [
        (date(2030, 2, 28), date(2012, 2, 29), 17),
        (date(2030, 3, 1), date(2012, 2, 29), 18),
        (date(2028, 2, 29), date(2010, 3, 1), 17),
        (date(2028, 2, 29), date(2010, 2, 28), 18),
    ],
)
def test_years_are_counted_by_birthdays(monkeypatch, today, born, years):
    monkeypatch.setattr(days, "today", lambda: today)

    assert days.age(born) == years


def test_the_desk_keeps_to_the_rules(client, listed):
    refused = client.post("/desk/members/1", data=AT_DESK | {"email": "Captain-Ari@kria.example"})
    assert refused.status_code == 422

    assert client.post("/desk/members/1", data=AT_DESK | {"email": "HILDUR@kria.example"}).status_code == 303
    assert listed()["Hildur"]["email"] == "HILDUR@kria.example"

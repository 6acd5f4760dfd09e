"""R1: what the rules refuse, and what they allow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from mendbox_harness import DIETS
from pages import as_listed, refused

from mendbox.testing import requirement


@pytest.fixture
def on(clock):
    """`on(day)` stops the app's clock on this day."""
    return lambda day: clock.freeze(at=datetime(day.year, day.month, day.day, 15, tzinfo=UTC).timestamp())


@pytest.fixture
def refuses(client, filled, members_since):
    """Every value of a field is refused, each in a form that is right but for it, and nothing is stored."""

    def refuses(field, *values):
        for value in values:
            form = filled(**{field: value})
            page = refused(client.post("/join", data=form), field)
            assert page.fields["name"] == [form["name"]] or field == "name", value
        assert members_since() == []

    return refuses


@requirement("R1", "A handle that the rules refuse is not refused, or not with status 422.")
def test_handles_that_the_rules_refuse(refuses, word):
    start = word(5)
    refuses("handle", "", start[:2], f"{start}{word(16)}", f"{start}?", f"{start} {word(4)}", f"7{start}", f"-{start}")
    refuses("handle", f"{start}é", f"{start}１", f"{start}_{word(3)}")


@requirement("R1", "A name or an e-mail address that the rules refuse is not refused, or not with status 422.")
def test_names_and_addresses_that_the_rules_refuse(refuses, word):
    refuses("name", "", "   ", f"{word(4)} {word(76)}")
    host = f"{word()}.example"
    refuses("email", "", word(), f"{word()}@{word()}", f"@{host}", f"{word()}@{word()}@{host}", f"{word()}.{word()}")
    refuses("email", f"{word(4)} {word(4)}@{host}", f"{word()}@{word()} .example", f"{word(120 - len(host))}@{host}")


@requirement("R1", "Somebody who is too young, or born on no day, is not refused, or not with status 422.")
def test_who_is_too_young_is_refused(on, refuses, rng):
    today = date(rng.randrange(2027, 2036), rng.randrange(1, 13), rng.randrange(2, 28))
    on(today)
    eighteen = today.replace(year=today.year - 18)
    refuses("born", *(f"{eighteen + timedelta(days=days)}" for days in (1, rng.randrange(2, 5), 200)))
    refuses(
        "born",
        f"{today + timedelta(days=1)}",
        "",
        "1985-02-30",
        "1985-5-31",
        "31.05.2001",
        f"{rng.randrange(1950, 1990)}",
    )


@requirement("R1", "About 29 February, somebody who is too young is not refused, or not with status 422.")
def test_who_is_too_young_around_a_leap_day_is_refused(on, refuses):
    on(date(2030, 2, 28))
    refuses("born", "2012-02-29", "2012-03-01")
    on(date(2028, 2, 29))
    refuses("born", "2010-03-01")


@requirement("R1", "An evening, number of guests or diet that the rules refuse is not refused, or not with status 422.")
def test_choices_that_are_not_offered(refuses, house, rng, word):
    refuses("evening", "", house.closed.slug, word(), house.open[0].title)
    refuses("guests", "", "two", "-1", f"-{rng.randrange(2, 9)}", "4", f"{rng.randrange(5, 99)}", "1.5", "²")
    refuses("diet", [word()], [rng.choice(DIETS), word()], [f"{DIETS[0]},{DIETS[2]}"])


@requirement("R1", "A PIN, a note or an unread rule that should be refused is not refused, or not with status 422.")
def test_pins_notes_and_unread_rules(refuses, client, filled, members_since, rng, word):
    refuses("notes", word(501))
    refuses("rules", "", None)
    refuses("pin_again", "", f"{rng.randrange(10**6)}")
    for pin in (
        "",
        f"{rng.randrange(100, 999)}",
        f"{rng.randrange(10**8, 10**9)}",
        word(5),
        "１２３４",
        "12 34",
        "-1234",
    ):
        refused(client.post("/join", data=filled(pin=pin, pin_again=pin)), "pin")
    assert members_since() == []


@requirement("R1", "A field that is not sent is not taken for one that is empty.")
def test_fields_that_are_not_sent(client, filled, members_since):
    for field in ("handle", "name", "email", "born", "evening", "guests", "pin_again"):
        refused(client.post("/join", data=filled(**{field: None})), field)
    form = filled(diet=None, notes=None, guests="0")
    assert client.post("/join", data=form).status_code == 303
    assert members_since() == [as_listed(form | {"diet": [], "notes": ""})]


@requirement("R1", "A form that keeps the rules is no longer taken, or not stored as it was sent.")
def test_what_the_rules_allow_is_taken(client, filled, members_since, rng, word):
    host = f"{word()}.example"
    pin = f"0{rng.randrange(1000):03}"
    forms = [
        filled(handle=word(3), name=word(1), guests="0", diet=[], notes="", pin=pin, pin_again=pin),
        filled(handle=f"{word(10)}-{rng.randrange(10)}-{word(7)}".upper(), name=f"{word(3)} {word(76)}", guests="3"),
        filled(email=f"{word(119 - len(host))}@{host}", diet=list(DIETS), notes=word(500)),
        filled(handle=f"  {word(6)}-", name=f" {word()} ", email=f" {word()}@{host}  ", notes=f"  {word()} "),
    ]

    for form in forms:
        answer = client.post("/join", data=form)
        assert answer.status_code == 303
        assert answer.location.endswith(f"/members/{form['handle'].strip()}")
        known = {"handle": form["handle"].strip(), "pin": form["pin"]}
        assert client.post("/desk/check-in", data=known).json["name"] == form["name"].strip()
        assert client.post("/desk/check-in", data=known | {"pin": f"{form['pin']}1"}).status_code == 403
    assert members_since() == [as_listed(form) for form in forms]


@requirement("R1", "Somebody who is old enough is refused, or sees an error.")
def test_who_is_old_enough_is_taken(on, client, filled, listed, members_since, rng):
    today = date(rng.randrange(2027, 2036), rng.randrange(1, 13), rng.randrange(2, 28))
    days = [
        (today, today.replace(year=today.year - 18)),
        (today, today.replace(year=today.year - rng.randrange(19, 90)) + timedelta(days=1)),
        (date(2031, today.month, today.day), date(2013, today.month, today.day)),
        (date(2028, 2, 29), date(2010, 2, 28)),
        (date(2028, 2, 29), date(1996, 2, 29)),
        (date(2030, 3, 1), date(2012, 2, 29)),
    ]
    forms = [filled(born=f"{born}") for _, born in days]

    for (today, _), form in zip(days, forms, strict=True):
        on(today)
        assert client.post("/join", data=form).status_code == 303, (today, form["born"])
        page = client.get(f"/desk/members/{listed()[-1]['id']}").text
        assert f"{today}" in page
        assert form["born"] in page
    assert members_since() == [as_listed(form) for form in forms]

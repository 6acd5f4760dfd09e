"""R3: handles and addresses that are taken, one after the other."""

from __future__ import annotations

from pages import as_listed, as_sent, refused

from mendbox.testing import requirement


def spellings(text):
    return (text, text.upper(), f"  {text.swapcase()} ")


@requirement("R3", "A handle that a member has is given again, perhaps with other capitals or with spaces around.")
def test_a_handle_is_given_once(client, house, filled, members_since):
    first = filled()
    assert client.post("/join", data=first).status_code == 303

    for taken in (house.one.handle, house.stale.handle, first["handle"]):
        for spelling in spellings(taken):
            form = filled(handle=spelling)
            page = refused(client.post("/join", data=form), "handle")
            assert page.fields | {"handle": []} == as_sent(form, handle=[], pin="", pin_again="") | {"handle": []}
    assert members_since() == [as_listed(first)]


@requirement("R3", "An address that a member has is taken again, perhaps with other capitals or with spaces around.")
def test_an_address_is_taken_once(client, house, filled, members_since):
    first = filled()
    assert client.post("/join", data=first).status_code == 303

    for taken in (house.other.email, house.stale.email, first["email"]):
        for spelling in spellings(taken):
            form = filled(email=spelling)
            page = refused(client.post("/join", data=form), "email")
            assert page.fields["handle"] == [form["handle"]]
    assert members_since() == [as_listed(first)]


@requirement("R3", "Where both handle and address are taken, or one is and something else is wrong, not all is said.")
def test_both_are_taken(client, house, filled, members_since, word):
    form = filled(handle=house.one.handle.upper(), email=house.other.email.upper())
    assert refused(client.post("/join", data=form), "handle", "email").fields["name"] == [form["name"]]

    form = filled(handle=house.one.handle.lower(), email=word(), guests="9")
    assert refused(client.post("/join", data=form), "handle", "email", "guests").fields["name"] == [form["name"]]
    assert members_since() == []


@requirement("R3", "A handle or an address that nobody has is refused, or is not stored as it was typed.")
def test_what_is_free_is_given_as_it_was_typed(client, house, filled, members_since, word, rng):
    one = house.one
    forms = [
        filled(handle=f"{one.handle}x", email=one.email.replace(".", "_", 1)),
        filled(handle=one.handle[:-1], email=f"x{one.email}"),
        filled(handle=f"{word(4)}{word(4).upper()}-{rng.randrange(10, 99)}", email=one.email.replace("@", "%@")),
        filled(handle=one.handle.replace("-", "--"), email=f"{word(3).upper()}{word(3)}.B@{house.domain.upper()}"),
    ]

    for form in forms:
        assert client.post("/join", data=form).status_code == 303
        assert form["handle"] in client.get(f"/members/{form['handle']}").text
    assert members_since() == [as_listed(form) for form in forms]
    seating = client.get("/").text
    assert [form["handle"] for form in forms if form["handle"] not in seating] == []

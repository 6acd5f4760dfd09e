"""R4: two who write to the table of members at the same moment, and what else may go wrong there."""

from __future__ import annotations

from pages import as_listed, as_sent, refused

from mendbox.testing import requirement


def one_of(answers, forms, field):
    """The form of the one who was taken; the other got the form back with a message at this field."""
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    winner = 0 if answers[0].status_code == 303 else 1
    page = refused(answers[1 - winner], field)
    assert page.fields == as_sent(forms[1 - winner], pin="", pin_again="")
    return forms[winner]


@requirement("R4", "Two guests who ask for one handle at the same moment both get it, or one sees an error page.")
def test_one_handle_for_two_at_the_same_moment(at_the_same_moment, filled, members_since):
    first = filled()
    second = filled(handle=first["handle"].swapcase())

    answers = at_the_same_moment(("/join", first), ("/join", second))

    assert members_since() == [as_listed(one_of(answers, (first, second), "handle"))]


@requirement("R4", "Two guests who send one address at the same moment both become members, or one sees an error page.")
def test_one_address_for_two_at_the_same_moment(at_the_same_moment, filled, members_since):
    first = filled()
    second = filled(email=first["email"].upper())

    answers = at_the_same_moment(("/join", first), ("/join", second))

    assert members_since() == [as_listed(one_of(answers, (first, second), "email"))]


@requirement("R4", "Who sends one form twice at the same moment is not told of both fields, or sees an error page.")
def test_the_same_form_twice_at_the_same_moment(at_the_same_moment, filled, members_since):
    form = filled()

    answers = at_the_same_moment(("/join", form), ("/join", form))

    assert sorted(answer.status_code for answer in answers) == [303, 422]
    refused(max(answers, key=lambda answer: answer.status_code), "handle", "email")
    assert members_since() == [as_listed(form)]


@requirement("R4", "The screen in the hall can write a second row with a handle or an address that a member has.")
def test_the_database_refuses_a_second_row(app, client, house, filled, listed, word):
    form = filled()
    assert client.post("/join", data=form).status_code == 303
    free = [f"{word()}-s", word().title(), f"{word()}@{word()}.example"]
    before = listed()

    for taken in (house.one.handle, house.one.handle.swapcase(), form["handle"].upper()):
        assert app.call("mendbox_harness:screen_writes", taken, *free[1:]) is False
    for taken in (house.other.email, house.other.email.swapcase(), form["email"].upper()):
        assert app.call("mendbox_harness:screen_writes", *free[:2], taken) is False
    assert listed() == before

    assert app.call("mendbox_harness:screen_writes", *free) is True
    assert [[member[name] for name in ("handle", "name", "email")] for member in listed()[len(before) :]] == [free]


@requirement("R4", "Guests who have nothing in common do not both become members at the same moment.")
def test_two_others_at_the_same_moment(at_the_same_moment, filled, members_since):
    forms = [filled(), filled()]

    answers = at_the_same_moment(*(("/join", form) for form in forms))

    assert [answer.status_code for answer in answers] == [303, 303]
    assert {member["handle"]: member for member in members_since()} == {
        form["handle"]: as_listed(form) for form in forms
    }


@requirement("R4", "When the database fails, the answer is something other than status 500.")
def test_a_failing_database_is_not_a_fault_of_the_form(app, client, house, filled, listed):
    assert listed() == house.listed()
    app.call("mendbox_harness:lose_the_disk")

    assert client.post("/join", data=filled()).status_code == 500
    assert listed() == house.listed()

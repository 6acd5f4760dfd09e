"""R5: the staff's form."""

from __future__ import annotations

import pytest
from mendbox_harness import DIETS
from pages import Page, as_listed, as_sent, refused

from mendbox.testing import requirement

FIELDS = ("name", "email", "evening", "guests", "diet", "notes")


@pytest.fixture
def at_desk(filled):
    """Gives a form of the desk that keeps the rules, another one at each call, with changes."""

    def at_desk(**changes):
        form = filled(**changes)
        return {name: form[name] for name in FIELDS if name in form}

    return at_desk


def page_of(member):
    return f"/desk/members/{member.id}"


@requirement("R5", "The staff's form takes what the rules refuse, or loses what was typed.")
def test_the_desk_refuses_what_the_rules_refuse(client, house, at_desk, listed, word):
    path = page_of(house.one)
    form = at_desk(name=" ", email=f"{word()} {word()}", guests=word())
    page = refused(client.post(path, data=form), "name", "email", "guests")
    assert page.fields | {"name": []} == as_sent(form) | {"name": []}

    form = at_desk(evening=house.closed.slug, diet=[DIETS[2], word()], notes=word(501))
    page = refused(client.post(path, data=form), "evening", "diet", "notes")
    assert page.fields["diet"] == [DIETS[2]]
    assert page.fields | {"diet": [], "evening": []} == as_sent(form) | {"diet": [], "evening": []}

    page = refused(client.post(path, data={"name": form["name"]}), "email", "evening", "guests")
    assert page.fields["name"] == [form["name"]]
    assert listed() == house.listed()


@requirement("R5", "The staff can give a member another member's address.")
def test_the_desk_gives_no_address_twice(client, house, at_desk, listed):
    for taken in (house.other.email, f" {house.stale.email.swapcase()} "):
        form = at_desk(email=taken)
        page = refused(client.post(page_of(house.one), data=form), "email")
        assert page.fields | {"email": []} == as_sent(form) | {"email": []}
    assert listed() == house.listed()


@requirement("R5", "The staff's form and a guest's give one address twice at the same moment, or end in an error page.")
def test_the_desk_and_a_guest_at_the_same_moment(at_the_same_moment, house, filled, at_desk, listed):
    guest, changed = filled(), at_desk()
    changed["email"] = guest["email"].swapcase()

    answers = at_the_same_moment((page_of(house.one), changed), ("/join", guest))

    assert sorted(answer.status_code for answer in answers) == [303, 422]
    refused(max(answers, key=lambda answer: answer.status_code), "email")
    addresses = [member["email"] for member in listed()]
    assert addresses.count(guest["email"]) + addresses.count(changed["email"]) == 1


@requirement("R5", "The staff can't change a member any more, or not keep the member's own address.")
def test_what_the_desk_may_change_of_a_member(client, house, at_desk, listed):
    own = house.one.email
    for email in (own, own.swapcase(), f"x{own}"):
        form = at_desk(email=f" {email} ")
        answer = client.post(page_of(house.one), data=form)
        assert answer.status_code == 303
        assert answer.location.endswith(page_of(house.one))

        page = Page(client.get(page_of(house.one)).text)
        assert page.messages == {}
        assert page.fields == as_sent(form, email=email)
        shown = next(member for member in listed() if member["id"] == house.one.id)
        new = as_listed(form | {"handle": house.one.handle, "born": house.one.born.isoformat()})
        assert shown | {"notes": shown["notes"].replace("\r\n", "\n")} == new | {"id": house.one.id}
    assert [member for member in listed() if member["id"] != house.one.id] == [
        member.listed() for member in house.members if member is not house.one
    ]


@requirement("R5", "A member whose evening is closed can't keep it, or can't leave it.")
def test_a_closed_evening_may_be_kept(client, house, at_desk, listed):
    page = Page(client.get(page_of(house.stale)).text)
    assert page.fields["evening"] == [house.closed.slug]
    assert set(page.offered["evening"]) == {evening.slug for evening in house.evenings}

    for evening in (house.closed, house.open[0]):
        form = at_desk(evening=evening.slug, notes="")
        assert client.post(page_of(house.stale), data=form).status_code == 303
        shown = next(member for member in listed() if member["id"] == house.stale.id)
        assert shown["evening"] == evening.slug
        assert shown["name"] == form["name"]


@requirement("R5", "A member who is not there is changed.")
def test_nobody_is_not_changed(client, house, at_desk, listed):
    unknown = max(member.id for member in house.members) + 1

    assert client.get(f"/desk/members/{unknown}").status_code == 404
    assert client.post(f"/desk/members/{unknown}", data=at_desk()).status_code == 404
    assert listed() == house.listed()

"""R2: what is written is seen."""

from __future__ import annotations

from datetime import date

import pytest
import shown
from browser import messages, page, read, refusal, send, tell
from mendbox_harness import Notice

from mendbox.testing import requirement


@requirement("R2", "What a member has answered for a rehearsal is not seen at once, by them or by others.")
def test_an_answer_is_seen(choir, sign_in):
    alto, tenor, one = sign_in(choir.alto), sign_in(choir.tenor), choir.rehearsals[1]
    for coming in (None, True, False):
        if coming is not None:
            tell(tenor, f"/rehearsals/{one.id}/answer", coming="yes" if coming else "no")
            one.answers[choir.tenor] = coming
        assert read(alto, "/rehearsals") == shown.rehearsals(choir, choir.alto)
        assert read(alto, f"/rehearsals/{one.id}") == shown.rehearsal(one, choir.alto)
        assert read(tenor, "/rehearsals") == shown.rehearsals(choir, choir.tenor)
        assert read(tenor, "/me") == shown.me(choir, choir.tenor)


@requirement("R2", "A new name or telephone number is not seen at once wherever it stands.")
def test_a_new_name_is_seen(choir, sign_in, word):
    chair, treasurer, tenor = sign_in(choir.chair), sign_in(choir.treasurer), sign_in(choir.tenor)
    first = choir.rehearsals[0]

    def all_is_right():
        assert read(tenor, f"/rehearsals/{first.id}") == shown.rehearsal(first, choir.tenor)
        assert read(tenor, "/notices") == shown.notices(choir, choir.tenor)
        assert read(treasurer, "/members") == shown.members(choir, choir.treasurer)
        assert read(chair, "/concerts") == shown.concerts(choir, choir.chair)

    all_is_right()
    choir.chair.name, choir.chair.phone = word(), word()
    tell(chair, "/me", name=choir.chair.name, phone=choir.chair.phone)
    all_is_right()
    assert read(chair, "/me") == shown.me(choir, choir.chair)


@requirement("R2", "A notice is not seen at once by those whom it is for, or is seen by others.")
def test_a_notice_is_seen(choir, sign_in, word):
    chair, alto, tenor = sign_in(choir.chair), sign_in(choir.alto), sign_in(choir.tenor)
    for voice in (None, "alto", ""):
        if voice is not None:
            choir.notices.append(Notice(word(), voice or None, choir.chair))
            tell(chair, "/notices", text=choir.notices[-1].text, voice=voice)
        assert read(alto, "/notices") == shown.notices(choir, choir.alto)
        assert read(tenor, "/notices") == shown.notices(choir, choir.tenor)
    assert choir.notices[-1].text in page(alto, "/notices")


@requirement("R2", "What has changed about a concert is not seen at once on every page that has it.")
def test_a_changed_concert_is_seen(choir, seed, sign_in, visitor, word):
    chair, alto, guest, one = sign_in(choir.chair), sign_in(choir.alto), visitor(), choir.spring

    def all_is_right():
        assert read(guest, "/concerts") == shown.concerts(choir)
        assert read(guest, f"/concerts/{one.id}") == shown.concert(seed, one)
        assert read(guest, "/repertoire") == shown.repertoire(choir)
        assert read(alto, "/rehearsals") == shown.rehearsals(choir, choir.alto)
        assert read(alto, "/me") == shown.me(choir, choir.alto)
        assert one.title in page(guest, "/concerts")

    all_is_right()
    one.title, one.venue, one.day = word(), word(), date(choir.year + 1, 1, 2)
    tell(chair, f"/concerts/{one.id}", title=one.title, venue=one.venue, day=one.day.isoformat())
    all_is_right()
    assert read(alto, f"/rehearsals/{choir.rehearsals[0].id}") == shown.rehearsal(choir.rehearsals[0], choir.alto)


@requirement("R2", "That a member has paid is not seen at once.")
def test_paid_dues_are_seen(choir, sign_in):
    chair, treasurer, alto = sign_in(choir.chair), sign_in(choir.treasurer), sign_in(choir.alto)
    assert read(alto, "/me") == shown.me(choir, choir.alto)
    assert read(chair, "/dues") == shown.dues(choir, choir.chair)
    tell(treasurer, f"/dues/{choir.alto.id}", paid="yes")
    choir.alto.paid = True
    assert read(alto, "/me") == shown.me(choir, choir.alto)
    assert read(chair, "/dues") == shown.dues(choir, choir.chair)


@requirement("R2", "Who is no longer on the committee still sees what is for the committee.")
def test_who_leaves_the_committee_sees_less_at_once(choir, sign_in):
    chair, treasurer = sign_in(choir.chair), sign_in(choir.treasurer)
    assert read(chair, "/dues") == shown.dues(choir, choir.chair)
    assert read(chair, "/members") == shown.members(choir, choir.chair)
    tell(treasurer, f"/members/{choir.chair.id}/role", role="singer")
    choir.chair.role = "singer"
    assert refusal(chair, "/dues") == (403, None)
    assert read(chair, "/members") == shown.members(choir, choir.chair)
    assert read(chair, "/me") == shown.me(choir, choir.chair)


@requirement("R2", "Who has left the choir still sees pages for members, or is still counted.")
def test_who_has_left_is_gone_at_once(choir, sign_in):
    chair, alto, other, first = sign_in(choir.chair), sign_in(choir.alto), sign_in(choir.tenor), choir.rehearsals[0]
    assert read(alto, "/me") == shown.me(choir, choir.alto)
    assert read(alto, "/concerts") == shown.concerts(choir, choir.alto)
    assert read(other, "/rehearsals") == shown.rehearsals(choir, choir.tenor)
    assert read(other, "/members") == shown.members(choir, choir.tenor)
    assert read(other, f"/rehearsals/{first.id}") == shown.rehearsal(first, choir.tenor)
    tell(chair, f"/members/{choir.alto.id}/role", role="left")
    choir.alto.role = "left"
    assert refusal(alto, "/me") == (302, "/login")
    assert read(alto, "/concerts") == shown.concerts(choir)
    assert read(other, "/rehearsals") == shown.rehearsals(choir, choir.tenor)
    assert read(other, "/members") == shown.members(choir, choir.tenor)
    assert read(other, f"/rehearsals/{first.id}") == shown.rehearsal(first, choir.tenor)


@requirement("R2", "A change that is written while somebody is just being shown the page is not seen afterwards.")
@pytest.mark.parametrize("place", ["box office", "database"], ids=["asking-for-tickets", "reading-rows"])
def test_a_change_during_a_look_is_seen(choir, seed, sign_in, visitor, word, concurrently, box_office, place):
    chair, guests, one = sign_in(choir.chair), [visitor(), visitor()], choir.summer
    path = "/concerts" if place == "database" else f"/concerts/{one.id}"

    def expected():
        return shown.concerts(choir) if place == "database" else shown.concert(seed, one)

    before = expected()
    one.title, one.venue = word(), word()
    after = expected()
    box_office("hold", place)

    def meanwhile():
        box_office("until_held")
        tell(chair, f"/concerts/{one.id}", title=one.title, venue=one.venue, day=one.day.isoformat())
        box_office("let_go")

    looked, _ = concurrently([lambda: read(guests[0], path), meanwhile])
    assert looked in (before, after)
    assert read(guests[1], path) == read(guests[0], path) == after


@requirement("R2", "The message about what was done is not told once to who did it, on whichever page comes next.")
def test_a_message_is_told_once(choir, sign_in):
    alto, telephone = sign_in(choir.alto), sign_in(choir.alto)
    one = choir.rehearsals[1]
    assert messages(page(alto, "/notices")) == []
    send(alto, f"/rehearsals/{one.id}/answer", coming="yes")
    assert read(alto, "/notices") == shown.notices(choir, choir.alto)
    assert messages(page(telephone, "/notices")) == []
    assert messages(page(alto, "/notices")) == [f"Your answer for {one.place}: yes."]
    assert messages(page(alto, "/notices")) == messages(page(telephone, "/notices")) == []
    # The next page is one that nobody has been shown since.
    send(alto, f"/rehearsals/{one.id}/answer", coming="no")
    assert messages(page(alto, "/rehearsals")) == [f"Your answer for {one.place}: no."]
    assert messages(page(alto, "/rehearsals")) == messages(page(telephone, "/rehearsals")) == []


@requirement("R2", "The message to who has signed out is not told once, or is told to other visitors.")
def test_a_goodbye_is_for_one(choir, sign_in, visitor):
    alto, guest = sign_in(choir.alto), visitor()
    send(alto, "/logout")
    assert messages(page(alto, "/concerts")) == [f"Goodbye, {choir.alto.name}."]
    assert messages(page(guest, "/concerts")) == messages(page(alto, "/concerts")) == []
    # The other way round: the page has been shown before.
    sign_in(choir.tenor, alto)
    assert messages(page(guest, "/repertoire")) == []
    send(alto, "/logout")
    assert messages(page(alto, "/repertoire")) == [f"Goodbye, {choir.tenor.name}."]
    assert messages(page(alto, "/repertoire")) == messages(page(guest, "/repertoire")) == []


@requirement("R2", "A form is not answered as today, or what it says is not stored.")
def test_forms_are_answered_as_today(choir, seed, sign_in, visitor, word):
    chair, tenor, one = sign_in(choir.chair), sign_in(choir.tenor), choir.late
    form = {"title": word(), "venue": word(), "day": f"{choir.year + 1}-05-06"}
    assert visitor().post("/concerts", data=form).location == "/login"
    assert tenor.post("/concerts", data=form).status_code == 403
    assert chair.post("/concerts", data=form | {"day": "soon"}).status_code == 400
    assert chair.post(f"/concerts/{one.id + 1000}", data=form).status_code == 404
    assert tenor.post(f"/rehearsals/{choir.rehearsals[0].id}/answer", data={"coming": ""}).status_code == 400
    made = send(chair, "/concerts", **form)
    assert messages(page(chair, made.location)) == [f"{form['title']} is announced."]
    assert tell(chair, f"/concerts/{one.id}", **form).location == f"/concerts/{one.id}"
    one.title, one.venue, one.day = form["title"], form["venue"], date(choir.year + 1, 5, 6)
    assert read(chair, f"/concerts/{one.id}") == shown.concert(seed, one, choir.chair)

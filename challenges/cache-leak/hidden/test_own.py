"""R1: whose pages they are."""

from __future__ import annotations

import shown
from browser import page, read, refusal, tell

from mendbox.testing import requirement


@requirement("R1", "A member is shown what another member has answered, or what the choir knows of somebody else.")
def test_members_see_their_own_pages(choir, sign_in):
    first = choir.rehearsals[0]
    for one in (choir.alto, choir.other_alto):
        client = sign_in(one)
        assert read(client, "/me") == shown.me(choir, one)
        assert read(client, "/rehearsals") == shown.rehearsals(choir, one)
        assert read(client, f"/rehearsals/{first.id}") == shown.rehearsal(first, one)


@requirement("R1", "A member is shown notices to another voice, or telephone numbers, which are for the committee.")
def test_pages_depend_on_voice_and_role(choir, sign_in):
    for one in (choir.treasurer, choir.bass, choir.tenor):
        client = sign_in(one)
        assert read(client, "/members") == shown.members(choir, one)
        assert read(client, "/notices") == shown.notices(choir, one)


@requirement("R1", "Who may not see a page sees it when somebody has been there who may.")
def test_nobody_gets_in_behind_somebody_else(choir, sign_in, visitor):
    chair, alto, guest = sign_in(choir.chair), sign_in(choir.alto), visitor()
    assert read(chair, "/dues") == shown.dues(choir, choir.chair)
    assert choir.alto.name in page(chair, "/members")

    assert refusal(guest, "/dues") == refusal(guest, "/members") == (302, "/login")
    assert refusal(alto, "/dues") == (403, None)
    assert choir.chair.phone not in page(alto, "/members")
    assert read(chair, "/dues") == shown.dues(choir, choir.chair)


@requirement("R1", "A page for everyone names somebody else, or a visitor is signed in as a member.")
def test_pages_for_everyone_name_who_is_asking(choir, seed, sign_in, visitor):
    alto, guest, path = sign_in(choir.alto), visitor(), f"/concerts/{choir.late.id}"
    assert read(alto, path) == shown.concert(seed, choir.late, choir.alto)
    assert read(guest, path) == shown.concert(seed, choir.late)
    assert choir.alto.name in page(alto, "/concerts")
    assert choir.alto.name not in page(guest, "/concerts")
    assert read(alto, "/repertoire") == shown.repertoire(choir, choir.alto)
    assert read(guest, "/repertoire") == shown.repertoire(choir)
    assert refusal(guest, "/me") == (302, "/login")
    assert guest.get_cookie("session") is None


@requirement("R1", "Who signs in on a device is shown pages of whoever was signed in on it before.")
def test_a_device_changes_hands(choir, sign_in):
    device = sign_in(choir.alto)
    assert read(device, "/me") == shown.me(choir, choir.alto)
    tell(device, "/logout")
    assert refusal(device, "/me") == (302, "/login")
    sign_in(choir.tenor, device)
    assert read(device, "/me") == shown.me(choir, choir.tenor)
    assert read(device, "/concerts") == shown.concerts(choir, choir.tenor)


@requirement("R1", "A page that nobody has asked for before is not what the README says.")
def test_pages_that_are_asked_for_once(choir, seed, sign_in, visitor):
    chair, last = sign_in(choir.chair), choir.rehearsals[2]
    assert read(chair, "/me") == shown.me(choir, choir.chair)
    assert read(chair, "/rehearsals") == shown.rehearsals(choir, choir.chair)
    assert read(chair, f"/rehearsals/{last.id}") == shown.rehearsal(last, choir.chair)
    assert read(chair, "/members") == shown.members(choir, choir.chair)
    assert read(chair, "/notices") == shown.notices(choir, choir.chair)
    assert read(chair, "/dues") == shown.dues(choir, choir.chair)
    assert read(chair, "/concerts") == shown.concerts(choir, choir.chair)
    assert read(visitor(), f"/concerts/{choir.spring.id}") == shown.concert(seed, choir.spring)
    assert read(visitor(), "/repertoire") == shown.repertoire(choir)

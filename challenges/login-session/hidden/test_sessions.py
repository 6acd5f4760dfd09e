"""R2 and R3: whose a session is, when it ends, and what its cookie says."""

from __future__ import annotations

import random
from typing import Any

from browsing import flags, has_picked, is_in, name_of, send_name, sign_in
from mendbox_harness import Association

from mendbox.testing import requirement


def on_their_own_machine(app: Any, name: str) -> Any:
    """A browser elsewhere that sends the cookie."""
    spy = app.client()
    send_name(spy, name)
    return spy


@requirement("R2", "Who knows the cookie from before a sign-in is in.")
def test_the_cookie_from_before_a_sign_in_opens_nothing(
    app: Any, client: Any, association: Association, rng: random.Random
) -> None:
    member = rng.choice(association.members)
    client.get(f"/sites/{rng.choice(association.sites).slug}")
    noted = name_of(client)
    sign_in(client, member)
    assert is_in(client, member)
    assert name_of(client) != noted
    assert not is_in(on_their_own_machine(app, noted), member)


@requirement("R2", "Who knows the cookie from before a sign-in is in.")
def test_nor_does_the_cookie_of_one_who_was_in_before(app: Any, client: Any, association: Association) -> None:
    sign_in(client, association.one)
    for member in (association.one, association.other):
        noted = name_of(client)
        spy = on_their_own_machine(app, noted)
        assert is_in(spy, association.one)
        sign_in(client, member)
        assert is_in(client, member)
        for nobody in (spy, on_their_own_machine(app, noted)):
            assert not is_in(nobody, association.one)
            assert not is_in(nobody, association.other)


@requirement("R2", "A session has the name that a browser made up, and opens to whoever knows it.")
def test_a_cookie_that_was_made_up_is_taken_for_nothing(
    app: Any, client: Any, association: Association, word: Any, rng: random.Random
) -> None:
    made_up, site = word(), rng.choice(association.sites)
    send_name(client, made_up)
    client.get(f"/sites/{site.slug}")
    assert has_picked(client, site)
    assert name_of(client) != made_up
    sign_in(client, association.one)
    assert is_in(client, association.one)
    spy = on_their_own_machine(app, made_up)
    assert not has_picked(spy, site)
    assert not is_in(spy, association.one)


@requirement("R2", "After a member has signed out their cookie still opens pages.")
def test_a_session_ends_with_signing_out(app: Any, client: Any, association: Association) -> None:
    member = association.other
    elsewhere = app.client()
    sign_in(elsewhere, member)
    sign_in(client, member)
    noted = name_of(client)
    assert is_in(client, member)
    answer = client.post("/logout")
    assert (answer.status_code, answer.location) == (302, "/")
    assert not is_in(client, member)
    assert not is_in(on_their_own_machine(app, noted), member)
    assert is_in(elsewhere, member)


@requirement(
    "R2", "After a member has chosen another password their other sessions go on, or theirs or someone else's ends."
)
def test_a_new_password_ends_the_members_other_sessions(
    app: Any, client: Any, association: Association, word: Any
) -> None:
    member, neighbour, chosen = association.one, association.other, word()
    thief, third, next_door = app.client(), app.client(), app.client()
    for browser in (thief, third, client):
        sign_in(browser, member)
    sign_in(next_door, neighbour)
    client.post("/password", data={"current": chosen, "new": chosen, "again": chosen})
    assert is_in(thief, member)
    client.post("/password", data={"current": member.password, "new": chosen, "again": chosen})
    assert [is_in(browser, member) for browser in (client, thief, third)] == [True, False, False]
    assert is_in(next_door, neighbour)


@requirement("R2", "What a visitor picked is forgotten when they sign in.")
def test_what_was_picked_stays_picked(client: Any, association: Association, rng: random.Random) -> None:
    site, member = rng.choice(association.sites), rng.choice(association.members)
    client.get(f"/sites/{site.slug}")
    assert has_picked(client, site)
    sign_in(client, member)
    assert has_picked(client, site)
    assert is_in(client, member)


@requirement("R2", "Members are shown each other's pages, or a shift is not taken.")
def test_each_browser_has_its_own_member(app: Any, client: Any, association: Association, rng: random.Random) -> None:
    shift, neighbour = rng.choice(association.shifts), app.client()
    sign_in(client, association.one)
    sign_in(neighbour, association.other)
    assert is_in(client, association.one)
    assert is_in(neighbour, association.other)
    assert client.post(f"/shifts/{shift.id}").location == "/shifts"
    page = client.get(f"/shifts?task={shift.task.split()[0]}").text
    assert "See you on" in page
    assert f"{shift.day.isoformat()}: {shift.task}, 2 places left" in page
    assert "See you on" not in neighbour.get("/shifts").text


@requirement("R3", "The session's cookie is set without what the brief asks for.")
def test_the_cookie_is_for_this_sites_pages_alone(client: Any, association: Association, rng: random.Random) -> None:
    site, member = rng.choice(association.sites), rng.choice(association.members)
    picked = client.get(f"/sites/{site.slug}")
    signed_in = sign_in(client, member)
    for answer in (picked, signed_in):
        found = flags(answer.headers.getlist("Set-Cookie"))
        assert found
        for attributes in found:
            assert attributes >= {"httponly", "samesite=lax", "secure", "path=/"}
    assert has_picked(client, site)
    assert is_in(client, member)


@requirement("R3", "The session's cookie can't be used on one's own machine, or is open to scripts there.")
def test_it_can_do_without_tls_where_that_is_configured(
    app: Any, client: Any, association: Association, rng: random.Random
) -> None:
    site = rng.choice(association.sites)
    found = flags(app.call("mendbox_harness:cookies_without_secure", f"/sites/{site.slug}"))
    assert found
    for attributes in found:
        assert "secure" not in attributes
        assert attributes >= {"httponly", "samesite=lax", "path=/"}
    client.get(f"/sites/{site.slug}")
    assert has_picked(client, site)


@requirement("R3", "The cookie has another name, or is not sent back.")
def test_the_cookie_has_the_name_that_it_had(client: Any, association: Association, rng: random.Random) -> None:
    site = rng.choice(association.sites)
    assert name_of(client) == ""
    client.get(f"/sites/{site.slug}?back=/login")
    assert name_of(client) != ""
    assert has_picked(client, site)

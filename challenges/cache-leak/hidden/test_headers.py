"""R5: what browsers and web caches are told, and cookies."""

from __future__ import annotations

import shown
from browser import HTML, JSON, cookies, is_public, messages, page, read, send, tell, varies

from mendbox.testing import requirement


@requirement("R5", "A page for everyone doesn't say what it depends on, or that it may be kept, or who may keep it.")
def test_pages_for_everyone(choir, seed, sign_in, visitor):
    alto, guest = sign_in(choir.alto), visitor()
    page(guest, "/concerts")
    wanted = {
        "/concerts": lambda you: shown.concerts(choir, you),
        f"/concerts/{choir.late.id}": lambda you: shown.concert(seed, choir.late, you),
        "/repertoire": lambda you: shown.repertoire(choir, you),
    }
    for path, expected in wanted.items():
        for client, you in ((guest, None), (alto, choir.alto), (guest, None)):
            answer = client.get(path, headers=JSON)
            assert (answer.status_code, answer.json) == (200, expected(you))
            assert varies(answer) == {"Accept", "Cookie"}
            assert is_public(answer) == (you is None)
            assert set(cookies(answer)) == (set() if you is None else {"session"})


@requirement("R5", "A page for members, an answer to a form, a redirect or an error may be kept by a web cache.")
def test_everything_else(choir, sign_in, visitor, word, box_office):
    chair, alto, guest = sign_in(choir.chair), sign_in(choir.alto), visitor()
    phone = word()
    told = alto.post("/me", data={"name": choir.alto.name, "phone": phone})
    assert (told.status_code, is_public(told)) == (303, False)
    choir.alto.phone = phone
    for _ in range(2):
        answer = alto.get("/me", headers=JSON)
        assert (answer.status_code, answer.json, is_public(answer)) == (200, shown.me(choir, choir.alto), False)
    dues = chair.get("/dues", headers=JSON)
    assert (dues.status_code, dues.json, is_public(dues)) == (200, shown.dues(choir, choir.chair), False)
    box_office("fail", "away")
    others = [
        (guest, f"/concerts/{choir.late.id}", 503),
        (guest, "/me", 302),
        (guest, "/", 302),
        (guest, "/login", 200),
        (alto, "/dues", 403),
        (guest, "/concerts/99999", 404),
        (guest, f"/{phone}", 404),
    ]
    for client, path, status in others:
        answer = client.get(path, headers=HTML)
        assert (answer.status_code, is_public(answer)) == (status, False), path
    # Who has left is a visitor whose browser still has a session.
    tell(chair, f"/members/{choir.alto.id}/role", role="left")
    answer = alto.get("/concerts", headers=JSON)
    assert answer.json == shown.concerts(choir)
    assert not (cookies(answer) and is_public(answer))


@requirement("R5", "Visitors are not counted one by one, or a web cache may keep the answer that counts one of them.")
def test_every_visitor_is_counted(choir, sign_in, visitor):
    read(sign_in(choir.alto), "/concerts")
    guests = [visitor(), visitor(), visitor()]
    numbers = []
    for path in ("/concerts", "/repertoire", "/concerts"):
        guest = guests[len(numbers)]
        answer = guest.get(path, headers=JSON)
        assert answer.json == (shown.concerts(choir) if path == "/concerts" else shown.repertoire(choir))
        assert set(cookies(answer)) == {"visitor"}
        attributes = {each.strip() for each in answer.headers["Set-Cookie"].split(";")[1:]}
        assert attributes >= {"Max-Age=31536000", "HttpOnly", "SameSite=Lax", "Path=/"}
        assert not is_public(answer)
        numbers.append(cookies(answer)["visitor"])
    assert len({*numbers}) == 3
    for guest in guests:
        answer = guest.get("/concerts", headers=JSON)
        assert (answer.json, cookies(answer), is_public(answer)) == (shown.concerts(choir), {}, True)


@requirement("R5", "A web cache may keep a page that tells somebody what they have done.")
def test_a_page_with_a_message_is_not_public(choir, sign_in, visitor):
    guest = visitor()
    page(guest, "/concerts")
    sign_in(choir.alto, guest)
    send(guest, "/logout")
    answer = guest.get("/concerts", headers=HTML)
    assert messages(answer.text) == [f"Goodbye, {choir.alto.name}."]
    assert not is_public(answer)
    answer = guest.get("/concerts", headers=HTML)
    assert (messages(answer.text), is_public(answer)) == ([], True)


@requirement("R5", "A member's session is not prolonged by every answer, or is given to somebody else.")
def test_sessions_are_prolonged_for_their_members(choir, clock, sign_in):
    alto, tenor = sign_in(choir.alto), sign_in(choir.tenor)
    given = []
    for _ in range(2):
        clock.advance(seconds=5)
        for client, you in ((alto, choir.alto), (tenor, choir.tenor)):
            answer = client.get("/rehearsals", headers=JSON)
            assert answer.json == shown.rehearsals(choir, you)
            assert len(answer.headers.getlist("Set-Cookie")) == 1
            given.append(cookies(answer)["session"])
    assert len({*given}) == 4
    assert read(alto, "/me") == shown.me(choir, choir.alto)
    assert read(tenor, "/me") == shown.me(choir, choir.tenor)


@requirement("R5", "A page for everyone that nobody has asked for before is kept from web caches, or has no cookie.")
def test_the_first_look_at_a_page(choir, visitor):
    guest = visitor()
    answer = guest.get("/concerts", headers=HTML)
    assert choir.spring.title in answer.text
    assert set(cookies(answer)) == {"visitor"}
    assert len(cookies(answer)["visitor"]) == 16
    answer = guest.get(f"/concerts/{choir.spring.id}", headers=HTML)
    assert choir.spring.title in answer.text
    assert (cookies(answer), is_public(answer)) == ({}, True)
    assert "Cookie" in varies(answer)

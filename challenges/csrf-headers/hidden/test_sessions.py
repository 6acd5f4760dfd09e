"""R3: whose a token is, and how long it is good."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from browsers import JSON, Browser, Request, after, is_as, is_done, is_refused, request_for
from mendbox_harness import Resident, Town
from pages import FIELD

from mendbox.testing import requirement

Open = Callable[..., Browser]


@pytest.fixture
def changes(resident: Resident, town: Town, rng: random.Random) -> Callable[[], list[tuple[str, Request]]]:
    """Gives a form and a request of the script at each call."""
    names = [rng.choice(("apply", "add a vehicle")), rng.choice(JSON)]
    return lambda: [(name, request_for(name, resident, town, rng)) for name in names]


@requirement("R3", "What somebody else's browser was given is taken from a resident's.")
def test_what_another_browser_was_given_is_refused(
    browser: Open, mine: Browser, resident: Resident, town: Town, rng: random.Random, changes: Any
) -> None:
    neighbour = rng.choice([each for each in town.residents if each is not resident])
    for other, path in ((browser(neighbour), "/permits"), (browser(resident), "/permits"), (browser(), "/login")):
        page = other.page(path)
        in_a_form = next(each.fields.get(FIELD, "") for each in page.sendings() if each.method == "post")
        tokens = {page.token, in_a_form}
        for _, request in changes():
            for token in sorted(tokens - {""}):
                assert is_refused(mine.send(request, token), request), path
    assert mine.me() == resident.me
    for name, request in changes():
        assert is_done(mine.send(request, mine.token("/permits")), name)


@requirement("R3", "A visitor is signed in by a form that another browser was given.")
def test_the_form_to_sign_in_is_its_browsers_alone(
    browser: Open, resident: Resident, town: Town, rng: random.Random
) -> None:
    request = request_for("sign in", resident, town, rng)
    visitor, other, signed_in = browser(), browser(), browser(rng.choice(town.residents))
    own = visitor.token("/login")
    for token in (other.token("/login"), other.token("/"), signed_in.token("/permits")):
        assert is_refused(visitor.send(request, token), request)
        assert visitor.me() is None
    assert is_done(visitor.send(request, own), "sign in")
    assert visitor.me() == resident.me


@requirement("R3", "A token from before a sign-in is taken after it.")
def test_signing_in_ends_the_tokens_of_before(
    browser: Open, resident: Resident, town: Town, rng: random.Random, changes: Any
) -> None:
    someone = browser()
    before = [someone.token("/"), someone.token("/login")]
    assert someone.sign_in(resident).status_code == 302
    for _, request in changes():
        for token in before:
            assert is_refused(someone.send(request, token), request)
    assert someone.me() == resident.me
    neighbour = rng.choice([each for each in town.residents if each is not resident])
    as_resident = someone.token("/permits")
    assert is_done(someone.send(request_for("sign in", neighbour, town, rng), as_resident), "sign in")
    request = request_for("add a vehicle", neighbour, town, rng)
    assert is_refused(someone.send(request, as_resident), request)
    assert someone.me() == neighbour.me


@requirement("R3", "A token from before signing out is taken after it.")
def test_signing_out_ends_the_tokens_of_before(
    mine: Browser, resident: Resident, town: Town, rng: random.Random, changes: Any
) -> None:
    noted = mine.token("/permits")
    assert is_done(mine.send(request_for("sign out", resident, town, rng), mine.token("/")), "sign out")
    request = request_for("sign in", resident, town, rng)
    assert is_refused(mine.send(request, noted), request)
    assert mine.me() is None
    assert mine.sign_in(resident).status_code == 302
    for _, request in changes():
        assert is_refused(mine.send(request, noted), request)
    assert mine.me() == resident.me


@requirement("R3", "A form is not taken though its resident was only slow.")
def test_hours_later_it_is_still_good(
    browser: Open, resident: Resident, town: Town, rng: random.Random, clock: Any, changes: Any
) -> None:
    # More than a day each time: a limit of a day is one, too.
    visitor = browser()
    sign_in = visitor.token("/login")
    clock.advance(seconds=rng.randrange(25 * 3600, 40 * 3600))
    assert is_done(visitor.send(request_for("sign in", resident, town, rng), sign_in), "sign in")
    token = visitor.token("/permits")
    for name, request in changes():
        clock.advance(seconds=rng.randrange(25 * 3600, 40 * 3600))
        assert is_done(visitor.send(request, token), name)


@requirement("R3", "A form is not taken because another page was opened, or because it was sent before.")
def test_every_page_is_good_time_after_time(
    mine: Browser, resident: Resident, town: Town, rng: random.Random, plate: Callable[[], str]
) -> None:
    tabs = [mine.page(path) for path in ("/vehicles/new", "/permits", "/", "/vehicles/new", "/visits")]
    expected = resident.me
    for tab in rng.sample(tabs, 5) + rng.sample(tabs, 2):
        request = Request("POST", "/vehicles/new", {"plate": plate()})
        assert is_done(mine.send(request, tab.token), "add a vehicle")
        expected = after("add a vehicle", request, expected)
    request = Request("POST", "/vehicles/new", {"plate": plate()})
    assert is_done(mine.press(tabs[0].sending("/vehicles/new"), **request.sent), "add a vehicle")
    assert is_as(mine.me(), after("add a vehicle", request, expected))


@requirement("R3", "A form that one process of the app has shown is not taken by another.")
def test_every_process_takes_it(
    app: Any, browser: Open, resident: Resident, town: Town, rng: random.Random, changes: Any
) -> None:
    elsewhere = app.instance()
    visitor = browser()
    token = visitor.token("/login")
    there = Browser(elsewhere.client()).with_cookies_of(visitor)
    assert is_done(there.send(request_for("sign in", resident, town, rng), token), "sign in")
    token = there.token("/permits")
    here = browser().with_cookies_of(there)
    expected = resident.me
    for one, (name, request) in zip((here, there), changes(), strict=True):
        assert is_done(one.send(request, token), name)
        expected = after(name, request, expected)
    assert is_as(here.me(), expected)


@requirement("R3", "After something was refused nothing can be sent any more without loading the page anew.")
def test_what_was_refused_can_be_sent_again(
    browser: Open, resident: Resident, town: Town, rng: random.Random, plate: Callable[[], str]
) -> None:
    visitor = browser()
    form = visitor.page("/login").sending("/login")
    wrong = visitor.press(form, email=resident.email, password=f"{rng.randrange(10**6)}")
    assert wrong.status_code == 401
    again = visitor.read(wrong, "/login").sending("/login")
    assert again.fields["email"] == resident.email
    assert is_done(visitor.press(again, password=resident.password), "sign in")
    form = visitor.page("/vehicles/new").sending("/vehicles/new")
    typed = f"{rng.randrange(10**6)}"
    wrong = visitor.press(form, plate=typed)
    assert wrong.status_code == 422
    again = visitor.read(wrong, "/vehicles/new").sending("/vehicles/new")
    assert again.fields["plate"] == typed
    assert "A plate is like AB12 CDE." in wrong.text
    for sending, wanted in ((again, plate()), (form, plate())):
        assert is_done(visitor.press(sending, plate=wanted), "add a vehicle")
        assert f"{wanted} is one of your vehicles now." in visitor.get("/permits").text
    form = visitor.page("/permits").sending("/permits")
    assert visitor.press(form, zone=f"{rng.randrange(1000)}", vehicle="0").status_code == 400
    assert is_done(visitor.press(form, zone=town.zones[0].letter, vehicle=f"{resident.vehicles[0]['id']}"), "apply")
    assert len(visitor.me()["permits"]) == len(resident.permits) + 1

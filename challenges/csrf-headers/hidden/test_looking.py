"""R1: what is only looked at stays as it is."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from browsers import Browser, after, request_for
from mendbox_harness import Resident, Town

from mendbox.testing import requirement

Open = Callable[..., Browser]


@requirement("R1", "A permit is cancelled, reminders are changed or a resident is signed out by an address alone.")
def test_an_address_alone_changes_nothing(mine: Browser, resident: Resident, town: Town, rng: random.Random) -> None:
    token = mine.token("/permits")
    for what in ("cancel", "remind", "sign out"):
        path = request_for(what, resident, town, rng).path
        assert [mine.get(asked).status_code for asked in (path, f"{path}?csrf_token={token}")] == [405, 405]
        assert mine.me() == resident.me


@requirement("R1", "Something changes though a program only asked for the head of the answer.")
def test_nor_does_asking_for_the_head_of_it(mine: Browser, resident: Resident, town: Town, rng: random.Random) -> None:
    for what in ("cancel", "remind", "sign out"):
        path = request_for(what, resident, town, rng).path
        assert mine.open(path, method="HEAD").status_code == 405
        assert mine.me() == resident.me


@requirement("R1", "A vehicle is stored because of an address, without any form.")
def test_a_forms_address_with_a_query_stores_nothing(
    mine: Browser, resident: Resident, plate: Callable[[], str]
) -> None:
    for more in ("", f"&csrf_token={mine.token('/vehicles/new')}"):
        path = f"/vehicles/new?plate={plate()}{more}"
        assert mine.get(path).status_code == 200
        assert mine.page(path).sending("/vehicles/new").fields.keys() >= {"plate"}
        assert mine.open(path, method="HEAD").status_code == 200
        assert mine.me() == resident.me


@requirement("R1", "A permit can't be cancelled from the page.")
def test_a_permit_is_cancelled_by_its_form(mine: Browser, resident: Resident, town: Town, rng: random.Random) -> None:
    request = request_for("cancel", resident, town, rng)
    answer = mine.press(mine.page("/permits").sending(request.path))
    assert (answer.status_code, answer.location) == (302, "/permits")
    assert mine.me() == after("cancel", request, resident.me)
    permit = next(each for each in resident.permits if f"/{each['id']}/" in request.path)
    page = mine.page("/permits")
    assert f"The permit for zone {permit['zone']} is cancelled." in "".join(each.text for each in page.all("p"))
    assert request.path not in [sending.action.removeprefix(mine.client.base_url[:-1]) for sending in page.sendings()]


@requirement("R1", "Another resident's permit is cancelled, or one that there is none of.")
def test_somebody_elses_permit_stays(
    browser: Open, mine: Browser, resident: Resident, town: Town, rng: random.Random
) -> None:
    neighbour = rng.choice([each for each in town.residents if each is not resident])
    token = mine.token("/permits")
    for number in (rng.choice(neighbour.permits)["id"], rng.randrange(1000, 2000)):
        answer = mine.open(f"/permits/{number}/cancel", method="POST", data={"csrf_token": token})
        assert answer.status_code == 404
    assert browser(neighbour).me() == neighbour.me
    assert mine.me() == resident.me


@requirement("R1", "Reminders can't be changed from the page.")
def test_reminders_are_changed_by_their_form(mine: Browser, resident: Resident) -> None:
    on = resident.me["reminders"]
    for _ in range(2):
        on = not on
        answer = mine.press(mine.page("/permits").sending(f"/reminders/{'on' if on else 'off'}"))
        assert (answer.status_code, answer.location) == (302, "/permits")
        assert mine.me() == resident.me | {"reminders": on}
        assert f"Reminders are {'on' if on else 'off'}." in mine.get("/permits").text


@requirement("R1", "Residents can't sign out on every page.")
def test_signing_out_is_a_form_on_every_page(browser: Open, resident: Resident, rng: random.Random) -> None:
    for path in ("/", rng.choice(("/permits", "/visits", "/vehicles/new")), f"/nowhere/{rng.randrange(10**6)}"):
        someone = browser(resident)
        answer = someone.press(someone.page(path).sending("/logout"))
        assert (answer.status_code, answer.location) == (302, "/")
        assert someone.me() is None
        assert someone.get("/permits").location == "/login"


@requirement("R1", "Pages don't show what they showed, or reading them changes something.")
def test_reading_changes_nothing(mine: Browser, resident: Resident, town: Town, rng: random.Random) -> None:
    shown: dict[str, list[Any]] = {
        "/": [text for zone in town.zones for text in (f"{zone.name} (zone {zone.letter})", f">{zone.free}<")],
        "/permits": [resident.name, *(f"Zone {each['zone']}, {each['plate']}: valid" for each in resident.permits)],
        "/visits": [each["plate"] for each in resident.visits],
        "/vehicles/new": ["Another vehicle"],
    }
    for path, texts in shown.items():
        assert [text for text in texts if text not in mine.get(path).text] == []
        assert mine.open(path, method="HEAD").data == b""
    one, other = resident.visits
    page = mine.get(f"/visits?plate={one['plate'].lower()}&hours={rng.randrange(1, 9)}").text
    assert (f"{one['plate']} until" in page, f"{other['plate']} until" in page) == (True, False)
    assert mine.me() == resident.me

"""R5: what a browser makes of the policy, and of the pages under it."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from browsers import Browser
from mendbox_harness import Resident, Town
from policies import LOADS, Policies

from mendbox.testing import requirement

Open = Callable[..., Browser]


@pytest.fixture
def elsewhere(rng: random.Random, town: Town, mine: Browser) -> list[str]:
    """Addresses that are not this site's."""
    word = "".join(rng.choice("bdfgklmnprst" if place % 2 else "aeiou") for place in range(10))
    host = mine.client.visitor.host
    number = rng.randrange(10**6)
    return [
        f"https://{word}.example/{number}",
        f"http://{word}.example/{number}.js",
        f"https://{word}.{host}/{number}",
        f"http://{host}.{word}.example/{number}",
        f"https://{word}.{town.maps.partition('.')[2]}/{number}.png",
        f"https://cdn.jsdelivr.net/{number}.js",
        f"wss://{word}.example/{number}",
        f"data:text/javascript,{number}",
        f"blob:https://{word}.example/{number}",
    ]


@pytest.fixture
def policies(mine: Browser, rng: random.Random, town: Town) -> list[Policies]:
    """Those of pages, an error and JSON, as far as these have any: whether they do is R4's."""
    nowhere, zone = rng.randrange(10**6), rng.choice(town.zones).letter
    answers = [mine.get(path) for path in ("/", "/permits", "/visits", f"/nowhere/{nowhere}", f"/api/zones/{zone}")]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 200]
    found = [answer for answer in answers if "Content-Security-Policy" in answer.headers]
    assert found
    return [Policies.of(answer, mine.client.base_url) for answer in found]


@requirement("R5", "A browser loads or asks for something that is not this site's.")
def test_nothing_is_loaded_from_elsewhere(policies: list[Policies], elsewhere: list[str], town: Town) -> None:
    for policy in policies:
        assert [(what, url) for what in LOADS for url in elsewhere if policy.allows(what, url)] == []
        maps = f"{town.maps}/zones/{town.zones[0].letter}.png"
        assert [what for what in LOADS if what != "img-src" and policy.allows(what, maps)] == []


@requirement("R5", "A browser runs a script that somebody has put into a page.")
def test_what_stands_in_a_page_is_not_run(mine: Browser, policies: list[Policies], rng: random.Random) -> None:
    number, seen = rng.randrange(10**6), set()
    for _ in range(2):
        nonces = Policies.of(mine.get("/permits"), mine.client.base_url).nonces
        assert nonces & seen == set(), "a nonce comes again"
        seen |= nonces
    for policy in policies:
        for nonce in ("", f"{number}"):
            assert not policy.runs("script-src-elem", f"alert({number})", nonce)
        assert not policy.runs("script-src-attr", f"alert({number})")
        assert not policy.evaluates


@requirement("R5", "A plugin is loaded, a form is sent to another site, or a page's addresses are made another site's.")
def test_plugins_forms_and_bases(mine: Browser, policies: list[Policies], elsewhere: list[str]) -> None:
    here = f"{mine.client.base_url}permits"
    for policy in policies:
        assert [url for url in (here, *elsewhere) if policy.allows("object-src", url)] == []
        for directive in ("form-action", "base-uri"):
            assert [url for url in elsewhere if policy.allows(directive, url)] == []
        assert policy.allows("form-action", here)


@requirement("R5", "The pages can be shown in a frame.")
def test_no_frame_shows_the_pages(mine: Browser, policies: list[Policies], elsewhere: list[str]) -> None:
    here = f"{mine.client.base_url}permits"
    for policy in policies:
        assert [url for url in (here, *elsewhere) if policy.allows("frame-ancestors", url)] == []


@requirement("R5", "A browser that keeps to the policy leaves out something that the pages need.")
def test_pages_work_under_the_policy(
    browser: Open, mine: Browser, resident: Resident, town: Town, rng: random.Random
) -> None:
    visitor = browser()
    visits = f"/visits?plate={rng.choice(resident.visits)['plate']}"
    for someone, path in [
        *((visitor, path) for path in ("/", "/login")),
        *((mine, path) for path in ("/", "/permits", visits, "/vehicles/new", f"/nowhere/{rng.randrange(999)}")),
    ]:
        answer = someone.get(path)
        policy = Policies.of(answer, mine.client.base_url) if "Content-Security-Policy" in answer.headers else None
        page = someone.read(answer, path)
        assert any(each.tag == "script" and each["src"] for each in page.elements)
        if policy is not None:
            assert policy.refused(page) == []
            assert policy.allows("connect-src", page.address("/api/visits"))


@requirement("R5", "The maps of the zones are not shown.")
def test_maps_are_shown(mine: Browser, town: Town) -> None:
    answer = mine.get("/")
    policy = Policies.of(answer, mine.client.base_url)
    page = mine.read(answer, "/")
    shown = [each["src"] for each in page.all("img")]
    assert shown == [f"{town.maps}/zones/{zone.letter}.png" for zone in town.zones]
    assert [source for source in shown if not policy.allows("img-src", source)] == []

"""R4: where requests that say where to go next lead."""

from __future__ import annotations

import random
from typing import Any

import pytest
from browsing import destination, is_in, sign_in
from mendbox_harness import Association

from mendbox.testing import requirement

#: No paths on this site: they lead home. `{}` is another site.
ELSEWHERE = ("//{}", "///{}/plot", "https://{}/plot", "HTTPS://{}", "https:{}", "{}/plot", "javascript:alert('{}')")
#: What browsers may read as an address of another site: they lead to none.
DOUBTFUL = ("/\\{}", "\\\\{}", "/\t/{}", " //{}", "\t//{}", "/\n/{}/plot", "//{}\\@")


@pytest.fixture
def evil(word: Any) -> str:
    """Another site."""
    return f"{word()}.example"


def stays_here(client: Any, answer: Any, wish: str) -> None:
    origin, path = destination(client, answer)
    assert origin == client.base_url, wish
    if "\\" not in wish and wish.isprintable() and " " not in wish:
        assert path == "/", wish


def wishes(evil: str) -> list[str]:
    return [form.format(evil) for form in ELSEWHERE + DOUBTFUL]


@requirement("R4", "A link to the sign-in leads to another site once the password is right.")
def test_signing_in_leads_to_no_other_site(app: Any, association: Association, evil: str) -> None:
    for wish in wishes(evil):
        browser = app.client()
        stays_here(browser, sign_in(browser, association.one, next=wish), wish)
    assert is_in(browser, association.one)


@requirement("R4", "A link to the sign-in leads who is signed in already to another site.")
def test_a_link_to_the_sign_in_leads_to_no_other_site(client: Any, association: Association, evil: str) -> None:
    sign_in(client, association.other)
    for wish in wishes(evil):
        stays_here(client, client.get("/login", query_string={"next": wish}), wish)
    assert is_in(client, association.other)


@requirement("R4", "A link that picks a site leads to another site.")
def test_picking_a_site_leads_to_no_other_site(
    client: Any, association: Association, evil: str, rng: random.Random
) -> None:
    site = rng.choice(association.sites)
    for wish in wishes(evil):
        stays_here(client, client.get(f"/sites/{site.slug}", query_string={"back": wish}), wish)
    assert site.notice in client.get("/").text


@requirement("R4", "Where to go next is forgotten on the way.")
def test_pages_of_the_site_are_followed(client: Any, association: Association, evil: str, rng: random.Random) -> None:
    shift, site = rng.choice(association.shifts), rng.choice(association.sites)
    page = f"/shifts?task={shift.task.split()[0].lower()}&from=https://{evil}//plot"
    assert client.get(f"/sites/{site.slug}", query_string={"back": page}).location == page
    answer = sign_in(client, association.one, next=page)
    assert (answer.status_code, answer.location) == (302, page)
    assert shift.task in client.get(page).text
    assert client.get("/login", query_string={"next": page}).location == page
    assert client.get("/login", query_string={"next": "/"}).location == "/"


@requirement("R4", "Who is asked to sign in does not come back to the page, or has to write the address again.")
def test_a_members_page_is_come_back_to(client: Any, association: Association, rng: random.Random) -> None:
    page = f"/shifts?task={rng.choice(association.shifts).task.split()[0]}"
    asked = client.get(page)
    assert asked.status_code == 302
    assert asked.location.startswith("/login?next=")
    assert f'value="{page}"' in client.get(asked.location).text
    refused = sign_in(client, association.one, "x", next=page)
    assert refused.status_code == 401
    assert f'value="{page}"' in refused.text
    assert f'value="{association.one.email}"' in refused.text


@requirement("R4", "Who says nothing about where to go is not led home.")
def test_home_is_where_nothing_is_said(client: Any, association: Association, rng: random.Random) -> None:
    site = rng.choice(association.sites)
    assert client.get(f"/sites/{site.slug}").location == "/"
    assert sign_in(client, association.other, next="").location == "/"
    assert client.get("/login").location == "/"
    assert site.notice in client.get("/").text

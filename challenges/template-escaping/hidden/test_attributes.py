"""R2: form fields and attributes."""

from __future__ import annotations

import pytest
from browser import untouched

from mendbox.testing import requirement

#: Ways out of an attribute; {0} and {1} must not become attributes or elements.
HARMS = {
    "blanks": "{0} {1}={0} onclick={1}()",
    "quotes": "{0}\" {1}=\"1\" x='{0}' {1}='2'",
    "tag": "\"'><{0} {1}=1> & &quot;",
}


@requirement("R2", "The search field does not hold what was searched for.")
@pytest.mark.parametrize("kind", sorted(HARMS))
def test_the_field_keeps_what_was_searched_for(show, word, kind):
    a, b = word(), word()
    q = HARMS[kind].format(a, b)

    page = show("/", q=q)

    assert page.one("form", "search").one("input", name="q").get("value") == q
    assert f"“{q}”" in page.one(cls="found").text
    assert untouched(page, [a, b])


@requirement("R2", "A wall whose name is more than a word can't be chosen.")
def test_every_wall_can_be_chosen(show, hall, announce, word):
    a, b = word(), word()
    wall = f"{a} {b}={a} \"{b}\" '&' > {a}"
    announce(f"{word()} {word()}", wall=hall.walls[1])
    boulder = announce(f"{word()} {word()}", wall=wall)

    for chosen in ("", wall, hall.walls[1]):
        page = show("/", wall=chosen)
        options = page.one("form", "search").one("select", name="wall").all("option")
        assert {option.get("value") for option in options} == {"", wall, *hall.walls}
        assert {option.text for option in options[1:]} == {wall, *hall.walls}
        selected = [option.get("value") for option in options if option.get("selected") is not None]
        assert selected == [chosen] or (selected, chosen) == ([], "")
        assert untouched(page, [b])
    shown = {row.get("data-id") for row in show("/", wall=wall).all("tr", "boulder")}
    assert shown == {str(boulder)}


@requirement("R2", "The list of boulders or the page of one does not hold its whole name in its attributes.")
@pytest.mark.parametrize("kind", sorted(HARMS))
def test_a_boulders_whole_name_is_in_the_attributes(show, announce, word, kind):
    a, b = word(), word()
    name = HARMS[kind].format(a, b)
    boulder = announce(name)

    listed, page = show("/"), show(f"/boulders/{boulder}")

    assert listed.one("tr", "boulder", data_id=boulder).get("data-name") == name
    assert page.one("figure", "chart").get("aria-label") == name
    assert untouched(listed, [a, b])
    assert untouched(page, [a, b])


@requirement("R2", "The list of climbers does not hold their whole names in its attributes.")
def test_a_climbers_whole_name_is_in_the_attributes(show, hall, join, word):
    a, b = word(), word()
    names = {join(harm.format(a, b)): harm.format(a, b) for harm in HARMS.values()}
    names |= {climber["id"]: climber["name"] for climber in hall.climbers}

    page = show("/climbers")

    assert {int(row.get("data-id")): row.get("title") for row in page.all("li", "climber")} == names
    assert untouched(page, [a, b])


@requirement("R2", "The search no longer finds boulders by name and wall.")
def test_the_search_finds_by_name_and_wall(show, hall, announce, word):
    name = word()
    ids = {announce(f"{name} {word()}", wall=wall): wall for wall in hall.walls}

    for wall in ("", hall.walls[1]):
        page = show("/", q=name.upper(), wall=wall)
        rows = {int(row.get("data-id")): row.one("a").text for row in page.all("tr", "boulder")}
        assert set(rows) == {number for number, of in ids.items() if wall in {"", of}}
        assert all(text.startswith(name) for text in rows.values())
        assert page.one("form", "search").one("input", name="q").get("value") == name.upper()
        assert page.one(cls="found").text == f"{len(rows)} with “{name.upper()}” in the name"
    assert len(show("/").all("tr", "boulder")) == len(hall.boulders) + len(ids)

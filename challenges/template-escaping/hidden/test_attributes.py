"""R2: form fields and attributes."""

from __future__ import annotations

from browser import untouched

from mendbox.testing import requirement

#: Ways out of an attribute; {0} and {1} must not become attributes or elements.
HARMS = (
    "{0} {1}={0} onclick={1}()",
    "{0}\" {1}=\"1\" x='{0}' {1}='2'",
    "\"'><{0} {1}=1> & &quot;",
)


@requirement("R2", "The search field does not hold what was searched for.")
def test_the_field_keeps_what_was_searched_for(show, word):
    for harm in HARMS:
        a, b = word(), word()
        q = harm.format(a, b)

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
def test_a_boulders_whole_name_is_in_the_attributes(show, announce, word):
    a, b = word(), word()
    boulders = {announce(harm.format(a, b)): harm.format(a, b) for harm in HARMS}

    listed = show("/")

    assert untouched(listed, [a, b])
    for boulder, name in boulders.items():
        assert listed.one("tr", "boulder", data_id=boulder).get("data-name") == name
        page = show(f"/boulders/{boulder}")
        assert page.one("figure", "chart").get("aria-label") == name
        assert untouched(page, [a, b])


@requirement("R2", "The list of climbers does not hold their whole names in its attributes.")
def test_a_climbers_whole_name_is_in_the_attributes(show, hall, join, word):
    a, b = word(), word()
    names = {join(harm.format(a, b)): harm.format(a, b) for harm in HARMS}
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

"""R2: what pages add to the frame."""

from __future__ import annotations

from datetime import timedelta

from shown import cards_of, length

from mendbox.testing import requirement


def saved_by(station, listener):
    return sorted((station.episode(number) for number in station.kept[listener["id"]]), key=lambda row: row["title"])


@requirement("R2", "The page of a show does not tell of the other shows of its host.")
def test_a_show_has_the_others_of_its_host_beside_it(app, show, station, word):
    first, last = (f"{letter} {word()}" for letter in "az")
    for number, title in ((9_001, last), (9_002, first)):
        app.call("mendbox_harness:add_show", number, title, word(), station.few["host"])

    others = show(f"/shows/{station.few['id']}").one("aside").one("ul", "others").all("a")
    assert [(link.text, link.get("href")) for link in others] == [(first, "/shows/9002"), (last, "/shows/9001")]

    others = show("/shows/9001").one("aside").one("ul", "others").all("li")
    assert {item.text for item in others} == {first, station.few["title"]}


@requirement("R2", "The page of an episode does not load the script of its share button.")
def test_an_episode_can_be_shared(show, station):
    for row in (station.plain, station.single):
        page = show(f"/episodes/{row['id']}")

        scripts = [script for script in page.all("script") if (script.get("src") or "").endswith("/share.js")]
        assert [script.get("data-title") for script in scripts] == [row["title"]]


@requirement("R2", "The schedule does not say which day it shows, or does not lead to the days around it.")
def test_the_schedule_says_its_day(show, station):
    for day in (station.day, station.day + timedelta(days=1)):
        main = show(f"/schedule?day={day}").one("main")

        assert main.one("h1", "day").text == day.strftime("%A, %d %B %Y")
        for rel, days in (("prev", -1), ("next", 1)):
            assert main.one("a", rel=rel).get("href") == f"/schedule?day={day + timedelta(days=days)}"


@requirement("R2", "The list of saved episodes is not shown, or not with a card for each.")
def test_the_saved_episodes_are_listed_as_cards(show, station, sign_in):
    for listener in (station.reader, station.other):
        items = show("/saved", sign_in(listener)).one("main").one("ol", "episodes").all("li")

        rows = saved_by(station, listener)
        assert [item.get("data-id") for item in items] == [str(row["id"]) for row in rows]
        for item, row in zip(items, rows, strict=True):
            card = cards_of(item)[row["id"]]
            assert (card.one("h3").text, card.one("a").get("href")) == (row["title"], f"/episodes/{row['id']}")


@requirement("R2", "The printed list of saved episodes is not shown, or not with a line for each.")
def test_the_printed_list_has_a_line_for_each(show, station, sign_in):
    for listener in (station.reader, station.other):
        page = show("/saved/print", sign_in(listener))
        items = page.one("main").one("ol", "episodes").all("li")

        rows = saved_by(station, listener)
        assert [item.get("data-id") for item in items] == [str(row["id"]) for row in rows]
        assert [item.text for item in items] == [
            f"{station.show(row['show_id'])['title']}: {row['title']} ({length(row['minutes'])})" for row in rows
        ]
        assert cards_of(page) == {}


@requirement("R2", "The page of a show no longer has its description and its episodes.")
def test_a_show_has_its_description_and_episodes(show, station):
    for row in (station.few, station.many):
        page = show(f"/shows/{row['id']}")

        assert page.one("meta", name="description").get("content") == row["blurb"]
        assert page.one("main").one("h1").text == row["title"]
        assert {number: card.one("h3").text for number, card in cards_of(page).items()} == {
            episode["id"]: episode["title"] for episode in station.of(row)
        }
        assert list(cards_of(page)) == [episode["id"] for episode in station.of(row)]


@requirement("R2", "The lists of shows, episodes or slots are not what they were.")
def test_the_lists_are_as_before(show, station):
    newest = station.of(station.many)[:6]
    assert list(cards_of(show("/"))) == [row["id"] for row in newest]

    shows = sorted(station.shows, key=lambda row: row["title"])
    assert [item.get("data-id") for item in show("/shows").one("ul", "shows").all("li")] == [
        str(row["id"]) for row in shows
    ]
    narrowed = show(f"/shows?genre={station.few['genre']}").one("ul", "shows").all("li")
    assert {item.text for item in narrowed} == {
        f"{row['title']} with {row['host']}" for row in (station.few, station.bare)
    }

    rows = show(f"/schedule?day={station.day}").one("table", "slots").all("tr")
    assert [(row.get("data-id"), row.all("td")[0].text, row.one("a").text) for row in rows] == [
        (str(slot["id"]), slot["starts_at"].strftime("%H:%M"), station.show(slot["show_id"])["title"])
        for slot in station.slots
    ]


@requirement("R2", "A list without anything saved does not say so, or the printed list has lost its own style.")
def test_an_empty_list_is_as_before(show, station, sign_in):
    client = sign_in(station.empty)

    for path in ("/saved", "/saved/print"):
        page = show(path, client)
        assert [item.text for item in page.one("ol", "episodes").all("li")] == ["Nothing yet"]
        assert page.one("main").one("h1").text == "Saved for later"
        assert station.empty["name"] in page.one("p", "listener").text
    sheets = [link for link in page.all("link", rel="stylesheet") if not link.get("href").endswith("/skerry.css")]
    assert page.all("style") or sheets

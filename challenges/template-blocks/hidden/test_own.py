"""R5: everybody sees their own, as it is now."""

from __future__ import annotations

from datetime import timedelta

from mendbox_harness import seconds
from shown import cards_of, marked

from mendbox.testing import requirement


def expected(station, page, listener):
    kept = station.kept[listener["id"]] if listener else []
    return set(kept) & set(cards_of(page))


@requirement("R5", "Cards on a page do not say which episodes the listener has saved.")
def test_cards_on_pages_are_marked(client, show, station, sign_in):
    browsers = [(station.reader, sign_in(station.reader)), (None, client), (station.other, sign_in(station.other))]
    for path in ("/", f"/shows/{station.many['id']}", f"/shows/{station.few['id']}"):
        for listener, by in (*browsers, browsers[0]):
            page = show(path, by)
            assert marked(page) == expected(station, page, listener)


@requirement("R5", "Cards that are given by themselves do not say which episodes the listener has saved.")
def test_cards_by_themselves_are_marked(client, cards, station, sign_in):
    browsers = [(station.reader, sign_in(station.reader)), (None, client), (station.other, sign_in(station.other))]
    for row in (station.many, station.few):
        for listener, by in (*browsers, browsers[0]):
            page = cards(row, by)
            assert marked(page) == expected(station, page, listener)


@requirement("R5", "The cards of the list of saved episodes do not say that these are saved.")
def test_the_cards_of_saved_episodes_are_marked(show, station, sign_in):
    for listener in (station.reader, station.other):
        assert marked(show("/saved", sign_in(listener))) == set(station.kept[listener["id"]])


@requirement("R5", "Somebody is shown as somebody else, or with what somebody else has saved.")
def test_the_frame_is_about_who_looks(client, show, station, sign_in):
    reader, other, empty = (sign_in(listener) for listener in station.listeners)
    for path in ("/", f"/episodes/{station.plain['id']}", "/schedule"):
        for listener, by in zip((*station.listeners, station.reader), (reader, other, empty, reader), strict=True):
            told = show(path, by).one("p", "listener")
            assert told.one("b").text == listener["name"]
            assert told.one(cls="count").text == f"{len(station.kept[listener['id']])} saved"
            assert show(path, client).one("p", "listener").text == "Sign in"
    reader.post("/logout")
    assert show("/", reader).one("p", "listener").text == "Sign in"


@requirement("R5", "What was saved or forgotten a moment ago does not show.")
def test_saving_shows_at_once(show, station, sign_in):
    listener, by = station.reader, sign_in(station.reader)
    episode, count = station.single["id"], len(station.kept[listener["id"]])
    saved, forgotten = ("save", "unsave", count + 1), ("unsave", "save", count)
    for action, offered, number in (saved, forgotten, saved):
        answer = by.post(f"/episodes/{episode}/{action}")
        assert (answer.status_code, answer.location) == (303, f"/episodes/{episode}")
        page = show(f"/episodes/{episode}", by)
        assert page.one("p", "listener").one(cls="count").text == f"{number} saved"
        assert page.one("form", offered).get("action") == f"/episodes/{episode}/{offered}"


@requirement("R5", "What is on air is not what is on air at this moment.")
def test_on_air_is_what_is_on_air_now(show, station, clock):
    first, last = station.first, station.open
    over = first["starts_at"] + timedelta(minutes=first["minutes"])
    moments = [
        (first["starts_at"] - timedelta(seconds=1), None),
        (first["starts_at"] + timedelta(seconds=1), first),
        (over - timedelta(seconds=1), first),
        (over + timedelta(seconds=1), None),
        (last["starts_at"] + timedelta(seconds=1), last),
        (last["starts_at"] + timedelta(days=1, hours=7), last),
    ]
    for moment, slot in moments:
        clock.freeze(at=seconds(moment))
        links = show(f"/episodes/{station.plain['id']}").one("p", "on-air").all("a")
        assert [link.text for link in links] == ([station.show(slot["show_id"])["title"]] if slot else [])
        assert [link.get("href") for link in links] == ([f"/shows/{slot['show_id']}"] if slot else [])


@requirement("R5", "A genre that came up a moment ago is not among the genres.")
def test_genres_are_those_that_there_are(app, show, station, word):
    assert [item.text for item in show("/").one("ul", "genres").all("li")] == station.genres()
    genre = word()

    app.call("mendbox_harness:add_show", 9_003, f"{word()} {word()}", genre, word())

    shown = [item.text for item in show("/").one("ul", "genres").all("li")]
    assert shown == sorted({*station.genres(), genre})

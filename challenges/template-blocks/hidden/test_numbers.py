"""R3: numbers that are 0, and numbers that are not known."""

from __future__ import annotations

from datetime import timedelta

from mendbox_harness import seconds
from shown import cards_of, length, plays, rating

from mendbox.testing import requirement


def check_cards(page, rows):
    found = {number: (card.one(cls="length"), card.one(cls="plays")) for number, card in cards_of(page).items()}
    assert {number: (told.text, count.text) for number, (told, count) in found.items()} == {
        row["id"]: (length(row["minutes"]), plays(row["plays"])) for row in rows
    }


def check_episode(page, row):
    facts = page.one("main").one("dl")
    assert facts.one(cls="length").text == length(row["minutes"])
    assert facts.one(cls="plays").text == plays(row["plays"])
    assert facts.one(cls="rating").text == rating(row["rating"])
    assert page.one("main").one("h1").text == row["title"]


@requirement("R3", "A length of 0, or plays that are 0 or not counted, do not look as they should on cards.")
def test_cards_show_0_and_what_is_not_known(cards, station):
    for row in (station.mixed, station.old):
        check_cards(cards(row), station.of(row))


@requirement("R3", "The page of an episode does not show its length, plays or rating of 0.")
def test_an_episode_that_is_all_zeros(show, station):
    check_episode(show(f"/episodes/{station.zero['id']}"), station.zero)


@requirement("R3", "The page of an old episode does not show that its length, plays and rating are not known.")
def test_an_episode_of_which_nothing_is_known(show, station):
    for row in (station.unknown, *station.of(station.old)):
        check_episode(show(f"/episodes/{row['id']}"), row)


@requirement("R3", "The total or the rating of a show is not that of the episodes that have one.")
def test_a_show_counts_what_is_known(show, station):
    known = [station.plain, station.single, station.zero]
    average = sum(row["rating"] for row in known) / 3

    page = show(f"/shows/{station.mixed['id']}")

    assert page.one("main").one(cls="total").text == length(sum(row["minutes"] for row in known))
    assert page.one("main").one(cls="rating").text == rating(average)
    check_cards(page, station.of(station.mixed))
    main = show(f"/shows/{station.silent['id']}").one("main")
    assert (main.one(cls="total").text, main.one(cls="rating").text) == ("0 min", "0.0")


@requirement("R3", "A show of whose episodes nothing is known has a total or a rating, or is not shown.")
def test_a_show_of_which_nothing_is_known(show, station):
    for row in (station.old, station.bare):
        main = show(f"/shows/{row['id']}").one("main")

        assert main.one("h1").text == row["title"]
        assert (main.one(cls="total").text, main.one(cls="rating").text) == ("–", "not rated")


@requirement("R3", "The schedule does not tell a dropped slot from one with an open end.")
def test_the_schedule_shows_dropped_and_open_slots(show, station):
    rows = show(f"/schedule?day={station.day}").one("table", "slots").all("tr")

    assert {int(row.get("data-id")): row.one(cls="length").text for row in rows} == {
        slot["id"]: length(slot["minutes"], "open end") for slot in station.slots
    }


@requirement("R3", "A dropped slot is on air.")
def test_a_dropped_slot_is_never_on_air(show, station, clock):
    begins = station.dropped["starts_at"]
    title = station.show(station.dropped["show_id"])["title"]
    for later in (timedelta(0), timedelta(minutes=1), timedelta(hours=4)):
        clock.freeze(at=seconds(begins + later))
        header = show(f"/episodes/{station.plain['id']}").one("header")
        assert title not in header.text
        assert header.one("p", "on-air").all("a") == []


@requirement("R3", "The printed list does not show lengths that are 0 or not known as it should.")
def test_the_printed_list_shows_0_and_what_is_not_known(show, station, sign_in):
    client = sign_in(station.empty)
    rows = [station.zero, station.unknown, station.plain]
    for row in rows:
        client.post(f"/episodes/{row['id']}/save")

    items = show("/saved/print", client).one("ol", "episodes").all("li")

    assert {int(item.get("data-id")): item.text for item in items} == {
        row["id"]: f"{station.mixed['title']}: {row['title']} ({length(row['minutes'])})" for row in rows
    }


@requirement("R3", "Numbers that are known and not 0 no longer look as they did.")
def test_other_numbers_are_as_before(show, cards, station):
    for row in (station.plain, station.single, station.of(station.few)[0]):
        check_episode(show(f"/episodes/{row['id']}"), row)
    for row in (station.few, station.many):
        rows = station.of(row)
        main = show(f"/shows/{row['id']}").one("main")
        assert main.one(cls="total").text == length(sum(episode["minutes"] for episode in rows))
        assert main.one(cls="rating").text == rating(sum(episode["rating"] for episode in rows) / len(rows))
        check_cards(cards(row), rows)

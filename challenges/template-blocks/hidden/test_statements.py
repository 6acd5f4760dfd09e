"""R4: what an answer asks the database for."""

from __future__ import annotations

from shown import cards_of

from mendbox.testing import requirement


@requirement("R4", "The more cards there are, the more statements they take, or they ask for what they do not show.")
def test_cards_take_the_same_statements_for_few_and_for_many(client, cards, station, sign_in, queries):
    for by in (client, sign_in(station.reader)):
        took = []
        for row in (station.few, station.many):
            with queries() as q:
                page = cards(row, by)
            assert list(cards_of(page)) == [episode["id"] for episode in station.of(row)]
            assert q.matching("slots") == []
            took.append(len(q))
        assert took[0] == took[1]


@requirement("R4", "The player asks the database for something.")
def test_the_player_asks_for_nothing(client, show, station, sign_in, queries):
    for by in (client, sign_in(station.reader)):
        with queries() as q:
            page = show("/player", by)
        assert page.one("title").text == f"{station.name} live"
        assert q.statements == []


@requirement("R4", "The player or the cards are not what they were.")
def test_fragments_are_as_before(show, cards, station):
    page = show("/player")
    assert page.one("title").text == f"{station.name} live"
    assert page.one("audio").get("src") == "https://stream.skerry.example/live"
    assert page.all("header") == page.all("nav") == []

    for row in (station.few, station.many):
        page = cards(row)
        shown = [(number, card.one("h3").text, card.one("a").get("href")) for number, card in cards_of(page).items()]
        assert shown == [(episode["id"], episode["title"], f"/episodes/{episode['id']}") for episode in station.of(row)]
        assert page.all("header") == page.all("title") == []
    assert cards_of(cards(station.bare)) == {}

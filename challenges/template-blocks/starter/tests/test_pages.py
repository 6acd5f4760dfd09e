import pytest


def test_the_newest_episodes_come_first(client):
    page = client.get("/").text

    assert page.index("Harbour Lights") < page.index("Brushes Only") < page.index("Herring Girls")


def test_shows_are_listed_by_title(client):
    page = client.get("/shows").text

    listed = page.split("<main>")[1]
    assert listed.index("Burnt Toast") < listed.index("Night Ferry") < listed.index("Tide Tables")
    assert 'aria-current="page">Shows</a>' in page


def test_shows_can_be_narrowed_to_a_genre(client):
    page = client.get("/shows", query_string={"genre": "jazz"}).text

    assert "Night Ferry</a>" in page
    assert "Burnt Toast</a> with" not in page


def test_a_show_has_its_episodes(client):
    page = client.get("/shows/1").text

    assert page.index("The Long Pier") < page.index("Herring Girls")
    assert "2 h 03 min" in page
    assert "1,204 plays" in page


def test_an_episode_is_shown(client):
    page = client.get("/episodes/2").text

    assert "1 h 05 min" in page
    assert "310 plays" in page
    assert ">4.0<" in page


def test_cards_are_for_other_pages(client):
    cards = client.get("/shows/2/cards").json["cards"]

    assert len(cards) == 2
    assert "Harbour Lights" in cards[0]
    assert "<html" not in cards[0]


def test_the_schedule_has_the_slots_of_a_day(client):
    page = client.get("/schedule", query_string={"day": "2026-11-02"}).text

    assert page.index("07:00") < page.index("10:00") < page.index("20:00")
    assert "open end" in page


@pytest.mark.parametrize("path", ["/nowhere", "/shows/99", "/schedule?day=someday"])
def test_what_is_not_there_is_a_page_of_its_own(client, path):
    answer = client.get(path)

    assert answer.status_code == 404
    assert "Dead air" in answer.text


def test_the_player_plays_the_stream(client):
    assert "https://stream.skerry.example/live" in client.get("/player").text

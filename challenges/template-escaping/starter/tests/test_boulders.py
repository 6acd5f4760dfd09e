import json
import re

import pytest


def test_the_list_is_by_name(client):
    page = client.get("/").text

    assert page.index("Bat &amp; Hook") < page.index("Long Way Round") < page.index("Tiptoe")


def test_the_list_can_be_searched(client):
    page = client.get("/", query_string={"q": "tip"}).text

    assert "1 with “tip” in the name" in page
    assert "Tiptoe" in page
    assert "Long Way Round" not in page


def test_the_list_can_be_narrowed_to_a_wall(client):
    page = client.get("/", query_string={"wall": "North Edge"}).text

    assert "Long Way Round" in page
    assert "Tiptoe" not in page


def test_a_new_boulder_is_shown(client):
    answer = client.post(
        "/boulders", data={"name": "Fish Ladder", "grade": "6c", "wall": "Cave", "setter": "2"}, follow_redirects=True
    )

    assert answer.status_code == 200
    assert "<h1>Fish Ladder</h1>" in answer.text


@pytest.mark.parametrize("wrong", [{"name": " "}, {"grade": "very hard"}, {"setter": "99"}, {"setter": "me"}])
def test_a_boulder_that_makes_no_sense_is_refused(client, wrong):
    sent = {"name": "Fish Ladder", "grade": "6c", "wall": "Cave", "setter": "2"}

    assert client.post("/boulders", data=sent | wrong).status_code == 400


def test_an_ascent_is_in_the_chart(client):
    answer = client.post("/boulders/3/ascents", data={"climber": "2", "tries": "5"}, follow_redirects=True)

    chart = re.search(r'id="ascents">(.*?)</script>', answer.text, re.DOTALL)
    assert json.loads(chart[1])["ascents"] == [{"climber": "Marek", "tries": 5}]


def test_a_label_is_plain_text(client):
    answer = client.get("/boulders/2/label.txt")

    assert answer.mimetype == "text/plain"
    assert answer.text.splitlines() == ["Bat & Hook", "7a, Cave", "set by Marek on 2026-11-02"]


def test_the_app_on_phones_gets_what_was_written(client):
    answer = client.get("/api/boulders/2").json

    assert answer["name"] == "Bat & Hook"
    assert answer["notes"][0]["text"] == "*Left heel* first, then swing.\nLike #1, only upside down."


def test_the_screen_shows_the_newest_first(client):
    page = client.get("/screen").text

    assert page.index("Long Way Round") < page.index("Tiptoe")
    assert page.index("See https://video.example") < page.index("first, then swing.")

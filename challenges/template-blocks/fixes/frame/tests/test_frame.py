import pytest


@pytest.mark.parametrize(
    "path", ["/", "/shows", "/shows/1", "/episodes/2", "/schedule", "/saved", "/saved/print", "/nowhere"]
)
def test_pages_have_their_frame(una, path):
    page = una.get(path).text

    assert page.count("skerry.css") == page.count("skerry.js") == page.count("<title>") == 1
    assert "| Radio Skerry</title>" in page
    assert "Una Petrie" in page


def test_saved_episodes_are_marked(una, client):
    assert 'class="saved"' in una.get("/shows/1").text
    assert 'class="saved"' in una.get("/shows/1/cards").json["cards"][0]
    assert 'class="saved"' not in una.get("/shows/2").text


def test_numbers(app):
    filters = app.jinja_env.filters

    assert [filters["minutes"](value) for value in (None, 0, 59, 60)] == ["–", "0 min", "59 min", "1 h 00 min"]
    assert [filters["plays"](value) for value in (None, 0, 1, 20)] == ["not counted", "0 plays", "1 play", "20 plays"]
    assert [filters["rating"](value) for value in (None, 0.0, 4.5)] == ["not rated", "0.0", "4.5"]

import pytest

AS_JSON = [("Accept", "application/json")]


@pytest.fixture
def box_office(app):
    """What the box office was asked."""
    asked = []

    def ask(number):
        asked.append(number)
        if len(asked) == 1:
            raise ConnectionError
        return 12

    app.config["BOX_OFFICE"] = ask
    return asked


def test_an_error_is_not_remembered(client, box_office):
    assert [client.get("/concerts/2").status_code for _ in range(3)] == [503, 200, 200]
    assert box_office == [2, 2]


def test_committees_telephone_numbers_stay_theirs(sign_in):
    shown = [sign_in(number).get("/members?voice=alto", headers=AS_JSON).json["voices"]["alto"][0] for number in (3, 1)]
    assert ["phone" in singer for singer in shown] == [True, False]


def test_a_venue_changes_everywhere(client, sign_in):
    assert client.get("/concerts", headers=AS_JSON).json["concerts"][0]["venue"] == "St Anne"
    sign_in(3).post("/concerts/1", data={"title": "Spring", "venue": "Town hall", "day": "2027-04-18"})
    assert client.get("/concerts", headers=AS_JSON).json["concerts"][0]["venue"] == "Town hall"

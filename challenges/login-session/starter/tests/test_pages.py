def test_a_visitor_picks_a_site(client):
    assert client.get("/sites/mill?back=/").location == "/"
    assert "The gate sticks." in client.get("/").text


def test_there_is_no_such_site(client):
    assert client.get("/sites/moon").status_code == 404


def test_shifts_are_for_members(client):
    assert client.get("/shifts?task=fence").location == "/login?next=/shifts?task%3Dfence"


def test_a_shift_is_taken_once(ada):
    assert ada.post("/shifts/2").location == "/shifts"
    page = ada.get("/shifts?task=fence").text
    assert "See you on" in page
    assert "3 places left" in page
    ada.post("/shifts/2")
    assert "You work this shift already." in ada.get("/shifts").text

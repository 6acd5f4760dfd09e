def test_only_who_is_signed_in_saves(client):
    assert client.get("/saved").location == "/login"
    assert client.post("/episodes/1/save").location == "/login"


def test_a_wrong_pin_is_refused(client):
    answer = client.post("/login", data={"member": "1", "pin": "0000"})

    assert answer.status_code == 400
    assert "Nobody has this" in answer.text


def test_the_frame_says_who_is_signed_in(una):
    page = una.get("/").text

    assert "Una Petrie" in page
    assert "1 saved" in page


def test_episodes_are_saved_and_forgotten(una):
    una.post("/episodes/4/save")
    assert "2 saved" in una.get("/").text
    assert "Forget" in una.get("/episodes/4").text

    una.post("/episodes/4/unsave")
    assert "1 saved" in una.get("/").text
    assert "Forget" not in una.get("/episodes/4").text


def test_an_empty_list_says_so(una):
    una.post("/episodes/2/unsave")

    assert "Nothing yet" in una.get("/saved").text


def test_signing_out(una):
    una.post("/logout")

    assert "Una Petrie" not in una.get("/").text

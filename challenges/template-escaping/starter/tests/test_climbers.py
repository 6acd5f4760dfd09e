def test_climbers_are_listed(client):
    page = client.get("/climbers").text

    assert page.index("Lena") < page.index("Marek")


def test_a_climber_may_have_a_website(client):
    page = client.get("/climbers/1").text

    assert 'href="https://lena.example/climbing?lang=en&amp;page=1"' in page


def test_a_new_climber_is_shown(client):
    answer = client.post("/climbers", data={"name": "Ayo", "website": ""}, follow_redirects=True)

    assert "<h1>Ayo</h1>" in answer.text

def test_the_seating_shows_the_cards_of_the_open_evenings(client):
    page = client.get("/").text

    assert "captain-ari" in page
    assert "Hildur" in page
    assert "Soffia" not in page


def test_a_seat_card_says_on_which_evening(client):
    assert "Thursday, arctic char" in client.get("/members/captain-ari").text


def test_the_seed_command_fills_the_database(app):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert "3 members" in result.output

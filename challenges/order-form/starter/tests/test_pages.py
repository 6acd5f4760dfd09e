def test_the_catalogue_shows_the_costumes(client):
    page = client.get("/").text

    assert "Crown, gilt, with stones" in page
    assert "9.00" in page


def test_the_seed_command_fills_the_database(app):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert "2 orders" in result.output

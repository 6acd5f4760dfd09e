def test_pages_for_visitors(client):
    assert "Tom Brandt" in client.get("/").text
    assert "Anna Hale" in client.get("/vets/AH").text
    assert client.get("/api-guide").status_code == 200


def test_a_page_that_is_not_there(client):
    answer = client.get("/vets/XX")

    assert answer.status_code == 404
    assert "run away" in answer.text


def test_the_seed_command_fills_the_clinic(app):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert "3 animals" in result.output

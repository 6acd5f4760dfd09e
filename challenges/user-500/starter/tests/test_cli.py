def test_the_seed_command_fills_the_directory(app):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert "6 people" in result.output
    assert app.test_client().get("/users").json["count"] == 5

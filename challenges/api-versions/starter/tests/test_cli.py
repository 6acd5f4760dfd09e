def test_the_seed_command_fills_the_network(app):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert "23 chargers" in result.output
    assert app.test_client().get("/v2/chargers").json["total"] == 23

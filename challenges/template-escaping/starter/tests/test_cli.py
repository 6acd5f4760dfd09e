def test_the_seed_command_fills_the_hall(app):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert "3 boulders" in result.output

def test_everyone_sees_what_there_is(client):
    answer = client.get("/").json

    assert answer["service"] == "Interloan"
    assert ["GET /copies", "POST /copies"] == [
        f"{each['method']} {each['path']}" for each in answer["operations"] if each["path"] == "/copies"
    ]


def test_everyone_sees_the_libraries(client):
    assert [library["code"] for library in client.get("/libraries").json["libraries"]] == ["FEN", "MOOR", "OFFICE"]


def test_the_seed_command_names_the_tokens(app):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert "fendesk.5d41402abc  desk, Fenwick Library" in result.output

from ovenboard import create_app


def branch(name, **settings):
    app = create_app({"TESTING": True, "DATABASE_URL": "sqlite://", "BRANCH": name} | settings)
    app.test_cli_runner().invoke(args=["init-db"], catch_exceptions=False)
    app.test_cli_runner().invoke(args=["add-product", "rye", name, "420"], catch_exceptions=False)
    return app.test_client()


def test_two_branches_have_nothing_in_common():
    one, other = branch("One", CURRENCY="EUR", MAX_PIECES=2), branch("Other", DELIVERY={"towns": []})
    assert one.post("/orders", json={"product": "rye", "pieces": 2, "customer": "Odd"}).json["total"] == "8.40 EUR"
    assert one.post("/orders", json={"product": "rye", "pieces": 3, "customer": "Odd"}).status_code == 400
    assert other.get("/orders").json == {"orders": []}
    assert other.get("/menu").json["products"][0]["name"] == "Other"
    assert one.get("/about").json["delivery"]["towns"] == ["Aldmouth", "Crickby"]


def test_the_environment_is_read_when_an_app_is_made(monkeypatch):
    monkeypatch.setenv("OVENBOARD_CURRENCY", "SEK")
    assert create_app().config["CURRENCY"] == "SEK"
    monkeypatch.delenv("OVENBOARD_CURRENCY")
    assert create_app().config["CURRENCY"] == "GBP"

def test_every_label_is_printed(client):
    labels = client.get("/labels").json["labels"]

    assert len(labels) == 5
    assert labels[0]["exhibition"] == "Patterns"
    assert labels[0]["item"]["title"] == "Paisley shawl"


def test_a_lender_is_shown_with_the_objects(client):
    assert [lender["name"] for lender in client.get("/lenders").json["lenders"]] == ["Ada Moss", "Garside Mill Trust"]
    assert [item["number"] for item in client.get("/lenders/1").json["items"]] == ["L.12", "L.14"]


def test_what_stood_in_a_case_is_in_the_store(client, id_of):
    cases = {case["code"]: case["id"] for case in client.get("/cases").json["cases"]}

    assert client.delete(f"/cases/{cases['S4']}").status_code == 204

    assert client.get(f"/items/{id_of('L.12')}").json["case"] is None


def test_a_keyword_is_taken_off_all_objects(client, id_of):
    assert client.delete("/keywords/silk").status_code == 204

    assert client.get(f"/items/{id_of('1950.2')}").json["keywords"] == []
    assert client.get("/keywords").json["keywords"] == [
        {"word": "jacquard", "items": 2},
        {"word": "sampler", "items": 1},
    ]


def test_the_figures_of_the_year(client):
    assert client.get("/figures").json == {
        "items": 5,
        "lenders": 2,
        "cases": 2,
        "keywords": 3,
        "exhibitions": 2,
        "labels": 5,
        "photos": 2,
        "reports": 3,
    }


def test_the_object_of_the_day_is_shown(client):
    screen = client.get("/today").json

    assert screen in client.get("/items").json["items"]
    assert client.get("/today").json == screen


def test_the_web_site_shows_the_object_of_the_day(client):
    page = client.get("/today/page").json

    assert client.get(f"/items/{page['id']}").json == page


def test_the_seed_command_fills_the_register(app):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert "5 objects" in result.output

def test_the_stock_page_shows_the_parts(client):
    answer = client.get("/stock", query_string={"category": "Pumps"})

    assert answer.status_code == 200
    assert 'data-number="HX-5010"' in answer.text
    assert 'data-number="HX-2204"' not in answer.text


def test_an_unknown_order_is_refused(client):
    assert client.get("/stock?sort=price").status_code == 400


def test_the_seed_command_fills_the_stockroom(app):
    result = app.test_cli_runner().invoke(args=["seed"])

    assert result.exit_code == 0
    assert "10 parts" in result.output

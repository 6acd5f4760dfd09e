def test_the_menu_lists_products_with_their_prices(client):
    assert client.get("/menu").json["products"] == [
        {"slug": "bun", "name": "Cardamom bun", "price_cents": 250, "price": "2.50 GBP"},
        {"slug": "rye", "name": "Rye loaf", "price_cents": 420, "price": "4.20 GBP"},
    ]


def test_a_branch_tells_about_itself(client):
    about = client.get("/about").json
    assert about["branch"] == "Test Street"
    assert about["max_pieces"] == 12
    assert about["delivery"]["fee_cents"] == 350

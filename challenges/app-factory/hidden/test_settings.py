"""R1: every branch has its own settings."""

from __future__ import annotations

from shown import about

from mendbox.testing import requirement


@requirement("R1", "Prices, of the menu or of orders, are not in the branch's own currency.")
def test_prices_are_in_the_branchs_own_currency(client, bakery, order):
    for branch in bakery.branches:
        menu = client.get(f"/{branch.slug}/menu").json["products"]
        assert {product["price"].split()[1] for product in menu} == {branch.currency}
        taken = order(branch)
        assert taken.json["total"] == branch.money(taken.json["total_cents"])


@requirement("R1", "The board is not headed by the branch's own name, or its prices are in another currency.")
def test_the_board_is_the_branchs_own(client, bakery, order):
    for branch in bakery.branches:
        taken = order(branch).json
        page = client.get(f"/{branch.slug}/board").text
        assert f"<h1>{branch.name}: " in page
        assert f"for {taken['customer']}, {branch.money(taken['total_cents'])}" in page


@requirement("R1", "The limit of pieces is not the branch's own.")
def test_the_limit_is_the_branchs_own(client, bakery, order):
    for branch in bakery.branches:
        assert order(branch, pieces=branch.max_pieces).status_code == 201
        refused = order(branch, pieces=branch.max_pieces + 1)
        assert (refused.status_code, refused.json["error"]["code"]) == (400, "invalid_pieces")
        assert refused.json["error"]["message"] == f"Order 1 to {branch.max_pieces} pieces."


@requirement("R1", "Delivery does not cost, or reach, what the branch's own settings say.")
def test_delivery_is_the_branchs_own(client, bakery, order):
    for branch in bakery.branches:
        slug = min(branch.products, key=lambda slug: branch.products[slug][2])
        cents, delivery = branch.products[slug][2], branch.delivery
        for town in delivery["towns"]:
            assert order(branch, product=slug, pieces=1, deliver_to=town).json["total_cents"] == cents + (
                0 if cents >= delivery["free_from_cents"] else delivery["fee_cents"]
            )
        pieces = -(-delivery["free_from_cents"] // cents)
        if pieces <= branch.max_pieces:
            free = order(branch, product=slug, pieces=pieces, deliver_to=town)
            assert free.json["total_cents"] == pieces * cents
        for other in bakery.branches:
            if other is not branch:
                refused = order(branch, deliver_to=other.delivery["towns"][0])
                assert (refused.status_code, refused.json["error"]["code"]) == (400, "too_far")
                assert refused.json["error"]["message"].startswith(f"{branch.name} does not deliver")


@requirement("R1", "What a branch tells about itself is not what it was given and, for the rest, the defaults.")
def test_what_a_branch_did_not_say_is_the_default(client, bakery, opened, word):
    name = word()
    plain = opened(BRANCH=name)

    assert [client.get(f"/{branch.slug}/about").json for branch in bakery.branches] == [
        about(branch) for branch in bakery.branches
    ]
    assert client.get(f"/{plain}/about").json == {
        "branch": name,
        "currency": "GBP",
        "max_pieces": 40,
        "delivery": {"fee_cents": 350, "free_from_cents": 3000, "towns": ["Aldmouth", "Crickby"]},
    }


@requirement("R1", "create_app changes what it is given, or an app changes with what happens to that later.")
def test_what_was_given_is_copied_and_left_alone(app, client, bakery, rng):
    delivery = {"fee_cents": rng.randrange(100, 200), "towns": [rng.choice(bakery.last.delivery["towns"])]}
    given = bakery.last.settings() | {"DATABASE_URL": "sqlite://", "DELIVERY": delivery}

    for slug in ("one", "two"):
        assert app.call("mendbox_harness:open_branch", slug, given) == {"unchanged": True}

    expected = about(bakery.last) | {"delivery": {"free_from_cents": 3000} | delivery}
    assert client.get("/one/about").json == client.get("/two/about").json == expected


@requirement("R1", "A branch no longer tells about itself as before.")
def test_the_name_and_limits_of_a_branch_are_told(client, bakery):
    for branch in bakery.branches:
        told = client.get(f"/{branch.slug}/about").json
        assert (told["branch"], told["currency"], told["max_pieces"]) == (
            branch.name,
            branch.currency,
            branch.max_pieces,
        )
        assert set(told["delivery"]) == {"fee_cents", "free_from_cents", "towns"}

"""R2: every branch has its own data."""

from __future__ import annotations

from shown import menu, orders

from mendbox.testing import requirement


@requirement("R2", "The orders or the menu of a branch are those of another.")
def test_every_branch_shows_its_own_orders_and_menu(client, bakery):
    for branch in reversed(bakery.branches):
        assert client.get(f"/{branch.slug}/orders").json == orders(branch)
        assert client.get(f"/{branch.slug}/menu").json == menu(branch)


@requirement("R2", "An order is not stored where it was sent to, or is handed out elsewhere, too.")
def test_an_order_is_at_its_branch_and_nowhere_else(client, bakery, order):
    taken = {branch.slug: order(branch).json for branch in bakery.branches}

    for branch in bakery.branches:
        assert taken[branch.slug]["number"] == len(branch.orders) + 1
        product = branch.products[taken[branch.slug]["product"]]
        assert taken[branch.slug]["total_cents"] == taken[branch.slug]["pieces"] * product[2]
        listed = client.get(f"/{branch.slug}/orders").json["orders"]
        assert listed == [*orders(branch)["orders"], taken[branch.slug]]

    middle = bakery.middle
    for slug, number in ((bakery.last.slug, 1), (middle.slug, taken[middle.slug]["number"])):
        assert client.post(f"/{slug}/orders/{number}/done").json["done"] is True
    assert client.get(f"/{middle.slug}/orders").json == orders(middle)
    first = client.get(f"/{bakery.first.slug}/orders").json["orders"]
    assert first == [*orders(bakery.first)["orders"], taken[bakery.first.slug]]


@requirement("R2", "A command does not work on the database of its own branch, or not on that alone.")
def test_a_command_is_about_its_own_branch(client, bakery, rng, run, word):
    slug, name, cents = word(), word(), rng.randrange(100, 900)

    assert run(bakery.last.slug, "add-product", slug, name, cents).strip() == f"{slug} is on the menu."

    added = {"slug": slug, "name": name, "price_cents": cents, "price": bakery.last.money(cents)}
    expected = sorted([*menu(bakery.last)["products"], added], key=lambda product: product["slug"])
    assert client.get(f"/{bakery.last.slug}/menu").json["products"] == expected
    for branch in (bakery.first, bakery.middle):
        assert client.get(f"/{branch.slug}/menu").json == menu(branch)


@requirement("R2", "Apps with a database in memory, though alike in all else, do not have one each.")
def test_databases_in_memory_are_the_apps_own(client, bakery, opened, rng, run, word):
    settings = bakery.first.settings()
    one, other, third = (opened(**settings) for _ in range(3))
    for slug in (one, other, third):
        run(slug, "init-db")
    prices = rng.sample(range(100, 900), 2)
    names = [word(), word()]
    run(one, "add-product", "rye", names[0], prices[0])
    run(other, "add-product", "rye", names[1], prices[1])

    for slug, name, cents in ((one, names[0], prices[0]), (other, names[1], prices[1])):
        price = bakery.first.money(cents)
        expected = [{"slug": "rye", "name": name, "price_cents": cents, "price": price}]
        assert client.get(f"/{slug}/menu").json["products"] == expected
        answer = client.post(f"/{slug}/orders", json={"product": "rye", "pieces": 2, "customer": name})
        assert (answer.json["number"], answer.json["total_cents"]) == (1, 2 * cents)
    assert client.get(f"/{third}/menu").json["products"] == []
    assert client.get(f"/{third}/orders").json["orders"] == []


@requirement("R2", "A branch with a file of its own does not find there what it stored, or somebody else finds it.")
def test_a_new_branch_uses_its_own_file(app, client, bakery, rng, run, word):
    slug, again, product, cents = word(), word(), word(), rng.randrange(100, 900)
    given = bakery.last.settings() | {"DATABASE_URL": slug}
    app.call("mendbox_harness:open_branch", slug, given)
    run(slug, "init-db")
    run(slug, "add-product", product, product.title(), cents)
    customer = word()
    client.post(f"/{slug}/orders", json={"product": product, "pieces": 1, "customer": customer})

    app.call("mendbox_harness:open_branch", again, bakery.first.settings() | {"DATABASE_URL": slug})

    (listed,) = client.get(f"/{again}/orders").json["orders"]
    assert (listed["customer"], listed["total"]) == (customer, bakery.first.money(cents))
    for branch in bakery.branches:
        assert client.get(f"/{branch.slug}/orders").json == orders(branch)


@requirement("R2", "The menu is asked of the database again though it has not changed, or is not the branch's own.")
def test_every_branch_remembers_its_own_menu(client, bakery, queries, rng, run, word):
    for branch in bakery.branches:
        assert client.get(f"/{branch.slug}/menu").json == menu(branch)
    with queries() as q:
        for branch in bakery.branches:
            assert client.get(f"/{branch.slug}/menu").json == menu(branch)
    assert len(q) == 0

    slug = word()
    run(bakery.middle.slug, "add-product", slug, slug.title(), rng.randrange(100, 900))
    listed = client.get(f"/{bakery.middle.slug}/menu").json["products"]
    assert slug in [product["slug"] for product in listed]
    with queries() as q:
        for branch in (bakery.first, bakery.last):
            assert client.get(f"/{branch.slug}/menu").json == menu(branch)
    assert len(q) == 0


@requirement("R2", "The first branch no longer shows, takes, hands out or remembers what it did before.")
def test_the_first_branch_works_as_before(client, bakery, order, queries, run, word):
    first = bakery.first
    listed = client.get(f"/{first.slug}/orders").json["orders"]
    assert [(each["number"], each["customer"]) for each in listed] == [
        (each["number"], each["customer"]) for each in first.orders if not each["done"]
    ]
    taken = order(first)
    assert (taken.status_code, taken.json["number"]) == (201, len(first.orders) + 1)
    assert client.post(f"/{first.slug}/orders/{taken.json['number']}/done").status_code == 200

    products = [(each["slug"], each["price_cents"]) for each in client.get(f"/{first.slug}/menu").json["products"]]
    assert products == [(slug, cents) for slug, (_, _, cents) in sorted(first.products.items())]
    with queries() as q:
        client.get(f"/{first.slug}/menu")
    assert len(q) == 0
    slug = word()
    run(first.slug, "add-product", slug, slug.title(), 100)
    assert slug in [product["slug"] for product in client.get(f"/{first.slug}/menu").json["products"]]

    unknown = client.post(f"/{first.slug}/orders", json={"product": word(), "pieces": 1, "customer": "Odd"})
    assert (unknown.status_code, unknown.json["error"]["code"]) == (400, "unknown_product")
    assert client.post(f"/{first.slug}/orders/9999/done").json["error"]["code"] == "unknown_order"

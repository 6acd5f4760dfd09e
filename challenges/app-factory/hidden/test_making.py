"""R4: an app depends on when it is made."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R4", "An app does not have the environment's settings of the moment at which it was made.")
def test_the_environment_is_read_when_an_app_is_made(client, bakery, opened, rng, word):
    environments = [
        {
            "OVENBOARD_BRANCH": word(),
            "OVENBOARD_CURRENCY": currency,
            "OVENBOARD_MAX_PIECES": str(rng.randrange(41, 99)),
        }
        for currency in (bakery.spare_currency, bakery.first.currency)
    ]
    slugs = [opened(environment) for environment in environments]
    without = opened()

    for slug, environment in zip(slugs, environments, strict=True):
        told = client.get(f"/{slug}/about").json
        assert told["branch"] == environment["OVENBOARD_BRANCH"]
        assert told["currency"] == environment["OVENBOARD_CURRENCY"]
        assert told["max_pieces"] == int(environment["OVENBOARD_MAX_PIECES"])
    told = client.get(f"/{without}/about").json
    assert (told["branch"], told["currency"], told["max_pieces"]) == ("Field & Crumb", "GBP", 40)


@requirement("R4", "The database that the environment names when an app is made is not the one that it uses.")
def test_the_environments_database_is_used(app, client, bakery, run, word):
    slug, name, product = word(), word(), word()
    given = {"BRANCH": name, "CURRENCY": bakery.spare_currency}
    url = app.call("mendbox_harness:url_of", name)
    app.call("mendbox_harness:open_branch", slug, given, {"OVENBOARD_DATABASE_URL": url})
    assert not app.call("mendbox_harness:has_file", name)

    run(slug, "init-db")
    run(slug, "add-product", product, product.title(), 250)

    assert app.call("mendbox_harness:has_file", name)
    (listed,) = client.get(f"/{slug}/menu").json["products"]
    assert (listed["slug"], listed["price"]) == (product, f"2.50 {bakery.spare_currency}")


@requirement("R4", "Making an app opens or creates its database.")
def test_making_an_app_touches_no_database(app, client, bakery, queries, word):
    slug, name = word(), word()
    with queries() as q:
        app.call("mendbox_harness:open_branch", slug, bakery.last.settings() | {"DATABASE_URL": name})
        told = client.get(f"/{slug}/about").json
    assert (told["branch"], told["currency"]) == (bakery.last.name, bakery.last.currency)
    assert len(q) == 0
    assert not app.call("mendbox_harness:has_file", name)


@requirement("R4", "What is given no longer goes before the environment.")
def test_what_is_given_goes_before_the_environment(client, bakery, opened, word):
    environment = {"OVENBOARD_BRANCH": word(), "OVENBOARD_CURRENCY": "USD", "OVENBOARD_MAX_PIECES": "3"}
    slug = opened(
        environment, BRANCH=bakery.last.name, CURRENCY=bakery.last.currency, MAX_PIECES=bakery.last.max_pieces
    )

    told = client.get(f"/{slug}/about").json
    assert (told["branch"], told["currency"], told["max_pieces"]) == (
        bakery.last.name,
        bakery.last.currency,
        bakery.last.max_pieces,
    )

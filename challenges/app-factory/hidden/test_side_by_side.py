"""R3: branches work side by side."""

from __future__ import annotations

import pytest
from shown import about, export, menu, orders

from mendbox.testing import requirement


@requirement("R3", "An export has lines, prices or a heading that belong to another branch.")
def test_exports_are_the_branchs_own(client, bakery):
    for branch in bakery.branches:
        answer = client.get(f"/{branch.slug}/orders.csv")
        assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/csv", export(branch))


@requirement("R3", "An export goes wrong when another branch does something before it is sent to its end.")
@pytest.mark.parametrize("path", ["orders.csv", "board", "menu"])
def test_an_export_is_not_disturbed_by_another_branch(app, bakery, path):
    for one, other in ((bakery.first, bakery.last), (bakery.last, bakery.middle)):
        exported, meanwhile = app.call("mendbox_harness:while_exporting", one.slug, other.slug, path)

        assert exported == export(one)
        assert other.currency in meanwhile
        if path == "orders.csv":
            assert meanwhile == export(other)


@requirement("R3", "A branch answers differently once another app has been made, or used.")
def test_a_new_app_changes_no_other(client, bakery, opened, order, run, word):
    before = order(bakery.first).json
    new = opened(BRANCH=word(), CURRENCY=bakery.spare_currency, MAX_PIECES=2, DELIVERY={"towns": [], "fee_cents": 7})
    run(new, "init-db")
    run(new, "add-product", word(), word(), 100)
    client.get(f"/{new}/menu")

    for branch in bakery.branches:
        assert client.get(f"/{branch.slug}/menu").json == menu(branch)
        assert client.get(f"/{branch.slug}/about").json == about(branch)
    expected = [*orders(bakery.first)["orders"], before]
    assert client.get(f"/{bakery.first.slug}/orders").json["orders"] == expected
    assert order(bakery.last, pieces=3).json["number"] == len(bakery.last.orders) + 1
    told = client.get(f"/{new}/about").json
    assert (told["currency"], told["max_pieces"]) == (bakery.spare_currency, 2)
    assert told["delivery"] == {"fee_cents": 7, "free_from_cents": 3000, "towns": []}


@requirement("R3", "The same branch does not answer twice the same.")
def test_the_last_branch_keeps_its_name_and_currency(client, bakery):
    for _ in range(2):
        assert f"<h1>{bakery.last.name}: " in client.get(f"/{bakery.last.slug}/board").text
        for branch in bakery.branches:
            assert client.get(f"/{branch.slug}/about").json["currency"] == branch.currency
        lines = client.get(f"/{bakery.last.slug}/orders.csv").text.splitlines()
        assert lines[0] == f"{bakery.last.name},product,pieces,customer,total"
        assert all(line.endswith(f" {bakery.last.currency}") for line in lines[1:])

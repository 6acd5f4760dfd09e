"""R6: what an order costs."""

from __future__ import annotations

import pytest
from orderpage import NEW, plain

from mendbox.testing import requirement


@pytest.fixture
def costs(client, accounts, as_stored):
    """The total of an order is that of these lines, everywhere it is shown."""

    def costs(order, given):
        total = sum(line["cents"] for line in as_stored(given))
        assert sum(line["cents"] for line in order["lines"]) == total
        assert order["total_cents"] == total
        listed = next(each for each in accounts() if each["id"] == order["id"])
        assert (listed["total_cents"], listed["lines"]) == (total, len(given))
        assert f">{total / 100:,.2f}<" in client.get(f"/orders/{order['id']}").text

    return costs


@pytest.fixture
def downwards(lines, rng):
    """Lines whose codes stand from Z to A, with counts that grow: no other pairing costs the same."""

    def downwards(count):
        given = sorted(lines(count, press=False), key=lambda line: line["costume"], reverse=True)
        return [
            line | {"count": str(pieces)}
            for line, pieces in zip(given, sorted(rng.sample(range(1, 40), count)), strict=True)
        ]

    return downwards


@requirement("R6", "The total of an order whose lines don't stand by their codes is wrong.")
def test_lines_in_any_order(post, downwards, stored, costs):
    given = downwards(2)

    costs(stored(post(NEW, given)), given)


@requirement("R6", "The total of an order that has a costume on several lines is wrong.")
def test_a_costume_on_several_lines(post, lines, stored, costs):
    first, between, _ = lines(3)
    given = [first | {"count": "11"}, between, first | {"count": "13", "press": True}]

    costs(stored(post(NEW, given)), given)


@requirement("R6", "After a change of the days and the lines the total is wrong.")
def test_a_changed_order(edit, post, wardrobe, packing, costs, rng):
    order = wardrobe.order
    given = [line.sent() for line in sorted(order.lines, key=lambda line: line.costume.code, reverse=True)]
    del given[rng.randrange(1, len(given))]
    given[0]["count"] = "17"
    given[-1]["count"] = "1"

    assert post(edit, given).status_code == 303

    costs(packing(order.id), given)


@requirement("R6", "An order of one line, or one that nobody has changed, has another total than before.")
def test_totals_that_were_right(edit, client, post, lines, stored, costs, wardrobe, packing, as_stored, rng):
    assert packing(wardrobe.other.id) == wardrobe.other.packing()
    given = lines(1, press=True)

    order = stored(post(edit, given))

    costs(order, given)
    line = order["lines"][0]["id"]
    assert client.post(f"/orders/{order['id']}/lines/{line}/packed", data={"packed": "yes"}).status_code == 204
    assert packing(order["id"]) == order | {"lines": [order["lines"][0] | {"packed": True}]}
    assert plain(order) == as_stored(given)

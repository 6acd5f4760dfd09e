"""R1: carts."""

from __future__ import annotations

import pytest
from hall import cart_shown, put

from mendbox.testing import requirement


@requirement("R1", "What one process put into a cart is not what another process shows.")
def test_a_cart_is_the_same_for_both(client, there, florist, wanted, cart_of):
    name, (one, two, three) = florist(), wanted
    cart = cart_of(client, name, one)
    assert there.get(f"/carts/{cart}").json == cart_shown(cart, name, [one])

    assert put(there, cart, *two).json == cart_shown(cart, name, [one, two])
    assert put(client, cart, *three).json == cart_shown(cart, name, wanted)
    more = put(there, cart, three[0], 7).json
    shown = cart_shown(cart, name, [one, two, (three[0], three[1] + 7)])
    assert [more, client.get(f"/carts/{cart}").json, there.get(f"/carts/{cart}").json] == [shown] * 3


@requirement("R1", "A lot that one process took out of a cart is still there for another one.")
def test_a_lot_is_taken_out_for_both(client, there, florist, wanted, cart_of):
    name, (one, two, three) = florist(), wanted
    cart = cart_of(client, name, *wanted)
    assert client.get(f"/carts/{cart}").json == cart_shown(cart, name, wanted)

    assert there.delete(f"/carts/{cart}/lines/{two[0].id}").json == cart_shown(cart, name, [one, three])
    assert client.get(f"/carts/{cart}").json == cart_shown(cart, name, [one, three])
    assert client.delete(f"/carts/{cart}/lines/{two[0].id}").status_code == 404
    assert put(client, cart, two[0], 3).json == cart_shown(cart, name, [one, (two[0], 3), three])
    assert there.get(f"/carts/{cart}").json == cart_shown(cart, name, [one, (two[0], 3), three])


@requirement("R1", "A cart can't be ordered by another process, or is there afterwards.")
def test_a_cart_is_ordered_by_either_and_gone_for_both(client, there, florist, wanted, cart_of):
    name = florist()
    cart = cart_of(client, name, *wanted)
    made = there.post(f"/carts/{cart}/order")

    assert made.status_code == 201
    shown = cart_shown(cart, name, wanted)
    assert {key: made.json[key] for key in ("florist", "lines", "cents")} == {
        key: shown[key] for key in ("florist", "lines", "cents")
    }
    for asked in (client, there):
        assert asked.get(f"/carts/{cart}").status_code == 404
        assert put(asked, cart, *wanted[0]).status_code == 404
        assert asked.delete(f"/carts/{cart}/lines/{wanted[0][0].id}").status_code == 404
        assert asked.post(f"/carts/{cart}/order").status_code == 404


@requirement("R1", "A cart is gone, or not what it was, when the processes were started anew.")
def test_a_cart_outlasts_the_process(app, client, hall, florist, wanted, cart_of):
    name, (one, two, three) = florist(), wanted
    cart, empty = cart_of(client, name, one, two), cart_of(client, name)
    anew = app.instance().client()

    assert anew.get(f"/carts/{cart}").json == cart_shown(cart, name, [one, two])
    assert anew.get(f"/carts/{empty}").json == cart_shown(empty, name, [])
    assert put(anew, cart, *three).json == cart_shown(cart, name, wanted)


@requirement("R1", "A cart of one process does not add up, or takes what it should not.")
def test_a_cart_within_one_process(client, hall, florist, wanted, cart_of):
    name, (one, two, three) = florist(), wanted
    cart = cart_of(client, name, one, two, three)
    assert put(client, cart, one[0], 500).json == cart_shown(cart, name, [(one[0], one[1] + 500), two, three])
    assert client.delete(f"/carts/{cart}/lines/{three[0].id}").json == cart_shown(
        cart, name, [(one[0], one[1] + 500), two]
    )
    shown = client.get(f"/carts/{cart}").json

    for bunches in (0, 501, -1, "3", 1.5, None, True):
        assert put(client, cart, two[0], bunches).status_code == 400, bunches
    assert client.post(f"/carts/{cart}/lines", json={"lot": 0, "bunches": 1}).status_code == 404
    assert client.get(f"/carts/{cart}").json == shown


@requirement("R1", "Two carts are mixed up, or an empty one is ordered.")
def test_carts_are_apart(client, hall, florist, wanted, cart_of):
    names, (one, two, _) = [florist(), florist()], wanted
    carts = [cart_of(client, names[0], one), cart_of(client, names[1], two, one)]
    empty = cart_of(client, names[0])

    assert len({*carts, empty}) == 3
    assert client.get(f"/carts/{carts[0]}").json == cart_shown(carts[0], names[0], [one])
    assert client.get(f"/carts/{carts[1]}").json == cart_shown(carts[1], names[1], [one, two])
    assert client.post(f"/carts/{empty}/order").status_code == 409
    assert client.get(f"/carts/{empty}").json == cart_shown(empty, names[0], [])
    assert client.post(f"/carts/{carts[0]}/order").status_code == 201
    assert client.get(f"/carts/{carts[1]}").json == cart_shown(carts[1], names[1], [one, two])


@requirement("R1", "The lots or an order of this morning are not shown as they are.")
@pytest.mark.parametrize("process", ["client", "there"])
def test_what_is_stored_is_shown(request, hall, process):
    asked = request.getfixturevalue(process)
    assert asked.get("/lots").json == {
        "lots": [{"id": lot.id, "name": lot.name, "cents": lot.cents} for lot in hall.lots]
    }
    assert asked.get(f"/orders/{hall.last.id}").json == hall.last.shown()
    assert asked.get("/carts/none").status_code == asked.get("/orders/0").status_code == 404

"""R6: the desk works without the carrier."""

from __future__ import annotations

from mendbox.testing import requirement


def goes_wrong(trouble, how):
    if how == "unreadable":
        trouble.plan("said", -1, status=200, body="<html>maintenance</html>")
    elif how in ("unreached", "silent"):
        trouble.plan(how, -1)
    else:
        trouble.answer(int(how), -1)


@requirement("R6", "An order is not shown while the carrier has trouble.")
def test_an_order_without_the_carrier(client, desk, trouble, labelled):
    order, label = labelled
    for how in ("401", "404", "unreached", "500", "503", "silent", "unreadable"):
        goes_wrong(trouble, how)
        answer = client.get(f"/orders/{order['number']}")
        assert answer.status_code == 200
        assert answer.json == desk.shown(order, label, tracking=None)
        trouble.well()
        trouble.later(1_000)


@requirement("R6", "The board is not shown while the carrier has trouble, or when it is left alone.")
def test_a_board_without_the_carrier(client, desk, trouble):
    trouble.plan("unreached", -1)
    for _ in range(2):
        answer = client.get("/board")
        assert answer.status_code == 200
        assert answer.json["orders"] == [
            {"number": order["number"], "label": label["number"], "tracking": None}
            for order, label in zip(desk.labelled, desk.labels, strict=True)
        ]
    assert len(trouble.calls()) == 5


@requirement("R6", "The board shows nothing because the carrier did not know one parcel.")
def test_a_board_with_a_parcel_that_the_carrier_does_not_know(client, desk, trouble):
    trouble.answer(404, 1)
    tracked = [row["tracking"] for row in client.get("/board").json["orders"]]
    assert tracked == [None, *[desk.states[label["number"]] for label in desk.labels[1:]]]


@requirement("R6", "The board, or an order, does not show where parcels are.")
def test_where_parcels_are(client, desk, labelled):
    order, label = labelled
    assert client.get(f"/orders/{order['number']}").json == desk.shown(
        order, label, tracking=desk.states[label["number"]]
    )
    assert client.get("/board").json["orders"] == [
        {"number": order["number"], "label": label["number"], "tracking": desk.states[label["number"]]}
        for order, label in zip(desk.labelled, desk.labels, strict=True)
    ]


@requirement("R6", "The list of orders needs the carrier, or is not as before.")
def test_the_list_of_orders(client, desk, trouble):
    trouble.plan("unreached", -1)
    assert client.get("/orders").json["orders"] == [
        {name: order[name] for name in ("number", "customer", "grams")} for order in desk.orders
    ]
    assert trouble.calls() == []

"""R3: two requests that reach two processes at the same moment."""

from __future__ import annotations

from hall import adding, cart_shown, gate, new_code, opened, wrong

from mendbox.testing import requirement


@requirement("R3", "Of bunches of one lot that two processes add to a cart at the same moment, some are lost.")
def test_bunches_of_one_lot_all_count(client, at_the_same_moment, florist, wanted, cart_of):
    name, (one, two, _) = florist(), wanted
    cart = cart_of(client, name, one)
    for before, after in (((one[0], 3), (one[0], 4)), ((two[0], two[1]), (two[0], 1))):
        answers = at_the_same_moment(adding(cart, *before), adding(cart, *after))
        assert [answer.status_code for answer in answers] == [200, 200]

    # Now the first has written something when it is held: most apps make the second one wait, and need not wait long.
    answers = at_the_same_moment(adding(cart, one[0], 5), adding(cart, one[0], 6), 1, 0.4)
    assert [answer.status_code for answer in answers] == [200, 200]

    both = [(one[0], one[1] + 18), (two[0], two[1] + 1)]
    assert client.get(f"/carts/{cart}").json == cart_shown(cart, name, both)


@requirement("R3", "Of bunches of two lots that two processes add to a cart at the same moment, some are lost.")
def test_bunches_of_two_lots_all_count(client, at_the_same_moment, florist, wanted, cart_of):
    name, (one, two, three) = florist(), wanted
    cart = cart_of(client, name, three)

    answers = at_the_same_moment(adding(cart, *one), adding(cart, *two))

    assert [answer.status_code for answer in answers] == [200, 200]
    assert client.get(f"/carts/{cart}").json == cart_shown(cart, name, wanted)


@requirement("R3", "A cart that is ordered twice at the same moment becomes two orders, or one sees an error page.")
def test_a_cart_becomes_one_order(app, client, at_the_same_moment, florist, wanted, cart_of):
    name = florist()
    cart = cart_of(client, name, *wanted)

    answers = at_the_same_moment((f"/carts/{cart}/order", None), (f"/carts/{cart}/order", None))

    assert sorted(answer.status_code for answer in answers) == [201, 404]
    made = min(answers, key=lambda answer: answer.status_code).json
    shown = cart_shown(cart, name, wanted)
    assert [made[key] for key in ("florist", "lines", "cents")] == [shown[key] for key in ("florist", "lines", "cents")]
    assert client.get(f"/orders/{made['order']}").json == made
    assert app.call("mendbox_harness:orders_of", name) == [made["order"]]


@requirement("R3", "Bunches that are added while the cart is ordered are lost, though the answer was 200.")
def test_what_is_added_while_the_cart_is_ordered_is_in_the_order_or_refused(
    client, at_the_same_moment, florist, wanted, cart_of
):
    name, (one, two, three) = florist(), wanted
    for first_adds in (True, False):
        cart = cart_of(client, name, one, two)
        posts = [adding(cart, *three), (f"/carts/{cart}/order", None)]
        answers = at_the_same_moment(*(posts if first_adds else reversed(posts)))
        added, ordered = answers if first_adds else reversed(answers)

        assert ordered.status_code == 201
        assert added.status_code in (200, 404), added.status_code
        shown = cart_shown(cart, name, wanted if added.status_code == 200 else [one, two])
        assert client.get(f"/orders/{ordered.json['order']}").json == ordered.json
        assert [ordered.json[key] for key in ("lines", "cents")] == [shown[key] for key in ("lines", "cents")]
        assert client.get(f"/carts/{cart}").status_code == 404


@requirement("R3", "A code that is given twice at the same moment opens the gate twice, or one sees an error page.")
def test_a_code_opens_once(client, at_the_same_moment, florist, wanted, order_of):
    order = order_of(client, florist(), *wanted)
    # The second time the first one is held later: it may have counted the try, and opens nothing yet.
    for later in ((), (1, 0.7)):
        body = {"order": order["order"], "code": new_code(client, order)}

        answers = at_the_same_moment(("/gate", body), ("/gate", body), *later)

        assert sorted(opened(answer, order) for answer in answers) == [False, True]
        assert not opened(client.post("/gate", json=body), order)


@requirement("R3", "Of wrong tries at the same moment, some do not count.")
def test_wrong_tries_all_count(client, there, at_the_same_moment, florist, wanted, order_of):
    order = order_of(client, florist(), *wanted)
    code = new_code(client, order)
    bodies = [{"order": order["order"], "code": wrong(code, number)} for number in range(1, 6)]
    for asked, body in zip((client, there, client), bodies, strict=False):
        assert not opened(asked.post("/gate", json=body), order)

    answers = at_the_same_moment(("/gate", bodies[3]), ("/gate", bodies[4]))

    assert [opened(answer, order) for answer in answers] == [False, False]
    assert not opened(gate(client, order, code), order)
    assert opened(gate(there, order, new_code(client, order)), order)


@requirement("R3", "Of two florists with carts of their own, one does not get what is asked for at the same moment.")
def test_others_are_not_disturbed(client, there, at_the_same_moment, florist, wanted, cart_of):
    names, (one, two, three) = [florist(), florist()], wanted
    carts = [cart_of(client, names[0], one), cart_of(there, names[1], two)]

    answers = at_the_same_moment(adding(carts[0], *two), adding(carts[1], *three))

    assert [answer.json for answer in answers] == [
        cart_shown(carts[0], names[0], [one, two]),
        cart_shown(carts[1], names[1], [two, three]),
    ]

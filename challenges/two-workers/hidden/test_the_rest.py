"""R4: slips and the notice."""

from __future__ import annotations

from datetime import timedelta

from hall import cart_shown

from mendbox.testing import requirement


@requirement("R4", "Two processes give out the same slip, or leave one out.")
def test_slips_go_on_whoever_makes_the_order(client, there, hall, florist, wanted, order_of):
    made = [order_of(asked, florist(), wanted[0]) for asked in (client, there, there, client)]
    first = hall.last.slip + 1
    assert [(order["day"], order["slip"]) for order in made] == [
        (hall.now.date().isoformat(), first + number) for number in range(4)
    ]
    assert [there.get(f"/orders/{order['order']}").json for order in made] == made


@requirement("R4", "Slips begin anew when the processes do, or do not when the day does.")
def test_slips_begin_anew_with_the_day_alone(app, client, hall, clock, florist, wanted, order_of):
    before = order_of(client, florist(), wanted[0])
    anew = app.instance().client()
    after = order_of(anew, florist(), wanted[1])
    assert [before["slip"], after["slip"]] == [hall.last.slip + 1, hall.last.slip + 2]

    clock.advance(seconds=86_400)
    tomorrow = (hall.now + timedelta(days=1)).date().isoformat()
    made = [order_of(asked, florist(), wanted[2]) for asked in (anew, client, anew)]
    assert [(order["day"], order["slip"]) for order in made] == [(tomorrow, 1), (tomorrow, 2), (tomorrow, 3)]


@requirement("R4", "Two orders at the same moment have the same slip, or a slip is left out.")
def test_two_orders_at_the_same_moment_have_two_slips(
    client, there, hall, at_the_same_moment, florist, wanted, cart_of, order_of
):
    names, next_one = [florist(), florist()], hall.last.slip + 1
    # After the first round the first order is held when something of it is written, the cart taken away for instance.
    for later in ((), (1, 0.7), (2, 0.7), (3, 0.7)):
        # Each process made its cart.
        carts = [cart_of(client, names[0], wanted[0]), cart_of(there, names[1], *wanted[1:])]

        answers = at_the_same_moment(*((f"/carts/{cart}/order", None) for cart in carts), *later)

        assert [answer.status_code for answer in answers] == [201, 201]
        for answer, cart, name, lines in zip(answers, carts, names, (wanted[:1], wanted[1:]), strict=True):
            shown = cart_shown(cart, name, lines)
            assert [answer.json[key] for key in ("florist", "lines")] == [shown[key] for key in ("florist", "lines")]
        assert sorted(answer.json["slip"] for answer in answers) == [next_one, next_one + 1]
        next_one += 2
    assert order_of(client, names[0], wanted[2])["slip"] == next_one


@requirement("R4", "Whether the notice is shown depends on which process is asked.")
def test_the_notice_hangs_for_everyone(app, client, there, florist):
    texts = [f"Gate for {florist()}", f"No parking for {florist()}"]
    assert client.put("/notice", json={"notice": texts[0]}).json == {"notice": texts[0]}
    assert there.get("/notice").json == {"notice": texts[0]}
    assert there.put("/notice", json={"notice": texts[1]}).json == {"notice": texts[1]}
    assert [asked.get("/notice").json for asked in (client, there)] == [{"notice": texts[1]}] * 2
    assert app.instance().client().get("/notice").json == {"notice": texts[1]}

    assert there.delete("/notice").json == client.get("/notice").json == {"notice": None}
    assert client.put("/notice", json={"notice": texts[0]}).json == there.get("/notice").json == {"notice": texts[0]}


@requirement("R4", "Within one process the notice or the slips are not what the README says.")
def test_the_rest_within_one_process(client, hall, florist, wanted, order_of):
    assert client.get("/notice").json == {"notice": None}
    text = florist()
    assert client.put("/notice", json={"notice": text}).json == {"notice": text}
    assert client.put("/notice", json={"notice": ""}).status_code == 400
    assert client.get("/notice").json == {"notice": text}
    assert client.delete("/notice").json == client.delete("/notice").json == {"notice": None}

    names = [florist(), florist()]
    made = [order_of(client, name, wanted[0]) for name in names]
    assert [order["florist"] for order in made] == names
    assert made[1]["slip"] == made[0]["slip"] + 1

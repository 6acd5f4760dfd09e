"""R2: codes."""

from __future__ import annotations

from datetime import timedelta

from hall import gate, new_code, opened, wrong

from mendbox.testing import requirement


@requirement("R2", "A code that one process sent does not open the gate when another one is asked, or opens it again.")
def test_a_code_opens_once_whoever_is_asked(client, there, florist, wanted, order_of):
    orders = [order_of(client, florist(), wanted[0]) for _ in range(2)]
    for order, (sent, asked) in zip(orders, ((client, there), (there, client)), strict=True):
        code = new_code(sent, order)
        assert opened(gate(asked, order, code), order)
        assert not opened(gate(sent, order, code), order)
        assert not opened(gate(asked, order, code), order)


@requirement("R2", "A code that was replaced opens the gate, or the new one does not.")
def test_a_new_code_takes_the_place_of_the_one_before(client, there, florist, wanted, order_of):
    order = order_of(client, florist(), *wanted)
    first = new_code(client, order)
    second = new_code(there, order)
    while second == first:
        second = new_code(there, order)

    assert not opened(gate(client, order, first), order)
    assert not opened(gate(there, order, first), order)
    assert opened(gate(client, order, second), order)


@requirement("R2", "Wrong tries count for one process only.")
def test_five_wrong_tries_end_a_code_wherever_they_were_made(client, there, florist, wanted, order_of):
    order = order_of(client, florist(), *wanted)
    code = new_code(client, order)
    for number, asked in enumerate((client, there, there, client, there), 1):
        assert not opened(gate(asked, order, wrong(code, number)), order)
    assert not opened(gate(client, order, code), order)
    assert not opened(gate(there, order, code), order)

    assert opened(gate(client, order, new_code(there, order)), order)


@requirement("R2", "Fewer than five wrong tries end a code.")
def test_four_wrong_tries_end_nothing(client, there, florist, wanted, order_of):
    orders = [order_of(client, florist(), *wanted), order_of(client, florist(), wanted[1])]
    codes = [new_code(client, order) for order in orders]
    for number, asked in enumerate((there, client, there, there), 1):
        for order, code in zip(orders, codes, strict=True):
            assert not opened(gate(asked, order, wrong(code, number)), order)
    assert opened(gate(there, orders[0], codes[0]), orders[0])
    # A new code has its own tries.
    code = new_code(there, orders[1])
    assert not opened(gate(client, orders[1], wrong(code)), orders[1])
    assert opened(gate(client, orders[1], code), orders[1])


@requirement("R2", "How long a code is good depends on the process that is asked.")
def test_a_code_is_good_for_ten_minutes(app, client, there, hall, clock, florist, wanted, order_of):
    orders = [order_of(client, florist(), *wanted), order_of(client, florist(), wanted[2])]
    sent = client.post(f"/orders/{orders[0]['order']}/code").json
    other = client.post(f"/orders/{orders[1]['order']}/code").json
    until = (hall.now + timedelta(minutes=10)).isoformat(timespec="seconds")
    assert [sent["until"], other["until"]] == [until, until]

    clock.advance(seconds=599)
    assert opened(gate(there, orders[0], sent["code"]), orders[0])
    clock.advance(seconds=1)
    assert not opened(gate(there, orders[1], other["code"]), orders[1])
    assert not opened(gate(client, orders[1], other["code"]), orders[1])


@requirement("R2", "A code does not outlast the process that sent it.")
def test_a_code_outlasts_the_process(app, client, hall, florist, wanted, order_of):
    order = order_of(client, florist(), *wanted)
    code = new_code(client, order)
    tried = app.instance().client()
    for number in range(1, 3):
        assert not opened(gate(tried, order, wrong(code, number)), order)
    assert opened(gate(app.instance().client(), order, code), order)


@requirement("R2", "Within one process a code opens what it should not, or does not open what it should.")
def test_codes_within_one_process(client, hall, clock, florist, wanted, order_of):
    order, other = order_of(client, florist(), *wanted), order_of(client, florist(), wanted[0])
    code = new_code(client, order)
    assert not opened(gate(client, other, code), other)
    assert not opened(gate(client, order, wrong(code)), order)
    assert not opened(gate(client, order, code + " "), order)
    clock.advance(seconds=599)
    assert opened(gate(client, order, code), order)
    assert not opened(gate(client, order, code), order)

    late = new_code(client, other)
    clock.advance(seconds=600)
    assert not opened(gate(client, other, late), other)
    assert gate(client, {"order": 0}, code).status_code == 404
    assert client.post("/orders/0/code").status_code == 404
    assert client.post("/gate", json={"order": order["order"]}).status_code == 400

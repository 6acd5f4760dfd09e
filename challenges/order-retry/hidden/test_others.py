"""R6: refunds, other cards, cancelling."""

from __future__ import annotations

from mendbox.testing import requirement

NOT_REFUNDABLE = (409, "not_refundable")
NOT_PAYABLE = (409, "not_payable")
NOT_CANCELLABLE = (409, "not_cancellable")


def paid_sale(trade):
    sale = trade.order()
    trade.finish()
    return sale, trade.moved("charge", sale.card)[0][0]


@requirement("R6", "When answers of the provider are lost, money is not given back exactly once.")
def test_money_is_given_back_once_whatever_fails(app, trade, told):
    sale, charge = paid_sale(trade)
    _, words = trade.plan(charge, "unanswered", "lost")
    assert trade.ask(sale, "refund").status_code == 202
    trade.run()
    assert trade.state(sale)[0] == "refunding"
    assert told(trade.ask(sale, "cancel")) == NOT_CANCELLABLE
    assert told(trade.pay(sale, trade.card())) == NOT_PAYABLE
    trade.later(60)
    trade.run()
    assert words in app.logs()
    trade.later(119)
    trade.run()
    assert trade.calls(charge) == 2
    trade.later(1)
    trade.finish()
    assert trade.state(sale)[0] == "refunded"
    (refund,) = trade.moved("refund", charge)
    assert refund[1] == sale.total
    rows = trade.database.execute("SELECT refund FROM payments WHERE order_id = %s", sale.id)
    assert rows == [{"refund": refund[0]}]


@requirement("R6", "Money is given back twice when that is asked for twice.")
def test_a_double_click_gives_money_back_once(app, trade, workers, meeting, shop, told):
    sale, charge = paid_sale(trade)
    meeting.hold("orders", sale.id)
    for worker in workers:
        meeting.send(lambda worker=worker: trade.ask(sale, "refund", worker))
    answers = sorted(told(answer) for answer in meeting.answers() if answer.status_code != 202)
    assert answers == [NOT_REFUNDABLE]
    assert trade.state(sale)[0] == "refunding"
    assert told(trade.ask(sale, "refund")) == NOT_REFUNDABLE
    trade.finish()
    assert [amount for _, amount in trade.moved("refund", charge)] == [sale.total]
    assert told(trade.ask(sale, "refund")) == NOT_REFUNDABLE
    # Two clicks from before.
    old, amount = shop.settled["id"], shop.settled["total_cents"]
    for _ in range(2):
        app.call("mendbox_harness:add_job", "refund_order", old)
    trade.finish()
    assert [each for _, each in trade.moved("refund", shop.settled_charge)] == [amount]
    assert trade.client.get(f"/orders/{shop.settled['number']}").json["status"] == "refunded"


@requirement("R6", "An order whose card was declined can't be paid with another card, or with the same one later.")
def test_another_try_after_a_declined_card(trade):
    again, other = trade.order(), trade.order()
    trade.plan(again.card, "declined")
    trade.plan(other.card, "declined")
    trade.finish()
    for sale, card in ((again, again.card), (other, trade.card())):
        answer = trade.pay(sale, card)
        assert (answer.status_code, answer.json["status"], answer.json["problem"]) == (202, "placed", None)
        trade.plan(card, "unanswered")
        trade.run()
        trade.later(60)
        trade.finish()
        assert trade.books(sale) == trade.paid(sale)
        assert trade.moved("charge", card)


@requirement("R6", "An order is charged twice when another card is tried, at a wrong time or twice.")
def test_another_card_at_a_wrong_time(trade, workers, meeting, told):
    sale = trade.order()
    assert told(trade.pay(sale, trade.card())) == NOT_PAYABLE
    trade.plan(sale.cards[0], "declined")
    trade.finish()
    card = trade.card()
    meeting.hold("orders", sale.id)
    for worker in workers:
        meeting.send(lambda worker=worker: trade.pay(sale, card, worker))
    answers = sorted(told(answer) for answer in meeting.answers() if answer.status_code != 202)
    assert answers == [NOT_PAYABLE]
    trade.finish()
    assert trade.books(sale) == trade.paid(sale)
    assert trade.calls(card) == 1
    assert told(trade.pay(sale, trade.card())) == NOT_PAYABLE


@requirement(
    "R6", "An order that was given up can be cancelled, or be paid with another card; or a cancelled one is charged."
)
def test_another_card_after_the_end(trade, workers, meeting, told):
    unclear, sale = trade.order(), trade.order()
    sql = "UPDATE orders SET status = 'payment_unclear', problem = 'given_up' WHERE id = %s"
    trade.database.execute(sql, unclear.id)
    trade.database.execute("UPDATE jobs SET state = 'failed', attempts = 5 WHERE order_id = %s", unclear.id)
    assert told(trade.pay(unclear, trade.card())) == NOT_PAYABLE
    assert told(trade.ask(unclear, "cancel")) == NOT_CANCELLABLE
    trade.plan(sale.card, "declined")
    trade.finish()
    assert trade.books(unclear) == trade.unpaid("payment_unclear", "given_up")
    card = trade.card()
    meeting.hold("orders", sale.id)
    meeting.send(lambda: trade.ask(sale, "cancel", workers[0]))
    meeting.send(lambda: trade.pay(sale, card, workers[1]))
    cancelled, _ = meeting.answers()
    trade.finish()
    # Whichever comes first.
    if cancelled.status_code == 200:
        assert trade.state(sale)[0] == "cancelled"
        assert trade.books(sale)["taken"] == []
    else:
        assert told(cancelled) == NOT_CANCELLABLE
        assert trade.books(sale) == trade.paid(sale)


@requirement("R6", "An order is cancelled that is, or may have been, charged; or cancelling waits for the provider.")
def test_cancelling_an_order_that_may_have_been_charged(trade, workers, meeting, told):
    sale, declined = trade.order(), trade.order()
    trade.plan(sale.card, "unanswered")
    trade.plan(declined.card, "declined")
    meeting.gate(sale.card)
    meeting.send(lambda: trade.run(workers[0]))
    clicked = meeting.send(lambda: trade.ask(sale, "cancel", workers[1]))
    answered = clicked.done()
    meeting.answers()
    assert answered, "the click waited for the provider"
    assert told(clicked.result()) == NOT_CANCELLABLE
    assert told(trade.ask(sale, "cancel")) == NOT_CANCELLABLE
    trade.later(60)
    trade.finish()
    assert trade.books(sale) == trade.paid(sale)
    assert trade.ask(declined, "cancel").status_code == 200
    assert told(trade.pay(declined, trade.card())) == NOT_PAYABLE
    trade.finish()
    assert trade.books(declined)["taken"] == []


@requirement("R6", "An order is cancelled that a worker has begun to charge some time ago.")
def test_cancelling_an_order_that_was_begun(trade, told):
    left, failed = trade.order(), trade.order()
    trade.leave_running(left, seconds=30)
    trade.database.execute("UPDATE jobs SET attempts = 2 WHERE order_id = %s", failed.id)
    for sale in (left, failed):
        assert told(trade.ask(sale, "cancel")) == NOT_CANCELLABLE
    trade.later(300)
    trade.finish()
    for sale in (left, failed):
        assert trade.books(sale) == trade.paid(sale)


@requirement("R6", "An order that is cancelled when its charge begins is both, or neither.")
def test_cancelling_when_the_charge_begins(trade, workers, meeting, told):
    for order in (("run", "cancel"), ("cancel", "run")):
        sale = trade.order()
        calls = {
            "run": lambda: trade.run(workers[0]),
            "cancel": lambda sale=sale: trade.ask(sale, "cancel", workers[1]),
        }
        meeting.hold("orders", sale.id)
        sent = {what: meeting.send(calls[what]) for what in order}
        meeting.answers()
        cancelled = sent["cancel"].result()
        trade.later(60)
        trade.finish()
        # Whichever comes first.
        if cancelled.status_code == 200:
            assert trade.books(sale) == trade.unpaid("cancelled", None)
        else:
            assert told(cancelled) == NOT_CANCELLABLE
            assert trade.books(sale) == trade.paid(sale)


@requirement("R6", "An ordinary refund, or cancelling before the charge, is not as before.")
def test_refunds_and_cancelling_are_as_before(trade, shop, told):
    number, total = shop.settled["number"], shop.settled["total_cents"]
    assert trade.client.post(f"/orders/{number}/refund").status_code == 202
    trade.finish()
    assert trade.client.get(f"/orders/{number}").json["status"] == "refunded"
    assert [amount for _, amount in trade.moved("refund", shop.settled_charge)] == [total]
    sale = trade.order()
    assert told(trade.ask(sale, "refund")) == NOT_REFUNDABLE
    answer = trade.ask(sale, "cancel")
    assert (answer.status_code, answer.json["status"]) == (200, "cancelled")
    trade.finish()
    assert trade.calls(sale.card) == 0
    assert trade.books(sale) == trade.unpaid("cancelled", None)
    assert told(trade.ask(sale, "cancel")) == NOT_CANCELLABLE
    assert told(trade.client.post(f"/orders/{number}/cancel")) == NOT_CANCELLABLE

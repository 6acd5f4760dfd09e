"""R5: a paid order is confirmed."""

from __future__ import annotations

from mendbox.testing import requirement

WAITS = (60, 120, 240, 480)


def with_error(trade, sale, words):
    return [job for job in trade.jobs(sale) if words in (job["last_error"] or "")]


@requirement("R5", "When mail can't be sent the order is not paid, is charged again, or the mail is not sent later.")
def test_mail_that_fails_is_sent_later(app, trade):
    sale = trade.order()
    first, second = trade.plan_mail(sale, 2)
    trade.finish()
    assert trade.books(sale) == trade.paid(sale, mails=0)
    (job,) = with_error(trade, sale, first)
    assert (job["state"], job["run_at"]) == ("queued", f"{trade.moment(trade.now + 60)}Z")
    trade.later(60)
    trade.finish()
    assert trade.books(sale) == trade.paid(sale, mails=0)
    assert second in app.logs()
    trade.later(119)
    trade.finish()
    assert trade.books(sale) == trade.paid(sale, mails=0)
    trade.later(1)
    trade.finish()
    assert trade.books(sale) == trade.paid(sale)


@requirement("R5", "Mail that was given up is not to be seen, changes the order, or can't be made due again.")
def test_mail_that_was_given_up(trade):
    sale = trade.order()
    last = trade.plan_mail(sale, 5)[-1]
    trade.finish()
    for wait in (*WAITS, 86_400):
        trade.later(wait)
        trade.finish()
    assert trade.books(sale) == trade.paid(sale, mails=0)
    (job,) = with_error(trade, sale, last)
    assert (job["state"], job["attempts"]) == ("failed", 5)
    assert trade.retry(job).status_code == 202
    trade.finish()
    assert trade.books(sale) == trade.paid(sale)


@requirement("R5", "The confirmation of a paid order is not what it was, or is not sent once.")
def test_the_confirmation_is_as_before(trade, workers, meeting):
    sale = trade.order()
    meeting.gate(sale.email)
    meeting.send(lambda: [trade.run(workers[0]) for _ in range(2)])
    meeting.send(lambda: [trade.run(workers[1]) for _ in range(2)])
    meeting.answers()
    trade.finish()
    (mail,) = trade.database.execute("SELECT subject, body FROM mailer_sent WHERE recipient = %s", sale.email)
    assert mail["subject"] == f"Your order {sale.number}"
    assert f"{sale.total // 100}.{sale.total % 100:02}" in mail["body"]
    assert all(f"{line['quantity']} x {line['sku']}" in mail["body"] for line in sale.lines)
    assert trade.books(sale) == trade.paid(sale)

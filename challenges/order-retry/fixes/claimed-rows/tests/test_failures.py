import pytest

from coldframe.mail import MailFailed


class BrokenMailer:
    def send(self, **message):
        raise MailFailed("the server is down")


def test_a_lost_answer_is_no_second_charge(app, client, order, run_jobs, provider):
    number = order("tok_slow")
    run_jobs()

    (job,) = client.get("/internal/jobs?state=queued").json["jobs"]
    assert "no answer within 10 s" in job["last_error"]
    assert client.get(f"/orders/{number}").json["status"] == "placed"
    assert client.post(f"/orders/{number}/cancel").status_code == 409
    with app.app_context():
        make_due()
    run_jobs()
    assert client.get(f"/orders/{number}").json["status"] == "paid"
    assert len(provider.moved) == 1


def test_a_declined_card_is_told(client, order, run_jobs, provider):
    number = order("tok_empty")
    run_jobs()

    shown = client.get(f"/orders/{number}").json
    assert (shown["status"], shown["problem"]) == ("payment_failed", "card_declined")
    assert run_jobs() == 0

    assert client.post(f"/orders/{number}/pay", json={"card": "tok_visa"}).status_code == 202
    run_jobs()
    assert client.get(f"/orders/{number}").json["status"] == "paid"
    assert len(provider.moved) == 1


@pytest.mark.parametrize("runs", [1, 3])
def test_mail_has_no_say_in_payments(app, client, order, run_jobs, provider, runs):
    app.config["MAILER"] = BrokenMailer()
    number = order()
    for _ in range(runs):
        run_jobs()

    assert client.get(f"/orders/{number}").json["status"] == "paid"
    assert len(provider.moved) == 1


def make_due():
    from coldframe.extensions import db
    from coldframe.models import Job
    from coldframe.timing import utcnow

    for job in db.session.query(Job).where(Job.state == "queued"):
        job.run_at = utcnow()
    db.session.commit()

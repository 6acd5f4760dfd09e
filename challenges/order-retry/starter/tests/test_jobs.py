def test_an_order_is_charged_by_a_job(client, order, run_jobs, provider, mailer):
    number = order()

    assert run_jobs() >= 1
    run_jobs()

    ((charge, amount, card),) = provider.moved.values()
    assert (amount, card) == (1570, "tok_visa")
    shown = client.get(f"/orders/{number}").json
    assert shown["status"] == "paid"
    assert shown["payment"] == {"charge": charge, "amount_cents": 1570}
    ((to, subject, text),) = mailer.sent
    assert (to, subject) == ("ines@example.org", f"Your order {number}")
    assert "2 x KALE-03" in text
    assert "15.70" in text


def test_a_job_is_run_once(client, order, run_jobs, provider):
    order()
    for _ in range(4):
        run_jobs()

    assert run_jobs() == 0
    assert len(provider.moved) == 1


def test_money_is_given_back_by_a_job(client, order, run_jobs, provider):
    number = order()
    run_jobs()
    charge = client.get(f"/orders/{number}").json["payment"]["charge"]

    assert client.post(f"/orders/{number}/refund").status_code == 202
    run_jobs()

    assert client.get(f"/orders/{number}").json["status"] == "refunded"
    assert [(amount, target) for _, amount, target in provider.moved.values()] == [(1570, "tok_visa"), (1570, charge)]


def test_jobs_can_be_looked_at(client, order, run_jobs):
    number = order()

    (job,) = client.get("/internal/jobs?state=queued").json["jobs"]
    assert (job["kind"], job["order"], job["attempts"], job["last_error"]) == ("charge_order", number, 0, None)
    run_jobs()
    done = client.get("/internal/jobs?state=done").json["jobs"]
    assert job["id"] in [each["id"] for each in done]


def test_only_failed_jobs_can_be_made_due_again(client, order):
    order()
    (job,) = client.get("/internal/jobs").json["jobs"]

    answer = client.post(f"/internal/jobs/{job['id']}/retry")

    assert (answer.status_code, answer.json["error"]["code"]) == (409, "not_failed")
    assert client.post("/internal/jobs/999/retry").status_code == 404

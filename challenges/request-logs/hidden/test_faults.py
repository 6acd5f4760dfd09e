"""R4: a fault is told once."""

from __future__ import annotations

from reading import of, with_text

from mendbox.testing import requirement

HEADER = "X-Request-ID"
BEGINNING = "Traceback (most recent call last):"


def one_fault(found, text, sent):
    """The traceback of the one record that tells of a fault."""
    told = with_text(text, found)
    assert len(told) == 1, "the fault is told in several records, or in none"
    (record,) = told
    assert (record["event"], record["level"], record["request_id"]) == ("exception", "ERROR", sent)
    assert BEGINNING in record["traceback"]
    assert text in record["traceback"]
    return record["traceback"]


@requirement("R4", "A fault while an order is filled is not told once, or without what led to it.")
def test_a_fault_at_the_desk_is_told_once(ask, new_id, new_word, log):
    sent, text, cause, note = new_id(), new_word(), new_word(), new_word()
    told = {"raises": "LookupError", "text": f"{text} %s %d", "note": note}
    told["cause"] = {"raises": "ArithmeticError", "text": cause}
    assert ask.fill(0, told, headers={HEADER: sent}).status_code == 500

    found = log()
    traceback = one_fault(found, text, sent)
    assert f"LookupError: {text} %s %d" in traceback
    assert f"ArithmeticError: {cause}" in one_fault(found, cause, sent)
    assert note in traceback
    assert traceback.index(cause) < traceback.index(text)
    assert len(of("exception", found)) == 1


@requirement("R4", "A fault in what prescribers' programs use is not told once.")
def test_a_fault_of_the_api_is_told_once(ask, lose, new_id, log):
    lose("patients")
    ids = [new_id(), new_id()]
    for sent in ids:
        assert ask.prescribe_anew(headers={HEADER: sent}).status_code == 500

    faults = of("exception", log())
    assert [each["request_id"] for each in faults] == ids
    for each in faults:
        assert each["level"] == "ERROR"
        assert BEGINNING in each["traceback"]
        assert each["traceback"].count("OperationalError") >= 2
        assert "no such table: patients" in each["traceback"]
    assert len(with_text("no such table: patients", log())) == 2


@requirement("R4", "A reminder that can't be sent is not told once, with its reason.")
def test_a_reminder_that_cannot_be_sent_is_told(ask, pharmacy, tell, new_id, new_word, log):
    sent, texts = new_id(), [new_word(), new_word()]
    for patient, text in zip(pharmacy.patients[1:], texts, strict=False):
        tell(patient.email, raises="OSError", text=text)
    answer = ask("POST", "/desk/reminders", query_string={"w": new_word()}, headers={HEADER: sent})
    assert answer.json == {"sent": len(pharmacy.patients) - 2, "failed": 2}

    found = log()
    for text in texts:
        assert f"OSError: {text}" in one_fault(found, text, sent)
    assert len(of("exception", found)) == 2


@requirement("R4", "A fault on a patient's page is not told once.")
def test_a_fault_of_patients_pages_is_told_once(ask, pharmacy, tell, new_id, new_word, log):
    sent, text = new_id(), new_word()
    tell(pharmacy.patients[1].email, raises="ArithmeticError", text=text)
    answer = ask("POST", "/links", json={"email": pharmacy.patients[1].email}, headers={HEADER: sent})
    assert (answer.status_code, answer.json) == (500, {"error": "internal_server_error"})

    found = log()
    assert f"ArithmeticError: {text}" in one_fault(found, text, sent)
    assert len(of("exception", found)) == 1


@requirement("R4", "What is no fault is not told as a warning, or as a fault.")
def test_what_was_foreseen_is_a_warning(ask, pharmacy, new_word, log):
    for index, kind in enumerate(("OutOfStock", "WholesalerDown")):
        text = new_word()
        ask.fill(index, {"raises": kind, "text": text, "cause": {"raises": "OSError", "text": new_word()}})
        (record,) = with_text(text, log())
        assert (record["level"], record["event"]) == ("WARNING", "message")
        assert record["message"] == f"order {pharmacy.orders[index]['number']} not filled: {text}"


@requirement("R4", "What is no fault has a traceback in the log.")
def test_what_is_no_fault_has_no_traceback(app, ask, pharmacy, new_word, log):
    for _, _, status, make in ask.kinds().values():
        assert make().status_code == status
    for index, kind in enumerate(("OutOfStock", "WholesalerDown")):
        text = new_word()
        assert ask.fill(index, {"raises": kind, "text": text}).status_code in (409, 503)
        assert f"order {pharmacy.orders[index]['number']} not filled: {text}" in app.logs()
    assert "Traceback" not in app.logs()
    assert of("exception", log()) == []


@requirement("R4", "A fault is not answered as before, or keeps others from being reminded.")
def test_faults_are_answered_as_before(app, ask, pharmacy, tell, lose, new_word):
    failing, others = pharmacy.patients[0], pharmacy.patients[1:]
    tell(failing.email, raises="OSError", text=new_word())
    answer = ask("POST", "/desk/reminders", query_string={"w": new_word()})
    assert answer.json == {"sent": len(others), "failed": 1}
    tell(failing.email)
    answer = ask("POST", "/desk/reminders", query_string={"w": new_word()})
    assert answer.json == {"sent": 1, "failed": 0}
    mails = app.call("mendbox_harness:asked")["mails"]
    assert [mail["to"] for mail in mails] == [each.email for each in (*others, failing)]

    failed = ask.fill(1, {"raises": "LookupError", "text": new_word()})
    assert (failed.status_code, failed.json) == (500, {"error": "internal_server_error"})
    assert ask.fill(2).json["order"] == pharmacy.orders[2]["number"]
    lose("prescriptions")
    failed = ask.api("GET", f"/api/patients/{pharmacy.patients[0].nhn}/prescriptions")
    assert (failed.status_code, failed.json) == (500, {"error": "internal_server_error"})

"""R5: what the log may not tell, and what it must."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from mendbox_harness import Patient, characters, link_key, token
from reading import of, tells, tells_address, tells_number, with_text

from mendbox.testing import requirement

MARK = "[redacted]"
HEADER = "X-Request-ID"


def written(nhn, between):
    """A national health number in groups."""
    return between.join((nhn[:3], nhn[3:6], nhn[6:]))


@requirement("R5", "The log tells a number or an address in what somebody wrote, or more than that is left out.")
@pytest.mark.parametrize("way", ["as people do", "as URLs do"])
def test_what_somebody_wrote(ask, stranger, new_word, log, way):
    local, host = stranger.email.split("@")
    if way == "as people do":
        secrets = [stranger.nhn, written(stranger.nhn, " "), written(stranger.nhn, "-")]
        secrets += [stranger.email, stranger.email.upper(), f"{local}+{new_word()}@{host}"]
    else:
        secrets = [written(stranger.nhn, "+"), written(stranger.nhn, "%20"), quote(f"{local}_{new_word()}@{host}")]
    for secret in secrets:
        before, between, after = new_word(), new_word(), new_word()
        placed = ask.order(f"{before} {secret} {between}={secret}&w={between}\n{secret}; {after}").json["order"]
        (record,) = with_text(before, log())
        note = f"{before} {MARK} {between}={MARK}&w={between}\n{MARK}; {after}"
        assert record["message"] == f"order {placed} placed; note: {note}"


@requirement("R5", "The log tells a token or a key that somebody pasted, or more than that is left out.")
def test_a_link_that_somebody_pasted(app, ask, pharmacy, rng, new_word, log):
    for secret in (pharmacy.link_key, token(rng), link_key(rng)):
        before, after = new_word(), new_word()
        placed = ask.order(f"{before} http://x.example/reorder?key={secret}&w={after} {secret}").json["order"]
        (record,) = with_text(before, log())
        note = f"{before} http://x.example/reorder?key={MARK}&w={after} {MARK}"
        assert record["message"] == f"order {placed} placed; note: {note}"
        assert not tells(app.logs(), secret)


@requirement("R5", "The log tells a secret in a request's address.")
def test_an_address_of_a_request(app, ask, pharmacy, rng, stranger, new_id, new_word, log):
    """In the path it is replaced, and the query is not told at all."""
    patient, query = pharmacy.patients[0], {"access_token": pharmacy.token, "w": stranger.email}
    asked = [
        (f"/api/patients/{patient.nhn}/prescriptions", f"/api/patients/{MARK}/prescriptions"),
        (f"/api/patients/{quote(patient.grouped)}/prescriptions", f"/api/patients/{MARK}/prescriptions"),
        (f"/{stranger.email}/{stranger.nhn}", f"/{MARK}/{MARK}"),
        (f"/reorder/{pharmacy.link_key}", f"/reorder/{MARK}"),
        (f"/{token(rng)}/{pharmacy.token}/x", f"/{MARK}/{MARK}/x"),
    ]
    for path, told in asked:
        sent = new_id()
        ask("GET", path, query_string=query, headers={HEADER: sent})
        (record,) = [each for each in of("request", log()) if each["request_id"] == sent]
        assert record["path"] == told
    ask("GET", "/api/prescriptions", query_string={"access_token": pharmacy.token, "nhn": patient.grouped})
    ask("GET", "/reorder", query_string={"key": pharmacy.link_key})
    text = app.logs()
    assert not tells(text, pharmacy.token)
    assert not tells(text, pharmacy.link_key)
    assert not tells_number(text, patient.nhn)
    assert not tells_number(text, stranger.nhn)
    assert not tells_address(text, stranger.email)


@requirement("R5", "The log tells a token or a key that was refused, or a part of it.")
def test_what_was_tried_and_refused(app, ask, pharmacy, rng, new_id, log):
    """Ours have a form, others have not."""
    own = [token(rng), link_key(rng)]
    for secret in (*own, f"sk-live-{characters(rng, 30)}", f"{characters(rng, 20)}/{characters(rng, 12)}=="):
        ids = [new_id() for _ in range(4)]
        header = {"Authorization": f"Bearer {secret}", HEADER: ids[0]}
        body = {"key": secret, "prescription": pharmacy.prescriptions[0]["id"], "note": ""}
        answers = [
            ask("GET", "/api/prescriptions", headers=header),
            ask("GET", "/api/prescriptions", query_string={"access_token": secret}, headers={HEADER: ids[1]}),
            ask("GET", "/reorder", query_string={"key": secret}, headers={HEADER: ids[2]}),
            ask("POST", "/reorder", json=body, headers={HEADER: ids[3]}),
        ]
        assert [answer.status_code for answer in answers] == [401, 401, 404, 404]
        text, messages = app.logs(), of("message", log())
        for sent, beginning in zip(ids, ["token refused"] * 2 + ["nobody has the key"] * 2, strict=True):
            told = [each for each in messages if each["request_id"] == sent and each["message"].startswith(beginning)]
            assert [each["level"] for each in told] == ["WARNING"]
        assert not tells(text, secret)
        assert not tells(text, quote(secret, safe=""))


@requirement("R5", "The log tells a secret in the text of a fault, or leaves out more than that.")
@pytest.mark.parametrize("places", [["text"], ["cause", "note"]], ids=["itself", "what belongs to it"])
def test_the_text_of_a_fault(app, ask, pharmacy, rng, new_word, log, places):
    for index, place in enumerate(places):
        patient, words, secret = pharmacy.patients[index], [new_word() for _ in range(4)], token(rng)
        query = {"key": pharmacy.wholesaler_key, "patient": patient.grouped, "to": patient.email, words[0]: words[1]}
        url = f"https://api.wholesale.example/v2/orders?{urlencode(query)}"
        text = f"{words[2]} {url} {pharmacy.wholesaler_key} {secret} {words[3]}"
        told = {"raises": "LookupError", "text": new_word()}
        told[place] = {"raises": "OSError", "text": text} if place == "cause" else text
        assert ask.fill(index, told).status_code == 500

        record = of("exception", log())[-1]
        assert [each for each in (*words, MARK, "LookupError") if each not in record["traceback"]] == []
        assert f"{words[0]}={words[1]}" in record["traceback"]
        assert not tells(app.logs(), pharmacy.wholesaler_key)
        assert not tells(app.logs(), quote(pharmacy.wholesaler_key, safe=""))
        assert not tells(app.logs(), secret)
        assert not tells_number(app.logs(), patient.nhn)
        assert not tells_address(app.logs(), patient.email)


@requirement("R5", "The log tells a patient's data in what the database or the mail server says.")
def test_what_the_database_and_the_mail_server_say(app, ask, pharmacy, stranger, tell, lose, new_word, log):
    patient, text = pharmacy.patients[1], new_word()
    tell(patient.email, raises="OSError", text=f"{{'{patient.email}': (550, b'5.1.1 <{patient.email}>: {text}')}}")
    ask("POST", "/links", json={"email": patient.email})
    assert ask("POST", "/desk/reminders", query_string={"w": text}).json["failed"] == 1
    lose("patients")
    assert ask.prescribe(stranger, {}).status_code == 500
    assert ask("POST", "/links", json={"email": stranger.email}).status_code == 500

    faults = of("exception", log())
    assert len(faults) == 4
    assert [text in each["traceback"] for each in faults] == [True, True, False, False]
    for each in (patient, stranger):
        assert not tells_address(app.logs(), each.email)
        assert not tells_number(app.logs(), each.nhn)


@requirement("R5", "The log tells a secret in a warning: of ours, or of a library.")
@pytest.mark.parametrize("kind", ["WholesalerDown", "a library's"])
def test_a_warning(app, ask, pharmacy, rng, new_word, log, kind):
    patient, first, last = pharmacy.patients[0], new_word(), new_word()
    local, host = patient.email.split("@")
    key, nhn = quote(pharmacy.wholesaler_key, safe=""), patient.nhn
    if kind == "WholesalerDown":
        told = {"raises": kind, "text": f"{first} ?key={key}&patient={written(nhn, '%20')} {last}"}
        expected = f"order {pharmacy.orders[0]['number']} not filled: {first} ?key={MARK}&patient={MARK} {last}"
    else:
        number = rng.randrange(100)
        values = [local, host, first, pharmacy.wholesaler_key, nhn[:3], nhn[3:6], int(nhn[6:]), number, last]
        told = {"warns": ["%s@%s %s (%s), %s-%s-%04d: %d, %s", *values]}
        expected = f"{MARK} {first} ({MARK}), {MARK}: {number}, {last}"
    ask.fill(0, told)

    (record,) = with_text(first, log())
    assert record["message"] == expected
    assert not tells(app.logs(), pharmacy.wholesaler_key)


@requirement("R5", "The log tells a secret in a warning that belongs to no request.")
def test_a_warning_outside_of_requests(app, ask, pharmacy, stranger, new_word, log):
    """Two pharmacies run in this process and write one log, so each one's key is a secret in it."""
    for index, key in enumerate((pharmacy.other_key, pharmacy.wholesaler_key)):
        # A request that has ended has no part in it.
        assert ask.fill(index).json["order"] == pharmacy.orders[index]["number"]
        first, last = new_word(), new_word()
        url = f"?{urlencode({'key': key, 'patient': stranger.grouped, 'w': last})}"
        app.call("mendbox_harness:warn", "%s %s: %s, %s", first, key, url, stranger.email)

        (record,) = with_text(first, log())
        assert record["message"] == f"{first} {MARK}: ?key={MARK}&patient={MARK}&w={last}, {MARK}"
        assert not tells(app.logs(), key)


@requirement("R5", "The log tells a patient's data in a prescription that was received or refused.")
def test_a_prescription(app, ask, rng, pharmacy, stranger, new_word):
    other, words, secret = Patient(0, rng), [new_word() for _ in range(3)], token(rng)
    more = {
        "directions": f"{words[0]}, or tell {other.grouped} and {other.email}",
        "contacts": [{"Email": other.email, "of": [words[1], other.nhn]}],
        "NHN of the mother": other.nhn,
        "sent by": f"{words[2]}?access_token={secret}",
    }
    assert ask.prescribe(stranger, more).status_code == 201
    assert ask.prescribe(stranger, more | {"packs": 0}).status_code == 422

    text = app.logs()
    assert [text.count(each) for each in words] == [2, 2, 2]
    assert "prescription received: " in text
    assert "prescription refused, packs is not from 1 to 12: " in text
    for each in (stranger, other):
        assert not tells_number(text, each.nhn)
        assert not tells_address(text, each.email)
    for each in (secret, pharmacy.token):
        assert not tells(text, each)


@requirement("R5", "The log tells whom a link was sent to, or who was looked for.")
def test_who_was_looked_for(app, ask, pharmacy, stranger, new_word):
    patient = pharmacy.patients[1]
    for email in (patient.email, patient.email.upper(), stranger.email):
        assert ask("POST", "/links", json={"email": email}).status_code == 202
    assert ask.api("GET", f"/api/patients/{stranger.nhn}/prescriptions").status_code == 404
    assert ask.api("GET", "/api/prescriptions", query_string={"nhn": stranger.grouped}).status_code == 404

    text = app.logs()
    assert [text.count(each) for each in ("link sent to ", "no patient has the address ")] == [2, 1]
    assert text.count("no patient has the number ") == 2
    for mail in app.call("mendbox_harness:asked")["mails"]:
        assert not tells(text, mail["text"].partition("key=")[2])
    for each in (patient, stranger):
        assert not tells_address(text, each.email)
        assert not tells_number(text, each.nhn)


@requirement("R5", "Something is not in the log that is no secret.")
def test_what_is_no_secret_is_told(app, ask, pharmacy, rng, new_word):
    digits = "".join(rng.choices("123456789", k=14))
    text = (
        f"{new_word()} {digits} lot {digits[:11]} LOT{digits[:10]}X {digits[:3]}.{digits[3:6]}.{digits[6:10]} "
        f"{digits[:4]} {digits[4:7]} {digits[7:11]} rx_{digits[:6]} {new_word()}@"
    )
    ask.fill(0, {"raises": "WholesalerDown", "text": text})
    assert f"order {pharmacy.orders[0]['number']} not filled: {text}" in app.logs()
    ask.fill(1)
    filled = pharmacy.prescriptions[1]
    assert f"order {pharmacy.orders[1]['number']} filled: {filled['packs']} packs of {filled['ean']}" in app.logs()


@requirement("R5", "What is no log is without the secrets that belong there.")
def test_nothing_but_the_log_is_without_secrets(app, ask, pharmacy, stranger, new_word):
    shown = ask.prescribe(stranger, {"directions": new_word()}).json
    assert shown["nhn"] == stranger.grouped
    assert ask.api("GET", f"/api/patients/{stranger.nhn}/prescriptions").json == {"prescriptions": [shown]}
    assert ask("POST", "/links", json={"email": stranger.email}).status_code == 202
    assert ask.fill(0).status_code == 200
    note = f"{new_word()} {stranger.grouped} {stranger.email}"
    placed = ask.order(note).json["order"]
    assert {"number": placed, "state": "placed", "note": note} in ask("GET", "/desk/orders/").json["orders"]

    asked = app.call("mendbox_harness:asked")
    assert [(each["patient"], each["key"]) for each in asked["orders"]] == [
        (pharmacy.patients[0].grouped, pharmacy.wholesaler_key)
    ]
    (mail,) = asked["mails"]
    assert (mail["to"], mail["subject"]) == (stranger.email, pharmacy.name)
    found = ask("GET", "/reorder", query_string={"key": mail["text"].partition("key=")[2]}).json
    assert [each["id"] for each in found["prescriptions"]] == [shown["id"]]

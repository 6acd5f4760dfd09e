"""R2: keys come from the environment, and only from there."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from flask.json.tag import TaggedJSONSerializer
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

from mendbox.testing import requirement

PUBLISHED = (
    "skerry-line-since-1987-keep-this-safe",
    "skerry-line-boarding-codes-since-2019",
    "payments-demo-key-0000-0000-0000-0000",
    "change-me-change-me-change-me-change-me",
)
KEYS = ("secret_key", "payments_key")


def is_shown(key, text):
    """Whether the beginning or the end of a key can be read in a text."""
    return key[:4] in text or key[-4:] in text


@requirement("R2", "A session of an office with another key is accepted, or one's own is not.")
def test_a_session_is_worth_nothing_under_another_key(ferry, office, key, rng):
    here, there, again = office(), office(secret_key=key()), office()
    clerk = rng.choice(ferry.clerks)
    here.login(clerk)

    assert here.ask("/me").json == again.ask("/me").json == {"clerk": clerk[1]}
    refused = there.ask("/me")
    assert (refused.status_code, refused.json["error"]["code"]) == (401, "no_clerk")


@requirement("R2", "A boarding code of an office with another key is accepted, or one's own is not.")
def test_a_boarding_code_is_worth_nothing_under_another_key(ferry, office, key, rng):
    here, there, again = office(), office(secret_key=key()), office()
    here.login(rng.choice(ferry.clerks))
    sold = here.sell(rng.choice(ferry.of(*ferry.piers)), rng.randrange(1, 9)).json
    code = sold.pop("code")

    assert here.ask(f"/boarding/{code}").json == again.ask(f"/boarding/{code}").json == sold
    refused = there.ask(f"/boarding/{code}")
    assert (refused.status_code, refused.json["error"]["code"]) == (404, "unknown_code")


@requirement("R2", "Whoever has read the code can make boarding codes.")
def test_a_forged_boarding_code_is_refused(ferry, office, rng):
    here = office()
    here.login(rng.choice(ferry.clerks))
    sold = here.sell(rng.choice(ferry.of(*ferry.piers)), rng.randrange(1, 9)).json
    code = sold.pop("code")

    for known in PUBLISHED:
        forged = URLSafeSerializer(known, salt="boarding").dumps(sold["number"])
        assert here.ask(f"/boarding/{forged}").status_code == 404
    assert here.ask(f"/boarding/{code}").json == sold


@requirement("R2", "Whoever has read the code can make themselves a clerk.")
def test_a_forged_session_is_refused(client, ferry, office, rng):
    here = office()
    clerk, (number, _, _) = rng.sample(ferry.clerks, 2)
    here.login(clerk)
    assert here.ask("/me").json == {"clerk": clerk[1]}
    for known in PUBLISHED:
        forger = URLSafeTimedSerializer(
            known,
            salt="cookie-session",
            serializer=TaggedJSONSerializer(),
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha1},
        )
        client.set_cookie("session", forger.dumps({"clerk": number}), domain=client.visitor.host)
        assert here.ask("/me").status_code == 401


@requirement("R2", "An office starts without one of its keys, or does not say which.")
@pytest.mark.parametrize("debug", [None, "true"])
def test_there_is_no_office_without_a_key(ferry, office, blamed, rng, debug):
    for missing in KEYS:
        for nothing in (None, "", "   "):
            assert blamed(debug=debug, **{missing: nothing}) == {missing}

    assert blamed(debug=debug, secret_key=None, payments_key=None) == set(KEYS)
    party = rng.randrange(10, 61)
    assert office(debug=debug, max_party=str(party)).ask("/about").json["max_party"] == party


@requirement("R2", "A key of fewer than 32 characters is taken, or one of 32 is not.")
def test_a_key_has_32_characters(ferry, office, blamed, key, rng):
    for name in KEYS:
        assert blamed(**{name: key(31)}) == {name}
        assert blamed(**{name: f"  {key(31)}  "}) == {name}

    here = office(secret_key=key(32), payments_key=key(32))
    clerk = rng.choice(ferry.clerks)
    here.login(clerk)
    assert here.ask("/me").json == {"clerk": clerk[1]}


@requirement("R2", "A key that everybody knows is taken.")
def test_a_key_that_was_published_is_none(ferry, office, blamed, rng):
    for known in PUBLISHED:
        for name in KEYS:
            assert blamed(**{name: known}) == {name}
    assert blamed(secret_key=f" {rng.choice(PUBLISHED)} ") == {"secret_key"}
    assert blamed(**dict.fromkeys(KEYS, PUBLISHED[-1])) == set(KEYS)

    party = rng.randrange(10, 61)
    assert office(max_party=str(party)).ask("/about").json["max_party"] == party


@requirement("R2", "A key can be read in what an office prints when it starts, or the settings can't.")
def test_no_key_is_printed(app, ferry, office, environ, rng):
    party, minutes = rng.randrange(10, 61), rng.randrange(21, 241)
    given = environ()
    here = office(max_party=str(party), hold_minutes=str(minutes))

    assert here.ask("/about").json["max_party"] == party
    printed = app.logs()
    assert f"gangway: MAX_PARTY={party}\n" in printed
    assert f"gangway: HOLD_MINUTES={minutes}\n" in printed
    assert not [name for name in KEYS if is_shown(given[f"GANGWAY_{name.upper()}"], printed)]


@requirement("R2", "A key can be read in an error, with debugging on, or the other settings can't.")
def test_no_key_is_in_an_error(app, ferry, office, environ, rng):
    party = rng.randrange(10, 61)
    given = environ()
    here = office(debug="true", max_party=str(party))
    app.call("mendbox_harness:take_database_away")

    answer = here.ask("/sailings")
    assert answer.json["error"]["settings"]["MAX_PARTY"] == str(party)
    for name in KEYS:
        assert not is_shown(given[f"GANGWAY_{name.upper()}"], answer.text + app.logs())


@requirement("R2", "What is said about a wrong setting shows a key.")
def test_no_key_is_in_a_refusal(app, ferry, office, environ, refusal, key, rng):
    short, given = key(20), environ()
    for changes in ({"secret_key": short}, {"payments_key": short}, {"max_party": "many"}):
        said = refusal(**changes) + app.logs()
        for secret in (short, given["GANGWAY_SECRET_KEY"], given["GANGWAY_PAYMENTS_KEY"]):
            assert not is_shown(secret, said)

    party = rng.randrange(10, 61)
    assert office(max_party=str(party)).ask("/about").json["max_party"] == party


@requirement("R2", "A payment notice is taken without the company's signature, or refused with it.")
def test_notices_are_the_payment_companys(ferry, office, environ, rng):
    here = office()
    here.login(rng.choice(ferry.clerks))
    sold = here.sell(rng.choice(ferry.of(*ferry.piers)), rng.randrange(1, 9)).json
    code = sold.pop("code")
    body = json.dumps({"ticket": sold["number"], "pence": sold["total_pence"]}).encode()

    def tell(secret):
        headers = {
            "X-Payments-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
            "Content-Type": "application/json",
        }
        return here.ask("/payments/notices", method="POST", data=body, headers=headers)

    for known in (*PUBLISHED, environ()["GANGWAY_SECRET_KEY"]):
        assert tell(known).status_code == 403
    assert here.ask(f"/boarding/{code}").json == sold
    assert tell(environ()["GANGWAY_PAYMENTS_KEY"]).json == sold | {"paid": True}
    assert here.ask(f"/boarding/{code}").json == sold | {"paid": True}


@requirement("R2", "After a restart, sessions and boarding codes are worth nothing.")
def test_a_restart_changes_nothing(ferry, office, environ, rng):
    before = office()
    clerk = rng.choice(ferry.clerks)
    before.login(clerk)
    sold = before.sell(rng.choice(ferry.of(*ferry.piers)), rng.randrange(1, 9)).json

    after = office(secret_key=f" {environ()['GANGWAY_SECRET_KEY']}  ")
    assert after.ask("/me").json == {"clerk": clerk[1]}
    assert after.ask(f"/boarding/{sold.pop('code')}").json == sold
    assert after.ask("/boarding/nothing").status_code == 404

import hashlib
import hmac
import json

import pytest

from gangway import create_app
from gangway.config import ConfigError


def tell(client, key, **told):
    body = json.dumps(told).encode()
    signature = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    return client.post(
        "/payments/notices",
        data=body,
        headers={"X-Payments-Signature": signature, "Content-Type": "application/json"},
    )


def test_what_is_paid_is_marked(clerk, environ):
    sold = clerk.post("/tickets", json={"sailing": 2, "passengers": 1, "name": "Una"}).json
    answer = tell(clerk, environ["GANGWAY_PAYMENTS_KEY"], ticket=sold["number"], pence=940)
    assert answer.json["paid"] is True


def test_a_wrong_signature_is_refused(client):
    assert tell(client, "x" * 40, ticket=1, pence=940).status_code == 403


def test_an_office_needs_a_database(environ):
    del environ["GANGWAY_DATABASE"]
    with pytest.raises(ConfigError, match="GANGWAY_DATABASE"):
        create_app(environ)

import pytest

from pestle.cli import KEY, TOKEN
from pestle.logs import redacted
from pestle.numbers import new_key


def test_the_id_of_a_request_comes_back(client):
    answer = client.get("/health", headers={"X-Request-ID": "0123456789abcdef"})

    assert answer.headers["X-Request-ID"] == "0123456789abcdef"


@pytest.mark.parametrize("sent", ["0123456789abcde", "0123456789ABCDEF", "0123456789abcdef\x80"])
def test_an_id_of_another_form_is_replaced(client, sent):
    assert client.get("/health", headers={"X-Request-ID": sent}).headers["X-Request-ID"] != sent


def test_texts_are_redacted(app):
    with app.test_request_context():
        for secret in ("943+476+5919", "INES@example.org", TOKEN, KEY, new_key(), "demo%2F4hT9%2BxkQ2w%3D%3D"):
            assert redacted(f"it is {secret}, and 50123456789") == "it is [redacted], and 50123456789"

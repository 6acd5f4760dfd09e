import json

import pytest

from pestle.redaction import without_secrets

KEY = "demo/4hT9+xkQ2w=="


@pytest.mark.parametrize(
    "secret",
    ["9434765919", "943 476-5919", "943%20476%205919", "A.B@X.EXAMPLE", "a.b%40x.example", "rk_" + "a1" * 16, KEY],
)
def test_a_secret_and_nothing_else_is_taken_out(secret):
    assert without_secrets(f"<{secret}> a={secret}&b=1", [KEY]) == "<[redacted]> a=[redacted]&b=1"


def test_a_known_value_is_found_in_a_url():
    assert without_secrets("?key=demo%2F4hT9%2bxkQ2w==.", [KEY]) == "?key=[redacted]."


def test_longer_numbers_and_words_stay():
    text = "5012345678900 and 0151 234 5678, LOT9434765919, rx_short, post@ and R-10000001"

    assert without_secrets(text, [KEY]) == text


def test_an_unforeseen_exception_is_one_record(client, capsys):
    assert client.post("/desk/orders/R-10000003/fill").status_code == 500

    fault, request = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (fault["event"], request["event"], request["status"]) == ("exception", "request", 500)
    assert fault["traceback"].count("Traceback") == 2

import pytest


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("/paths?wagons=3O&date=09.03.2026", ["date", "wagons"]),
        ("/paths.csv?max_price=nan", ["max_price"]),
        ("/paths?from=HHM&from=HHM", ["from"]),
        ("/paths?earliest=12:00&latest=11:59", ["earliest", "latest"]),
        ("/wagons?axles=four&heated=", ["axles", "heated"]),
        ("/terminals?from=HHM", ["from"]),
    ],
)
def test_what_is_not_as_it_should_be_is_named(client, url, names):
    answer = client.get(url)
    assert answer.status_code == 400
    assert answer.json["error"]["parameters"] == names

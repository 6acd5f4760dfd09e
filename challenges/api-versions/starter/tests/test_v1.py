import pytest


@pytest.mark.parametrize("path", ["/v1/chargers/KLX-24", "/v1/sites/XXX", "/v1/sessions/99"])
def test_what_is_not_there_is_404(client, path):
    answer = client.get(path)

    assert answer.status_code == 404
    assert "There is no" in answer.text


def test_a_charger_names_its_site(client):
    assert '</v1/sites/BRK>; rel="up"' in client.get("/v1/chargers/KLX-04").headers["Link"]


def test_lists_are_lists(client):
    for path in ("/v1/chargers", "/v1/sites"):
        assert isinstance(client.get(path).json, list)


def test_a_session_has_an_id(client):
    assert client.get("/v1/sessions/23").json["id"] == 23

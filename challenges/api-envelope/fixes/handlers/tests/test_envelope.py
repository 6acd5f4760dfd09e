import pytest


@pytest.mark.parametrize(
    ("path", "code", "status"), [("/api/animals/99", "not_found", 404), ("/api/lab/L-102", "not_ready", 503)]
)
def test_a_refusal_has_its_status(client, path, code, status):
    answer = client.get(path)

    assert answer.status_code == status
    assert answer.json["ok"] is False
    assert answer.json["error"]["code"] == code


def test_an_unknown_address_is_json_below_api_only(client):
    assert client.get("/api/nowhere").json["error"]["code"] == "not_found"
    assert client.get("/api-nowhere").mimetype == "text/html"


def test_headers_arrive(client):
    assert client.get("/api/animals/1").headers["ETag"] == '"animal-1-1"'
    assert client.get("/api/lab/L-102").headers["Retry-After"] == "120"

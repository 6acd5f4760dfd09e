from io import BytesIO

import pytest

from claimdesk.cli import PNG


@pytest.mark.parametrize("name", ["../HM-2041/window.png", "/etc/passwd", "..", "window.png"])
def test_no_name_touches_another_file(client, name):
    photos = [
        client.post("/claims/HM-2042/photos", data={"photo": (BytesIO(PNG + extra), name)}).json["photos"][0]
        for extra in (b"1", b"2")
    ]
    for photo, extra in zip(photos, (b"1", b"2"), strict=True):
        with client.get(photo["url"]) as shown:
            assert shown.data == PNG + extra
    with client.get("/claims/HM-2041/files/window.png") as shown:
        assert shown.data == PNG


def test_a_refused_photo_takes_the_others_of_its_request_with_it(client):
    data = {"photo": [(BytesIO(PNG), "a.png"), (BytesIO(b"<html>"), "b.png")]}
    assert client.post("/claims/HM-2042/photos", data=data).status_code == 415
    assert client.get("/claims/HM-2042").json["photos"] == []


def test_the_database_can_not_be_read(client):
    assert client.get("/claims/../files/claims.db").status_code == 404

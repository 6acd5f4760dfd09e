"""R3: a file is what its first bytes say."""

from __future__ import annotations

from itertools import product

from sending import Part, is_error, path_of

from mendbox.testing import requirement


@requirement(
    "R3", "A photo with a name or type that says otherwise is not taken, or not served whole and as what it is."
)
def test_a_photo_is_known_by_its_first_bytes(client, desk, send, make, word):
    senders = {"{}.html": "text/html", "{}": "application/octet-stream", "{}.gif": "image/gif", "{}.pdf": "image/jpeg"}
    for (name, content_type), kind in product(senders.items(), ("image/jpeg", "image/png", "image/webp")):
        data = make(kind)
        answer = send.photos(desk.fresh, Part(data, name.format(word()), content_type))

        assert answer.status_code == 201
        (photo,) = answer.json["photos"]
        assert (photo["content_type"], photo["size"]) == (kind, len(data))
        shown = client.get(photo["url"])
        assert (shown.status_code, shown.headers["Content-Type"], shown.data) == (200, kind, data)
        assert shown.headers["X-Content-Type-Options"] == "nosniff"


@requirement("R3", "Something that is no JPEG, PNG or WebP is taken as a photo.")
def test_what_is_no_photo_is_refused_by_any_name(app, client, desk, rng, send, make, word):
    others = [
        b"<!doctype html><script>" + word().encode(),
        b"<svg xmlns='http://www.w3.org/2000/svg'>" + word().encode(),
        b"RIFF\x10\x27\x00\x00WAVEfmt " + rng.randbytes(200),
        b"GIF89a" + rng.randbytes(200),
        b" \x89PNG\r\n\x1a\n" + rng.randbytes(200),
        b"\x89PNG\n\x1a\n" + rng.randbytes(200),
        b"\xff\xd8\x00" + rng.randbytes(200),
        b"RIFF",
        b"WAVE\x10\x27\x00\x00WEBPVP8 " + rng.randbytes(200),
        b"",
        make("application/pdf"),
    ]
    for data in others:
        answer = send.photos(desk.busy, Part(data, f"{word()}.png", "image/png"))
        assert is_error(answer, 415, "unsupported_type"), data[:16]

    assert send.names(desk.busy) == [photo.name for photo in desk.busy.photos]
    good = make("image/webp")
    answer = send.photos(desk.busy, Part(good, f"{word()}.bin", "audio/wav"))
    assert answer.json["photos"][0]["content_type"] == "image/webp"


@requirement("R3", "An estimate is not judged, or not served, by its first bytes.")
def test_an_estimate_is_known_by_its_first_bytes(client, desk, send, make, word):
    path = f"/claims/{desk.busy.number}/estimate"
    for data in (make("image/png"), b"\n%PDF-1.4" + word().encode(), b"<html>" + word().encode(), b"%PDF"):
        answer = send.estimate(desk.busy, Part(data, f"{word()}.pdf", "application/pdf"))
        assert is_error(answer, 415, "unsupported_type")
    assert client.get(path).data == desk.busy.estimate.data

    data = make("application/pdf")
    answer = send.estimate(desk.busy, Part(data, f"{word()}.html", "text/html"))

    assert answer.status_code == 200
    assert (answer.json["estimate"]["content_type"], answer.json["estimate"]["size"]) == ("application/pdf", len(data))
    shown = client.get(path)
    assert (shown.headers["Content-Type"], shown.data) == ("application/pdf", data)
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


@requirement("R3", "A file from before is not served as what its first bytes say.")
def test_files_from_before_are_served_by_the_same_rule(client, desk):
    path = f"/claims/{desk.odd.number}/estimate"
    for url, row in ((path_of(desk.page), desk.page), (path_of(desk.paper), desk.paper), (path, desk.odd.estimate)):
        answer = client.get(url)
        assert (answer.status_code, answer.data) == (200, row.data)
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].partition(";")[0] == "attachment"

    misnamed = client.get(path_of(desk.misnamed))
    assert (misnamed.headers["Content-Type"], misnamed.data) == ("image/png", desk.misnamed.data)
    assert misnamed.headers["X-Content-Type-Options"] == "nosniff"


@requirement("R3", "Files that are what their name says are no longer served as before.")
def test_ordinary_files_are_served_as_before(client, desk):
    for row in desk.busy.photos:
        answer = client.get(path_of(row))
        assert (answer.status_code, answer.headers["Content-Type"], answer.data) == (200, row.content_type, row.data)
    estimate = client.get(f"/claims/{desk.busy.number}/estimate")
    assert (estimate.headers["Content-Type"], estimate.data) == ("application/pdf", desk.busy.estimate.data)
    assert is_error(client.get(f"/claims/{desk.busy.number}x/estimate"), 404, "claim_not_found")

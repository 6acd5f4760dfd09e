"""R6: on disk is what the database knows, and nothing else."""

from __future__ import annotations

import pytest
from sending import Part, is_error, path_of

from mendbox.testing import requirement


@requirement("R6", "A request with a photo that is refused leaves some of its photos, or their files, behind.")
@pytest.mark.parametrize("why", ["kind", "size"])
def test_a_request_stores_all_of_its_photos_or_none(app, desk, send, make, word, why):
    before = app.call("mendbox_harness:evidence")
    bad = b"GIF89a" + word().encode() if why == "kind" else make("image/jpeg", desk.max_photo + 1)
    parts = [Part(make(), f"{word()}.png"), Part(bad, f"{word()}.jpg"), Part(make(), f"{word()}.png")]

    answer = send.photos(desk.busy, *parts)

    assert is_error(answer, 415 if why == "kind" else 413)
    assert send.names(desk.busy) == [photo.name for photo in desk.busy.photos]
    assert app.call("mendbox_harness:evidence") == before


@requirement("R6", "What the database could not record leaves something behind, or takes away what was there before.")
def test_what_can_not_be_recorded_is_not_kept(app, client, desk, send, make, shows, word):
    before = app.call("mendbox_harness:evidence")
    app.call("mendbox_harness:refuse_commits", True)

    photos = send.photos(desk.busy, Part(make(), f"{word()}.png"), Part(make(), f"{word()}.png"))
    estimate = send.estimate(desk.busy, Part(make("application/pdf"), f"{word()}.pdf", "application/pdf"))
    withdrawn = client.delete(f"/claims/{desk.busy.number}/photos/{desk.busy.photos[0].id}")

    app.call("mendbox_harness:refuse_commits", False)
    assert [answer.status_code for answer in (photos, estimate, withdrawn)] == [500, 500, 500]
    assert app.call("mendbox_harness:evidence") == before
    assert send.names(desk.busy) == [photo.name for photo in desk.busy.photos]
    assert shows(path_of(desk.busy.photos[0]), desk.busy.photos[0].data)
    assert shows(f"/claims/{desk.busy.number}/estimate", desk.busy.estimate.data)


@requirement("R6", "A photo that was withdrawn, or an estimate that was replaced, is still there.")
def test_what_was_withdrawn_or_replaced_is_gone(app, client, desk, send, make, shows, word):
    data, name = make(), f"{word()}.png"
    (new,) = send.photos(desk.busy, Part(data, name, "image/png")).json["photos"]
    (same,) = send.photos(desk.busy, Part(make(), name, "image/png")).json["photos"]
    old = desk.busy.photos[0]
    estimate = make("application/pdf")
    send.estimate(desk.busy, Part(make("application/pdf"), f"{word()}.pdf", "application/pdf"))
    send.estimate(desk.busy, Part(estimate, f"{word()}.pdf", "application/pdf"))

    for number in (same["id"], old.id):
        assert client.delete(f"/claims/{desk.busy.number}/photos/{number}").status_code == 204

    assert is_error(client.get(same["url"]), 404)
    assert is_error(client.get(path_of(old)), 404)
    assert shows(new["url"], data)
    assert shows(f"/claims/{desk.busy.number}/estimate", estimate)
    stored = app.call("mendbox_harness:evidence")
    assert set(desk.paths()) - set(stored) == {old.path, desk.busy.estimate.path}
    assert len(stored) == len(desk.paths())


@requirement(
    "R6", "Of files that share one on disk, withdrawing or replacing one takes the other away, or the last stays."
)
def test_a_shared_file_stays_until_the_last_is_gone(app, client, desk, send, make, shows, word):
    one, other = desk.first_twin, desk.second_twin

    assert client.delete(f"/claims/{desk.twins.number}/photos/{one.id}").status_code == 204
    assert shows(path_of(other), other.data)
    assert client.delete(f"/claims/{desk.twins.number}/photos/{other.id}").status_code == 204
    assert is_error(client.get(path_of(other)), 404)

    send.estimate(desk.twins, Part(make("application/pdf"), f"{word()}.pdf", "application/pdf"))
    assert shows(f"/claims/{desk.fresh.number}/estimate", desk.fresh.estimate.data)
    send.estimate(desk.fresh, Part(make("application/pdf"), f"{word()}.pdf", "application/pdf"))
    gone = set(desk.paths()) - set(app.call("mendbox_harness:evidence"))
    assert gone == {one.path, desk.fresh.estimate.path}


@requirement(
    "R6", "A photo or an estimate whose file was lost cannot be withdrawn or replaced, or such a photo isn't 404."
)
def test_what_has_lost_its_file_can_go(app, client, desk, send, make, shows, word):
    photo = desk.busy.photos[0]
    for row in (photo, desk.busy.estimate):
        app.call("mendbox_harness:lose", row.path)

    assert is_error(client.get(path_of(photo)), 404)
    assert client.delete(f"/claims/{desk.busy.number}/photos/{photo.id}").status_code == 204
    assert send.names(desk.busy) == [other.name for other in desk.busy.photos[1:]]
    data = make("application/pdf")
    assert send.estimate(desk.busy, Part(data, f"{word()}.pdf", "application/pdf")).status_code == 200
    assert shows(f"/claims/{desk.busy.number}/estimate", data)


@requirement("R6", "Withdrawing no longer answers as before for photos that are not there, or takes away others.")
def test_only_a_photo_of_the_claim_is_withdrawn(client, desk, shows):
    foreign, estimate = desk.other.photos[0], desk.busy.estimate
    for number in (foreign.id, estimate.id, 99_999):
        answer = client.delete(f"/claims/{desk.busy.number}/photos/{number}")
        assert is_error(answer, 404, "photo_not_found")

    own = desk.busy.photos[1]
    assert client.delete(f"/claims/{desk.busy.number}/photos/{own.id}").status_code == 204
    shown = client.get(f"/claims/{desk.busy.number}").json["photos"]
    assert [photo["id"] for photo in shown] == [photo.id for photo in desk.busy.photos if photo is not own]
    assert shows(path_of(foreign), foreign.data)
    assert shows(f"/claims/{desk.busy.number}/estimate", estimate.data)

"""R3: what is let through counts, what is refused does not."""

from mendbox.testing import requirement


@requirement("R3", "A request that is let through and answered with an error does not count.")
def test_requests_that_end_in_an_error_count(account, visitor, rng):
    guesser, birch, cedar = visitor("203.0.113.5"), account("birch"), account("cedar")
    guesses = [f"PX{n:010d}" for n in rng.sample(range(10**8, 10**9), 2)]
    assert [guesser.track(number).status_code for number in guesses] == [404] * 2
    assert guesser.track("PX0000000013").status_code == 429
    assert [birch.show("PX0000000013").status_code for _ in range(2)] == [404] * 2  # It is alder's.
    assert birch.quota()["lookup"] == {"limit": 3, "used": 2, "remaining": 1}
    assert cedar.post("/api/v1/parcels", json={"recipient": "Ilse"}).status_code == 422
    assert cedar.post("/api/v1/parcels", data="Ilse", content_type="text/plain").status_code == 415
    assert cedar.quota()["booking"] == {"limit": 3, "used": 2, "remaining": 1}
    assert [cedar.book().status_code for _ in range(2)] == [201, 429]


@requirement("R3", "Asking again while refused makes the wait longer, or a refused booking is carried out.")
def test_a_refused_booking_changes_nothing(account, clock, recipient):
    alder = account("alder")
    assert [alder.book(recipient).status_code for _ in range(2)] == [201] * 2
    for _ in range(3):
        assert alder.book("Nobody").status_code == 429
        clock.advance(20)
    assert [alder.book(recipient).status_code for _ in range(3)] == [201] * 2 + [429]
    recipients = [parcel["recipient"] for parcel in alder.parcels().json["parcels"]]
    assert recipients.count(recipient) == 4
    assert "Nobody" not in recipients


@requirement("R3", "Requests without a valid key, or for the quota or the health check, are limited or count.")
def test_what_is_not_limited_does_not_count(account, visitor):
    alder = account("alder")
    for key in ("alder-old-0e42", "no-such-key", ""):
        assert visitor(alder.address, headers={"X-Api-Key": key}).parcels().status_code == 401, f"key {key!r}"
    assert alder.parcels().status_code == 200
    for _ in range(4):
        assert alder.quota() == {
            "plan": "basic",
            "lookup": {"limit": 3, "used": 1, "remaining": 2},
            "booking": {"limit": 2, "used": 0, "remaining": 2},
        }
    for _ in range(3):
        assert visitor(alder.address).get("/healthz").json == {"status": "ok"}
    assert visitor(alder.address).track("PX0000000013").json["number"] == "PX0000000013"

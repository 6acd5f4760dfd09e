"""R3: what is let through counts, what is refused does not."""

from mendbox.testing import requirement


@requirement("R3", "A request that is let through and answered with an error does not count.")
def test_requests_that_end_in_an_error_count(account, visitor, addresses, parcel, unknown, recipient):
    guesser, birch, cedar = visitor(addresses(1)[0]), account("birch"), account("cedar")
    guesses = unknown(guesser.limits["public"])
    for number in guesses:
        answer = guesser.track(number)
        assert answer.status_code == 404
        assert number in answer.json["error"]["message"]
    assert guesser.track(parcel.number).status_code == 429
    assert [birch.show(parcel.number).status_code for _ in range(2)] == [404] * 2  # It is alder's.
    assert birch.quota()["lookup"] == birch.used("lookup", 2)
    assert cedar.post("/api/v1/parcels", json={"recipient": recipient}).status_code == 422
    assert cedar.post("/api/v1/parcels", data=recipient, content_type="text/plain").status_code == 415
    left = cedar.limits["booking"] - 2
    assert cedar.quota()["booking"] == cedar.used("booking", 2)
    booked = [cedar.book(recipient) for _ in range(left + 1)]
    assert [answer.status_code for answer in booked] == [201] * left + [429]
    assert [answer.json["parcel"]["recipient"] for answer in booked[:-1]] == [recipient] * left


@requirement("R3", "Asking again while refused makes the wait longer, or a refused booking is carried out.")
def test_a_refused_booking_changes_nothing(account, clock, recipient):
    alder = account("alder")
    limit = alder.limits["booking"]
    assert [alder.book(recipient).status_code for _ in range(limit)] == [201] * limit
    for _ in range(3):
        assert alder.book("Nobody").status_code == 429
        clock.advance(20)
    assert [alder.book(recipient).status_code for _ in range(limit + 1)] == [201] * limit + [429]
    recipients = [parcel["recipient"] for parcel in alder.parcels().json["parcels"]]
    assert recipients.count(recipient) == 2 * limit
    assert "Nobody" not in recipients


@requirement("R3", "Requests without a valid key, or for the quota or the health check, are limited or count.")
def test_what_is_not_limited_does_not_count(account, visitor, parcel, tracked, rng):
    alder = account("alder")
    for key in (*alder.account.revoked, f"key-{rng.getrandbits(64):016x}", ""):
        answer = visitor(alder.address, headers={"X-Api-Key": key}).parcels()
        assert answer.status_code == 401, f"key {key!r}"
    assert alder.lists_its_own(alder.parcels())
    for _ in range(4):
        assert alder.quota() == {
            "plan": "basic",
            "lookup": alder.used("lookup", 1),
            "booking": alder.used("booking", 0),
        }
    for _ in range(3):
        assert visitor(alder.address).get("/healthz").json == {"status": "ok"}
    assert visitor(alder.address).track(parcel.number).json == tracked

"""R3: what is let through counts, what is refused does not."""

from mendbox.testing import requirement


@requirement("R3", "Guessing numbers of parcels that do not exist is never limited.")
def test_guesses_on_the_public_page_count(visitor, booked, rng):
    guesses = [f"PX{n:010d}" for n in rng.sample(range(10**8, 10**9), 5)]
    guesser = visitor("203.0.113.5")
    assert [guesser.track(number).status_code for number in guesses] == [404] * 5
    assert guesser.track(booked).status_code == 429


@requirement("R3", "A request of an account that is answered 404, 415 or 422 does not count.")
def test_requests_that_end_in_an_error_count(account, booked):
    birch = account("birch")  # the parcel is alder's
    assert [birch.show(booked).status_code for _ in range(4)] == [404] * 4
    assert birch.post("/api/v1/parcels", json={"recipient": "Ilse"}).status_code == 422
    assert birch.post("/api/v1/parcels", json=["Ilse"]).status_code == 422
    assert birch.post("/api/v1/parcels", data="Ilse", content_type="text/plain").status_code == 415
    assert birch.quota() == {
        "plan": "basic",
        "lookup": {"limit": 6, "used": 4, "remaining": 2},
        "booking": {"limit": 4, "used": 3, "remaining": 1},
    }
    assert [birch.book().status_code for _ in range(2)] == [201, 429]


@requirement("R3", "Asking again while refused makes the wait longer, or a refused booking is carried out.")
def test_a_refused_booking_changes_nothing(account, clock, recipient):
    alder = account("alder")
    assert [alder.book(recipient).status_code for _ in range(4)] == [201] * 4
    for _ in range(12):
        assert alder.book("Nobody").status_code == 429
        clock.advance(5)
    answers = [alder.book(recipient) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [201] * 4 + [429]
    recipients = [parcel["recipient"] for parcel in alder.parcels().json["parcels"]]
    assert recipients.count(recipient) == 8
    assert "Nobody" not in recipients


@requirement("R3", "Requests without a valid key count against somebody, or are not answered 401.")
def test_requests_without_a_valid_key_count_against_nobody(account, visitor, booked):
    for key in ("alder-old-0e42", "no-such-key", ""):
        stranger = visitor(headers={"X-Api-Key": key})
        assert [stranger.parcels().status_code for _ in range(7)] == [401] * 7
    alder = account("alder")
    assert alder.quota()["lookup"] == {"limit": 6, "used": 0, "remaining": 6}
    assert [alder.parcels().status_code for _ in range(7)] == [200] * 6 + [429]
    assert visitor().track(booked).json["number"] == booked


@requirement("R3", "Looking at the quota or at the health check is limited, or counts.")
def test_quota_and_health_are_neither_limited_nor_counted(account, visitor):
    alder = account("alder")
    assert [alder.parcels().status_code for _ in range(2)] == [200] * 2
    assert alder.book().status_code == 201
    for _ in range(12):
        assert visitor(alder.address).get("/healthz").json == {"status": "ok"}
        assert alder.quota() == {
            "plan": "basic",
            "lookup": {"limit": 6, "used": 2, "remaining": 4},
            "booking": {"limit": 4, "used": 1, "remaining": 3},
        }

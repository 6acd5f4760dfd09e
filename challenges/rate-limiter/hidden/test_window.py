"""R2: no span of one window holds more than the limit."""

from mendbox.testing import requirement


@requirement("R2", "Within some sixty seconds a client gets more than its limit, or it is refused with room left.")
def test_room_comes_back_one_by_one_after_exactly_a_window(account, visitor, clock, let_through, rng, parcel, tracked):
    birch, passer_by = account("birch"), visitor()
    rest, tracks = birch.limits["lookup"] - 1, passer_by.limits["public"]
    early, burst = 10 + 0.5 * rng.randrange(30), 57 + 0.5 * rng.randrange(5)
    clock.advance(early)
    assert let_through([birch.parcels()]) == 1
    clock.advance(burst - early)
    assert let_through([birch.parcels() for _ in range(rest)]) == rest
    tracks_seen = [passer_by.track(parcel.number) for _ in range(tracks)]
    assert [answer.json for answer in tracks_seen] == [tracked] * tracks
    clock.advance(60.5 - burst)  # A new minute on the clock on the wall.
    assert let_through([birch.parcels(), passer_by.track(parcel.number)]) == 0
    clock.advance(early - 1)  # 59.5 s after birch's first
    assert let_through([birch.parcels()]) == 0
    clock.advance(0.5)
    answers = [birch.parcels() for _ in range(2)]
    assert let_through(answers) == 1
    assert birch.lists_its_own(answers[0])
    clock.advance(burst - early - 0.5)  # 59.5 s after the burst
    assert let_through([birch.parcels()]) == 0
    clock.advance(0.5)
    assert let_through([birch.parcels() for _ in range(rest + 1)]) == rest


@requirement("R2", "Of requests at the same instant not each is counted, or a quiet minute does not free them all.")
def test_after_a_quiet_minute_the_whole_limit_is_back(account, clock):
    alder = account("alder")
    limit = alder.limits["lookup"]
    for burst in ("first", "second"):
        answers = [alder.parcels() for _ in range(limit + 1)]
        assert [answer.status_code for answer in answers] == [200] * limit + [429], burst
        assert alder.lists_its_own(answers[limit - 1])
        if burst == "first":
            clock.advance(59.5)
            assert alder.parcels().status_code == 429
            clock.advance(0.5)

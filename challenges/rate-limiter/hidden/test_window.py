"""R2: no span of one window holds more than the limit."""

from bisect import bisect_right

from mendbox.testing import requirement


@requirement("R2", "Around a full minute a client gets more than its limit within sixty seconds.")
def test_two_bursts_within_a_minute_get_one_limit(account, visitor, clock, let_through, booked):
    alder, passer_by = account("alder"), visitor()
    clock.advance(30)
    assert let_through([alder.parcels() for _ in range(6)]) == 6
    clock.advance(29)
    assert let_through([passer_by.track(booked) for _ in range(5)]) == 5
    clock.advance(1.5)
    assert let_through([passer_by.track(booked) for _ in range(5)]) == 0
    clock.advance(29)  # 59.5 s after alder's
    assert let_through([alder.parcels() for _ in range(6)]) == 0


@requirement("R2", "Room does not come back one request at a time, each exactly one window after it was used.")
def test_room_comes_back_one_by_one(account, clock, let_through):
    birch = account("birch")
    clock.advance(20)
    assert let_through([birch.parcels()]) == 1
    clock.advance(15.5)
    assert let_through([birch.parcels() for _ in range(2)]) == 2
    clock.advance(10)
    assert let_through([birch.parcels() for _ in range(5)]) == 3
    clock.advance(34)  # 59.5 s after the first
    assert let_through([birch.parcels()]) == 0
    clock.advance(0.5)
    assert let_through([birch.parcels() for _ in range(3)]) == 1
    clock.advance(15)
    assert let_through([birch.parcels() for _ in range(3)]) == 0
    clock.advance(0.5)
    assert let_through([birch.parcels() for _ in range(4)]) == 2
    clock.advance(10)
    assert let_through([birch.parcels() for _ in range(5)]) == 3


@requirement("R2", "Over a few minutes of steady use a client is let through too often, or refused with room left.")
def test_steady_use_is_let_through_exactly_when_there_is_room(account, clock, rng):
    # The first nine requests are over before the full minute, whatever steps are drawn.
    cedar, now = account("cedar"), 25.0
    counted, expected, seen = [], [], []
    clock.advance(now)
    for _ in range(80):
        step = rng.choice((0, 0, 0.5, 1, 2, 3.5))
        clock.advance(step)
        now += step
        room = len(counted) - bisect_right(counted, now - 60) < 9
        if room:
            counted.append(now)
        expected.append(200 if room else 429)
        seen.append(cedar.parcels().status_code)
    assert seen == expected


@requirement("R2", "Of requests at the same instant not each is counted, or a quiet minute does not free them all.")
def test_after_a_quiet_minute_the_whole_limit_is_back(account, clock):
    alder = account("alder")
    for _ in range(3):
        answers = [alder.parcels() for _ in range(7)]
        assert [answer.status_code for answer in answers] == [200] * 6 + [429]
        assert len(answers[5].json["parcels"]) == 6
        clock.advance(59.5)
        assert alder.parcels().status_code == 429
        clock.advance(0.5)

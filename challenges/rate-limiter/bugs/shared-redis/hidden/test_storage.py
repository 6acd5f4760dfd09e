"""R6: what no longer counts is not kept."""

import pytest

from mendbox.testing import requirement

#: Clients, minutes or refusals between two measurements, and how much more there may be after them: more than varies by
#: itself, less than one for each.
MANY = 10
OBJECTS = 10
KEYS = 3
STORED_CHARS = 150


@pytest.fixture
def footprint(app, redis_server):
    """What is kept, measured beside the app: rows of its own tables, objects within its reach, and the Redis."""

    def measured():
        names = redis_server.keys()
        stored = sum(len(name) + len(redis_server.command("DUMP", name) or "") for name in names)
        return app.call("mendbox_harness:footprint") | {"keys": len(names), "stored_chars": stored}

    return measured


def grown(before, after):
    """What there is too much of."""
    most = {"rows": 0, "keys": KEYS, "stored_chars": STORED_CHARS, "objects": OBJECTS - 1}
    return {name: after[name] - before[name] for name in most if after[name] - before[name] > most[name]}


@requirement("R6", "The service keeps something for every minute that it runs, or of visitors who have left.")
def test_what_no_longer_counts_is_not_kept(account, visitor, clock, footprint, addresses, parcel, tracked):
    alder, birch = account("alder"), account("birch")

    def minutes(addresses):
        for number, address in enumerate(addresses):
            if number % 2 == 0:
                assert alder.lists_its_own(alder.parcels())
            assert visitor(address).track(parcel.number).json == tracked
            clock.advance(61)
        assert birch.parcels().status_code == 200
        clock.advance(121)

    crowd = addresses(2 + MANY)
    minutes(crowd[:2])
    before = footprint()
    minutes(crowd[2:])
    after = footprint()
    assert after["rows"] == 0
    assert after["keys"] <= KEYS
    assert not grown(before, after)


@requirement("R6", "What a client that goes on has used up piles up.")
def test_a_client_that_goes_on_piles_up_nothing(account, clock, footprint, rng):
    birch = account("birch")

    def go_on():
        for _ in range(MANY):
            assert birch.lists_its_own(birch.parcels())
            clock.advance(rng.choice((24, 25)))

    go_on()
    before = footprint()
    go_on()
    assert birch.parcels().status_code == 200
    assert not grown(before, footprint())


@requirement("R6", "Requests that still count are forgotten, or refused requests leave something behind.")
def test_what_still_counts_is_kept_and_refusals_are_not(account, clock, footprint):
    alder = account("alder")
    limit = alder.limits["lookup"]
    for _ in range(limit):
        assert alder.lists_its_own(alder.parcels())
        clock.advance(43.5 / limit)
    for _ in range(2):
        assert alder.parcels().status_code == 429
    before = footprint()
    for _ in range(MANY):
        assert alder.parcels().json["error"]["code"] == "rate_limited"
    assert not grown(before, footprint())
    clock.advance(16)  # 59.5 s after the first
    assert alder.quota()["lookup"] == alder.used("lookup", limit)
    assert alder.parcels().status_code == 429

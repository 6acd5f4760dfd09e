"""R6: what no longer counts is not kept."""

import pytest

from mendbox.testing import requirement

#: Clients, minutes or refusals between two measurements, and how much more there may be after them: more than varies by
#: itself, less than one for each.
MANY = 10
OBJECTS = 10
ROWS = 3
STORED_CHARS = 60


@pytest.fixture
def footprint(app):
    """What the app keeps, measured beside it: rows of tables of its own, and objects within its reach."""
    return lambda: app.call("mendbox_harness:footprint")


def grown(before, after):
    """What there is too much of."""
    most = {"rows": ROWS, "stored_chars": STORED_CHARS, "objects": OBJECTS - 1}
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
        clock.advance(61)

    crowd = addresses(2 + MANY)
    minutes(crowd[:2])
    before = footprint()
    minutes(crowd[2:])
    after = footprint()
    assert after["rows"] <= ROWS
    assert not grown(before, after)


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

"""R6: what no longer counts is not kept."""

import pytest

from mendbox.testing import requirement

#: Clients or minutes between two measurements, and how many objects more there may be after them: more than varies by
#: itself, fewer than one for each.
MANY = 50
OBJECTS = 30
ROWS = 3
STORED_CHARS = 400


@pytest.fixture
def footprint(app):
    """What the app keeps, measured beside it: rows of tables of its own, and objects within its reach."""
    return lambda: app.call("mendbox_harness:footprint")


def settled(kept):
    return kept["rows"] <= ROWS and kept["stored_chars"] <= STORED_CHARS


@requirement("R6", "The service keeps something for every minute that it runs.")
def test_a_regular_client_leaves_nothing_behind(account, clock, footprint):
    alder = account("alder")

    def minutes(count):
        for _ in range(count):
            assert len(alder.parcels().json["parcels"]) == 6
            clock.advance(61)

    minutes(5)
    before = footprint()
    minutes(MANY)
    after = footprint()
    assert settled(after)
    assert after["objects"] - before["objects"] < OBJECTS


@requirement("R6", "After a crowd of visitors has left, the service still keeps something of them.")
def test_a_crowd_that_left_is_forgotten(account, visitor, clock, footprint, addresses, booked):
    birch = account("birch")

    def crowd(count):
        for address in addresses(count):
            assert visitor(address).track(booked).json["number"] == booked
        clock.advance(60)
        assert birch.parcels().status_code == 200

    crowd(5)
    before = footprint()
    crowd(MANY)
    after = footprint()
    assert settled(after)
    assert after["objects"] - before["objects"] < OBJECTS


@requirement("R6", "Requests that still count are forgotten.")
def test_what_still_counts_is_not_forgotten(account, clock):
    alder = account("alder")
    assert [alder.parcels().status_code for _ in range(2)] == [200] * 2
    for _ in range(3):
        clock.advance(14.5)
        assert alder.parcels().status_code == 200
    clock.advance(16)  # 59.5 s after the first
    assert alder.quota()["lookup"] == {"limit": 6, "used": 5, "remaining": 1}
    assert [alder.parcels().status_code for _ in range(2)] == [200, 429]


@requirement("R6", "Refused requests leave something behind.")
def test_refused_requests_leave_nothing_behind(account, footprint):
    alder = account("alder")
    assert [alder.parcels().status_code for _ in range(6)] == [200] * 6
    for _ in range(5):
        assert alder.parcels().status_code == 429
    before = footprint()
    for _ in range(MANY):
        assert alder.parcels().json["error"]["code"] == "rate_limited"
    after = footprint()
    assert after["rows"] - before["rows"] <= ROWS
    assert after["stored_chars"] - before["stored_chars"] <= STORED_CHARS
    assert after["objects"] - before["objects"] < OBJECTS

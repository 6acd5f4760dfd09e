"""R4: a refusal says how long to wait."""

import pytest

from mendbox.testing import requirement


@pytest.fixture
def groups(account, visitor):
    """For each group: a limit, the status expected, and a function that sends one request within it."""
    birch, cedar, passer_by = account("birch"), account("cedar"), visitor("203.0.113.77")
    seeded = "PX0000000013"
    return [
        (6, 200, birch.parcels),
        (7, 201, cedar.book),
        (5, 200, lambda: passer_by.track(seeded)),
    ]


@requirement("R4", "A refusal does not say how long to wait, or does not say the right time.")
def test_a_refusal_says_when_there_is_room_again(groups, clock):
    for limit, _, send in groups:
        for _ in range(limit):
            send()
        assert send().headers["Retry-After"] == "60"
    clock.advance(18)
    for _, _, send in groups:
        refused = send()
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "42")


@requirement("R4", "The wait is not rounded up to whole seconds, or is not that for the next free place.")
def test_the_wait_is_for_the_next_free_place_and_rounded_up(account, clock, rng):
    cedar = account("cedar")
    waited_s = 3.5 + rng.randrange(20)
    assert cedar.parcels().status_code == 200
    clock.advance(waited_s)
    assert [cedar.parcels().status_code for _ in range(8)] == [200] * 8
    assert cedar.parcels().headers["Retry-After"] == str(int(60 - waited_s + 0.5))
    clock.advance(57 - waited_s)
    assert cedar.parcels().headers["Retry-After"] == "3"
    clock.advance(2.5)
    assert cedar.parcels().headers["Retry-After"] == "1"
    clock.advance(0.5)
    assert cedar.parcels().status_code == 200
    assert cedar.parcels().headers["Retry-After"] == str(int(waited_s + 0.5))


@requirement("R4", "A refusal does not carry the X-RateLimit headers.")
def test_a_refusal_carries_the_limit_and_that_nothing_is_left(groups):
    for limit, _, send in groups:
        for _ in range(limit):
            send()
        refused = send()
        assert refused.status_code == 429
        assert refused.headers["X-RateLimit-Limit"] == str(limit)
        assert refused.headers["X-RateLimit-Remaining"] == "0"


@requirement("R4", "An answer such as 404 or 422 does not carry the X-RateLimit headers.")
def test_errors_of_limited_routes_carry_the_headers(account, visitor):
    cedar = account("cedar")
    unknown = cedar.show("PX9999999999")
    assert (unknown.status_code, unknown.json["error"]["code"]) == (404, "not_found")
    assert (unknown.headers["X-RateLimit-Limit"], unknown.headers["X-RateLimit-Remaining"]) == ("9", "8")
    invalid = cedar.post("/api/v1/parcels", json={"recipient": "Ilse"})
    assert (invalid.status_code, invalid.json["error"]["code"]) == (422, "invalid")
    assert (invalid.headers["X-RateLimit-Limit"], invalid.headers["X-RateLimit-Remaining"]) == ("7", "6")
    guess = visitor().track("PX9999999999")
    assert guess.status_code == 404
    assert (guess.headers["X-RateLimit-Limit"], guess.headers["X-RateLimit-Remaining"]) == ("5", "4")


@requirement("R4", "Answers do not count down what is left, or the refusal is not 429 with the JSON error body.")
def test_answers_count_down_and_then_comes_a_json_error(groups):
    for limit, status, send in groups:
        answers = [send() for _ in range(limit)]
        assert [answer.status_code for answer in answers] == [status] * limit
        assert {answer.headers["X-RateLimit-Limit"] for answer in answers} == {str(limit)}
        left = [int(answer.headers["X-RateLimit-Remaining"]) for answer in answers]
        assert left == list(reversed(range(limit)))
        refused = send()
        assert (refused.status_code, refused.mimetype) == (429, "application/json")
        assert set(refused.json) == {"error"}
        assert refused.json["error"]["code"] == "rate_limited"
        assert refused.json["error"]["message"]

"""R4: a refusal says how long to wait."""

from mendbox.testing import requirement


def limit_and_left(answer):
    return int(answer.headers["X-RateLimit-Limit"]), int(answer.headers["X-RateLimit-Remaining"])


@requirement("R4", "A refusal does not say how long to wait, or not rightly, or lacks the X-RateLimit headers.")
def test_a_refusal_says_when_there_is_room_again(account, visitor, addresses, clock, rng, parcel, recipient):
    alder, birch, passer_by = account("alder"), account("birch"), visitor(addresses(1)[0])

    def waits(name, refused, limit, seconds):
        assert refused.status_code == 429, name
        assert refused.headers["Retry-After"] == str(seconds), name
        assert limit_and_left(refused) == (limit, 0), name

    def book():
        return alder.book(recipient)

    def track():
        return passer_by.track(parcel.number)

    lookups, bookings, tracks = birch.limits["lookup"], alder.limits["booking"], passer_by.limits["public"]
    waited_s = 3.5 + rng.randrange(20)
    for send in (birch.parcels, *[book] * bookings, *[track] * tracks):
        assert send().status_code in (200, 201)
    waits("public", track(), tracks, 60)
    clock.advance(waited_s)
    rest_s = int(60 - waited_s + 0.5)
    assert [birch.parcels().status_code for _ in range(lookups - 1)] == [200] * (lookups - 1)
    waits("lookup, after one and later the others", birch.parcels(), lookups, rest_s)
    waits("booking", book(), bookings, rest_s)
    clock.advance(57 - waited_s)
    waits("lookup, 3 s before there is room", birch.parcels(), lookups, 3)
    clock.advance(2.5)
    waits("lookup, half a second before", birch.parcels(), lookups, 1)
    clock.advance(0.5)
    assert birch.lists_its_own(birch.parcels())
    waits("lookup, with the next place to wait for", birch.parcels(), lookups, int(waited_s + 0.5))


@requirement("R4", "An answer such as 404 or 422 does not carry the X-RateLimit headers.")
def test_errors_of_limited_routes_carry_the_headers(account, visitor, unknown, recipient):
    cedar, guesser = account("cedar"), visitor()
    lookups, bookings, tracks = cedar.limits["lookup"], cedar.limits["booking"], guesser.limits["public"]
    number, guessed = unknown(2)
    missing = cedar.show(number)
    assert (missing.status_code, missing.json["error"]["code"]) == (404, "not_found")
    assert number in missing.json["error"]["message"]
    assert limit_and_left(missing) == (lookups, lookups - 1)
    invalid = cedar.post("/api/v1/parcels", json={"recipient": recipient})
    assert (invalid.status_code, invalid.json["error"]["code"]) == (422, "invalid")
    assert limit_and_left(invalid) == (bookings, bookings - 1)
    guess = guesser.track(guessed)
    assert guess.status_code == 404
    assert limit_and_left(guess) == (tracks, tracks - 1)


@requirement("R4", "Answers do not count down what is left, or the refusal is not 429 with the JSON error body.")
def test_answers_count_down_and_then_comes_a_json_error(account, visitor, parcel, recipient):
    birch, passer_by = account("birch"), visitor()
    for caller, group, status, send in (
        (birch, "lookup", 200, birch.parcels),
        (birch, "booking", 201, lambda: birch.book(recipient)),
        (passer_by, "public", 200, lambda: passer_by.track(parcel.number)),
    ):
        limit = caller.limits[group]
        answers = [send() for _ in range(limit)]
        assert [answer.status_code for answer in answers] == [status] * limit, group
        assert [limit_and_left(answer) for answer in answers] == [(limit, left) for left in reversed(range(limit))], (
            group
        )
        if group == "booking":
            assert {answer.json["parcel"]["recipient"] for answer in answers} == {recipient}
        refused = send()
        assert (refused.status_code, refused.mimetype) == (429, "application/json"), group
        assert set(refused.json) == {"error"}, group
        assert refused.json["error"]["code"] == "rate_limited", group
        assert refused.json["error"]["message"], group

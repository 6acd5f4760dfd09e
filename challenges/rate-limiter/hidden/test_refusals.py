"""R4: a refusal says how long to wait."""

from mendbox.testing import requirement

SEEDED = "PX0000000013"


def limit_and_left(answer):
    return answer.headers["X-RateLimit-Limit"], answer.headers["X-RateLimit-Remaining"]


@requirement("R4", "A refusal does not say how long to wait, or not rightly, or lacks the X-RateLimit headers.")
def test_a_refusal_says_when_there_is_room_again(account, visitor, clock, rng):
    alder, birch, passer_by = account("alder"), account("birch"), visitor("203.0.113.77")

    def waits(name, refused, limit, seconds):
        assert refused.status_code == 429, name
        assert refused.headers["Retry-After"] == str(seconds), name
        assert limit_and_left(refused) == (str(limit), "0"), name

    waited_s = 3.5 + rng.randrange(20)
    for send in (birch.parcels, alder.book, alder.book, *[lambda: passer_by.track(SEEDED)] * 2):
        assert send().status_code in (200, 201)
    waits("public", passer_by.track(SEEDED), 2, 60)
    clock.advance(waited_s)
    rest_s = int(60 - waited_s + 0.5)
    assert [birch.parcels().status_code for _ in range(2)] == [200] * 2
    waits("lookup, after one and later two", birch.parcels(), 3, rest_s)
    waits("booking", alder.book(), 2, rest_s)
    clock.advance(57 - waited_s)
    waits("lookup, 3 s before there is room", birch.parcels(), 3, 3)
    clock.advance(2.5)
    waits("lookup, half a second before", birch.parcels(), 3, 1)
    clock.advance(0.5)
    assert birch.parcels().status_code == 200
    waits("lookup, with the next place to wait for", birch.parcels(), 3, int(waited_s + 0.5))


@requirement("R4", "An answer such as 404 or 422 does not carry the X-RateLimit headers.")
def test_errors_of_limited_routes_carry_the_headers(account, visitor):
    cedar = account("cedar")
    unknown = cedar.show("PX9999999999")
    assert (unknown.status_code, unknown.json["error"]["code"]) == (404, "not_found")
    assert limit_and_left(unknown) == ("4", "3")
    invalid = cedar.post("/api/v1/parcels", json={"recipient": "Ilse"})
    assert (invalid.status_code, invalid.json["error"]["code"]) == (422, "invalid")
    assert limit_and_left(invalid) == ("3", "2")
    guess = visitor().track("PX9999999999")
    assert guess.status_code == 404
    assert limit_and_left(guess) == ("2", "1")


@requirement("R4", "Answers do not count down what is left, or the refusal is not 429 with the JSON error body.")
def test_answers_count_down_and_then_comes_a_json_error(account, visitor):
    birch, passer_by = account("birch"), visitor()
    for group, limit, status, send in (
        ("lookup", 3, 200, birch.parcels),
        ("booking", 2, 201, birch.book),
        ("public", 2, 200, lambda: passer_by.track(SEEDED)),
    ):
        answers = [send() for _ in range(limit)]
        assert [answer.status_code for answer in answers] == [status] * limit, group
        assert [limit_and_left(answer) for answer in answers] == [
            (str(limit), str(left)) for left in reversed(range(limit))
        ], group
        refused = send()
        assert (refused.status_code, refused.mimetype) == (429, "application/json"), group
        assert set(refused.json) == {"error"}, group
        assert refused.json["error"]["code"] == "rate_limited", group
        assert refused.json["error"]["message"], group

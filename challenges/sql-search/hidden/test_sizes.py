"""R4: pages have a size that they may have."""

from __future__ import annotations

from conftest import lower

from mendbox.testing import requirement

NOT_WHOLE = ("many", "-1", "0", "5.0", "1e1", "+5", " 5", "5 ", "1_0", "0x5", "٣", "５", "²", "5,1", "5;", "9" * 30)


@requirement("R4", "A page or a size of pages that cannot be is not refused as the brief says.")
def test_a_page_that_cannot_be_is_refused(ask, rng, register):
    given = {"tower": rng.choice(register.towers)}
    for value in (*NOT_WHOLE, "101", str(rng.randrange(102, 10**6))):
        ask.refuses("/bells", "page_size", value, **given)
    for value in (*NOT_WHOLE, "100001", str(rng.randrange(100_002, 10**9))):
        ask.refuses("/bells", "page", value, **given)
    assert ask.lists(**given)


@requirement("R4", "A limit that cannot be is not refused as the brief says.")
def test_a_limit_that_cannot_be_is_refused(ask, rng, register):
    given = {"starts": register.founder_ends[0]}
    for value in (*NOT_WHOLE, "51", str(rng.randrange(52, 10**6))):
        ask.refuses("/founders", "limit", value, **given)
    assert ask.offers(**given)


@requirement("R4", "A page that can be is refused, or does not have the bells that belong there.")
def test_a_page_that_can_be_is_listed(ask, rng, register):
    everything = ask.wanted()
    for size in (1, 100, rng.randrange(2, 40)):
        page = rng.randrange(1, len(everything) // size + 2)
        answer = ask.tells("/bells", page=str(page), page_size=str(size)).json
        assert answer == {"bells": everything[(page - 1) * size : page * size], "total": len(everything)}
    for page, size in ((100_000, 100), (len(everything) + 1, 1), (1000, rng.randrange(2, 40))):
        answer = ask.tells("/bells", page=str(page), page_size=str(size)).json
        assert answer == {"bells": [], "total": len(everything)}
    second = ask.tells("/bells", page="2").json["bells"]
    assert second == everything[20:40]
    founders = sorted({row["founder"] for row in everything}, key=lower)
    assert ask.offers("", 50) == founders
    assert ask.offers("", 1) == founders[:1]
    assert ask.offers(register.founder_ends[0], 3)

"""R3: every setting has its type and its effect."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R3", "The number of passengers on a ticket is not limited as the office was set up.")
def test_the_size_of_a_party(ferry, office, rng):
    party = rng.randrange(10, 61)
    here = office(max_party=str(party))
    here.login(rng.choice(ferry.clerks))
    sailing = rng.choice(ferry.of(*ferry.piers))

    assert here.ask("/about").json["max_party"] == party
    refused = here.sell(sailing, party + 1)
    assert (refused.status_code, refused.json["error"]["code"]) == (400, "invalid_party")
    sold = here.sell(sailing, party)
    assert (sold.status_code, sold.json["total_pence"]) == (201, party * sailing["price_pence"])


@requirement("R3", "Seats are not held for as long as the office was set up.")
def test_how_long_seats_are_held(ferry, office, clock, rng):
    clock.freeze(at=1_800_000_000 + rng.randrange(10**6))
    minutes, passengers = rng.randrange(21, 241), rng.randrange(1, 10)
    here = office(hold_minutes=str(minutes))
    here.login(rng.choice(ferry.clerks))
    place = rng.randrange(len(ferry.of(*ferry.piers)))
    sailing = ferry.of(*ferry.piers)[place]

    def left():
        return here.ask("/sailings").json["sailings"][place]

    assert here.ask("/about").json["hold_minutes"] == minutes
    assert here.sell(sailing, passengers).status_code == 201
    clock.advance(seconds=60 * minutes - 30)
    assert left() == sailing | {"seats_left": sailing["seats_left"] - passengers}
    clock.advance(seconds=60)
    assert left() == sailing


@requirement("R3", "The fee is not charged to the penny.")
def test_the_fee_is_exact(ferry, office, rng):
    awkward = [pence for pence in range(1, 2000) if int(float(f"{pence / 100:.2f}") * 100) != pence]
    sailing, passengers = rng.choice(ferry.of(*ferry.piers)), rng.randrange(1, 9)
    pounds = rng.randrange(1, 10)
    fees = [(f"{pence // 100}.{pence % 100:02}", pence) for pence in rng.sample(awkward, 2)]
    for fee, pence in [*fees, (str(pounds), 100 * pounds)]:
        here = office(fee=fee)
        here.login(ferry.clerks[0])
        assert here.ask("/about").json["fee_pence"] == pence
        assert here.sell(sailing, passengers).json["total_pence"] == passengers * sailing["price_pence"] + pence


@requirement("R3", "An office lists or sells other sailings than those from its piers.")
def test_the_piers_of_an_office(ferry, office, rng):
    other = next(pier for pier in ferry.piers if pier not in (ferry.inner, ferry.outer))
    for piers in ([ferry.outer], [ferry.outer, other], [other, ferry.outer]):
        here = office(piers=rng.choice((" , ", ", ")).join(piers) + " ")
        assert here.ask("/about").json["piers"] == piers
        assert here.ask("/sailings").json == {"sailings": ferry.of(*piers)}

    here.login(rng.choice(ferry.clerks))
    refused = here.sell(rng.choice(ferry.of(ferry.inner)), 1)
    assert (refused.status_code, refused.json["error"]["code"]) == (404, "unknown_sailing")
    assert here.sell(rng.choice(ferry.of(ferry.outer)), 1).status_code == 201


@requirement("R3", "The session cookie is held to HTTPS, or not, against what the office was set up with.")
def test_a_cookie_for_laptops(ferry, office, rng):
    for given in ("false", "0", "False"):
        cookie = office(cookie_secure=given).login(rng.choice(ferry.clerks)).headers["Set-Cookie"]
        assert "; Secure" not in cookie, given
        assert "; HttpOnly" in cookie


@requirement("R3", "Spaces around a value count, or a setting that is set to nothing does.")
def test_spaces_and_nothing(ferry, office, rng):
    party = rng.randrange(10, 61)
    here = office(max_party=f" {party} ", hold_minutes="", fee="  ", piers=" ", debug="", cookie_secure=" ")

    assert here.ask("/about").json == {
        "piers": ["Ness", "Holm"],
        "max_party": party,
        "hold_minutes": 20,
        "fee_pence": 0,
    }
    assert here.ask("/sailings").json == {"sailings": ferry.of("Ness", "Holm")}
    assert "; Secure" in here.login(rng.choice(ferry.clerks)).headers["Set-Cookie"]


@requirement("R3", "An office that sets nothing but what it must no longer works as before.")
def test_what_an_office_is_when_nothing_is_said(ferry, office, rng):
    here = office(piers=None)
    assert here.ask("/about").json == {"piers": ["Ness", "Holm"], "max_party": 9, "hold_minutes": 20, "fee_pence": 0}
    assert here.ask("/sailings").json == {"sailings": ferry.of("Ness", "Holm")}
    assert "; Secure" in here.login(rng.choice(ferry.clerks)).headers["Set-Cookie"]

    sailing = rng.choice(ferry.of("Ness", "Holm"))
    assert here.sell(sailing, 9).json["total_pence"] == 9 * sailing["price_pence"]
    assert here.sell(sailing, 10).json["error"]["message"] == "A ticket is for 1 to 9 passengers."


@requirement("R3", "The session cookie is not held to HTTPS.")
def test_a_cookie_for_the_harbour(ferry, office, rng):
    for given in (None, "true", "1", "TRUE"):
        cookie = office(cookie_secure=given).login(rng.choice(ferry.clerks)).headers["Set-Cookie"]
        assert "; Secure" in cookie, given
        assert "; HttpOnly" in cookie

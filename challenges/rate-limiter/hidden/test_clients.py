"""R1: every client has a budget of its own."""

from mendbox.testing import requirement


@requirement("R1", "A client is refused, or its quota shrinks, because of what another client sent.")
def test_a_client_at_its_limit_leaves_the_others_alone(account, visitor, addresses, let_through):
    alder, birch = account("alder"), account("birch")
    assert let_through([alder.parcels() for _ in range(4)]) == 3
    assert let_through([birch.parcels()]) == 1
    assert birch.quota() == {
        "plan": "basic",
        "lookup": {"limit": 3, "used": 1, "remaining": 2},
        "booking": {"limit": 2, "used": 0, "remaining": 2},
    }
    busy, other = map(visitor, addresses(2))
    assert let_through([busy.track("PX0000000013") for _ in range(3)]) == 2
    assert other.track("PX0000000013").json == {"number": "PX0000000013", "status": "booked", "last_place": None}


@requirement("R1", "The keys of one account do not share one budget, or share it with other accounts.")
def test_an_accounts_keys_share_its_budget_and_only_its(account, let_through):
    old, new, birch = account("alder"), account("alder, new key"), account("birch")
    assert let_through([birch.parcels()]) == 1
    assert let_through([old.parcels() for _ in range(2)]) == 2
    assert let_through([new.parcels() for _ in range(2)]) == 1
    assert birch.quota()["lookup"] == {"limit": 3, "used": 1, "remaining": 2}


@requirement("R1", "A client alone does not get exactly what its plan allows in each group of routes.")
def test_a_client_alone_gets_what_its_plan_allows(account, visitor, addresses, recipient):
    office, road = [account("cedar", address=address) for address in addresses(2)]
    booked = [caller.book(recipient) for caller in (office, road, office, road)]
    assert [answer.status_code for answer in booked] == [201] * 3 + [429], "bookings, from two addresses"
    number = booked[2].json["parcel"]["number"]
    shown = [caller.show(number) for caller in (office, road, office, road, office)]
    assert [answer.status_code for answer in shown] == [200] * 4 + [429], "lookups, from two addresses"
    assert [answer.json["parcel"]["recipient"] for answer in shown[:4]] == [recipient] * 4
    assert visitor(road.address).track(number).json["number"] == number


@requirement("R1", "A visitor gets a fresh budget by writing something else into a request header.")
def test_a_header_does_not_buy_a_fresh_budget(visitor, addresses):
    answers = []
    for claimed in addresses(4):
        headers = {
            "X-Forwarded-For": claimed,
            "X-Real-IP": claimed,
            "Forwarded": f"for={claimed}",
            "X-Api-Key": claimed,
            "User-Agent": f"browser/{claimed}",
        }
        answers.append(visitor("192.0.2.44", headers=headers).track("PX0000000013"))
    assert [answer.status_code for answer in answers] == [200] * 2 + [429] * 2
    assert answers[1].json["number"] == "PX0000000013"

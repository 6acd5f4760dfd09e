"""R1: every client has a budget of its own."""

from mendbox.testing import requirement


@requirement("R1", "An account is refused, or its quota shrinks, because of what another account sent.")
def test_an_account_at_its_limit_leaves_the_others_alone(account, let_through):
    alder, birch, cedar = account("alder"), account("birch"), account("cedar")
    assert let_through([alder.parcels() for _ in range(8)]) == 6
    assert let_through([birch.parcels() for _ in range(2)]) == 2
    assert cedar.book().status_code == 201
    assert birch.quota() == {
        "plan": "basic",
        "lookup": {"limit": 6, "used": 2, "remaining": 4},
        "booking": {"limit": 4, "used": 0, "remaining": 4},
    }
    assert let_through([birch.parcels() for _ in range(6)]) == 4
    assert let_through([cedar.parcels() for _ in range(12)]) == 9
    assert alder.parcels().status_code == 429


@requirement("R1", "A visitor of the tracking page is refused because of what other addresses did.")
def test_every_address_has_a_budget_of_its_own(visitor, addresses, booked, let_through):
    for address in addresses(4):
        answers = [visitor(address).track(booked) for _ in range(7)]
        assert let_through(answers) == 5
        assert answers[0].json == {"number": booked, "status": "booked", "last_place": None}


@requirement("R1", "The keys of one account do not share one budget, or share it with other accounts.")
def test_an_accounts_keys_share_its_budget_and_only_its(account, let_through):
    old, new, birch = account("alder"), account("alder, new key"), account("birch")
    assert let_through([birch.parcels() for _ in range(3)]) == 3
    assert let_through([old.parcels() for _ in range(4)]) == 4
    assert let_through([new.parcels() for _ in range(4)]) == 2
    assert new.quota()["lookup"] == {"limit": 6, "used": 6, "remaining": 0}
    assert let_through([birch.parcels() for _ in range(4)]) == 3


@requirement("R1", "A client alone, calling from several addresses, does not get exactly what its plan allows.")
def test_a_client_alone_gets_what_its_plan_allows(account, addresses, recipient):
    office, road = [account("cedar", address=address) for address in addresses(2)]
    booked = [caller.book(recipient) for caller in (office, road, office, road, office, road, office)]
    assert [answer.status_code for answer in booked] == [201] * 7
    assert road.book(recipient).status_code == 429
    number = booked[-1].json["parcel"]["number"]
    shown = [caller.show(number) for caller in (office, road, office, road, office, road, office, road, office)]
    assert [answer.json["parcel"]["recipient"] for answer in shown] == [recipient] * 9
    assert road.show(number).status_code == office.show(number).status_code == 429


@requirement("R1", "Using up the budget of one group of routes touches another group's.")
def test_groups_have_budgets_apart(account, visitor, booked):
    alder = account("alder")
    assert [alder.parcels().status_code for _ in range(7)] == [200] * 6 + [429]
    assert alder.quota()["booking"] == {"limit": 4, "used": 1, "remaining": 3}
    assert [alder.book().status_code for _ in range(4)] == [201] * 3 + [429]
    assert visitor(alder.address).track(booked).json["number"] == booked


@requirement("R1", "A visitor gets a fresh budget by writing something else into a request header.")
def test_a_header_does_not_buy_a_fresh_budget(visitor, addresses, booked):
    answers = []
    for claimed in addresses(8):
        headers = {
            "X-Forwarded-For": claimed,
            "X-Real-IP": claimed,
            "Forwarded": f"for={claimed}",
            "X-Api-Key": claimed,
            "User-Agent": f"browser/{claimed}",
        }
        answers.append(visitor("192.0.2.44", headers=headers).track(booked))
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert answers[4].json["number"] == booked

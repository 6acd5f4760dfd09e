"""R1: every client has a budget of its own."""

from mendbox.testing import requirement


@requirement("R1", "A client is refused, or its quota shrinks, because of what another client sent.")
def test_a_client_at_its_limit_leaves_the_others_alone(account, visitor, addresses, let_through, parcel, tracked):
    alder, birch = account("alder"), account("birch")
    assert let_through([alder.parcels() for _ in range(alder.limits["lookup"] + 1)]) == alder.limits["lookup"]
    assert birch.lists_its_own(birch.parcels())
    assert birch.quota() == {"plan": "basic", "lookup": birch.used("lookup", 1), "booking": birch.used("booking", 0)}
    busy, other = map(visitor, addresses(2))
    limit = busy.limits["public"]
    assert let_through([busy.track(parcel.number) for _ in range(limit + 1)]) == limit
    assert other.track(parcel.number).json == tracked


@requirement("R1", "The keys of one account do not share one budget, or share it with other accounts.")
def test_an_accounts_keys_share_its_budget_and_only_its(account, let_through):
    old, new, birch = account("alder"), account("alder", key=1), account("birch")
    most = old.limits["lookup"] - 1
    assert let_through([birch.parcels()]) == 1
    assert let_through([old.parcels() for _ in range(most)]) == most
    answers = [new.parcels() for _ in range(2)]
    assert let_through(answers) == 1
    assert new.lists_its_own(answers[0])
    assert birch.quota()["lookup"] == birch.used("lookup", 1)


@requirement("R1", "A client alone does not get exactly what its plan allows in each group of routes.")
def test_a_client_alone_gets_what_its_plan_allows(account, visitor, addresses, recipient):
    office, road = [account("cedar", address=address) for address in addresses(2)]

    def in_turn(limit, send):
        return [send((office, road)[number % 2]) for number in range(limit + 1)]

    bookings, lookups = office.limits["booking"], office.limits["lookup"]
    booked = in_turn(bookings, lambda caller: caller.book(recipient))
    assert [answer.status_code for answer in booked] == [201] * bookings + [429], "bookings, from two addresses"
    number = booked[bookings - 1].json["parcel"]["number"]
    shown = in_turn(lookups, lambda caller: caller.show(number))
    assert [answer.status_code for answer in shown] == [200] * lookups + [429], "lookups, from two addresses"
    assert [answer.json["parcel"]["recipient"] for answer in shown[:-1]] == [recipient] * lookups
    assert visitor(road.address).track(number).json["number"] == number


@requirement("R1", "A visitor gets a fresh budget by writing something else into a request header.")
def test_a_header_does_not_buy_a_fresh_budget(visitor, addresses, parcel, tracked):
    answers, limit = [], visitor().limits["public"]
    for claimed in addresses(limit + 2):
        headers = {
            "X-Forwarded-For": claimed,
            "X-Real-IP": claimed,
            "Forwarded": f"for={claimed}",
            "X-Api-Key": claimed,
            "User-Agent": f"browser/{claimed}",
        }
        answers.append(visitor(headers=headers).track(parcel.number))
    assert [answer.status_code for answer in answers] == [200] * limit + [429] * 2
    assert answers[1].json == tracked

"""R5: all of it holds for the whole site, across processes and requests in flight."""

from mendbox.testing import requirement


@requirement("R5", "A client gets its limit once from each worker.")
def test_two_workers_let_through_as_many_as_one(app, account, visitor, parcel, tracked):
    worker = app.instance()
    here, there = account("alder"), account("alder", process=worker)
    limit = here.limits["lookup"]
    answers = [(here, there)[number % 2].parcels() for number in range(limit + 2)]
    assert [answer.status_code for answer in answers] == [200] * limit + [429] * 2
    assert there.lists_its_own(answers[1])
    assert there.quota()["lookup"] == there.used("lookup", limit)
    here, there = visitor(), visitor(process=worker)
    limit = here.limits["public"]
    answers = [(there, here)[number % 2].track(parcel.number) for number in range(limit + 1)]
    left = [int(answer.headers["X-RateLimit-Remaining"]) for answer in answers]
    assert left == [*reversed(range(limit)), 0]
    assert answers[1].json == tracked


@requirement("R5", "Requests that arrive at the same moment get more, or fewer, through than the limit.")
def test_requests_in_flight_get_exactly_the_limit(account, together, let_through):
    # Whether requests meet in the middle of a count is a matter of chance: two rounds give two chances.
    for busy, calm in (("alder", "birch"), ("cedar", "dogwood")):
        limit = account(busy).limits["lookup"]
        callers = [account(name) for name in [busy] * (limit + 2) + [calm] * 2]
        answers = together([caller.parcels for caller in callers])
        assert let_through(answers[:-2]) == limit, busy
        assert let_through(answers[-2:]) == 2, calm
        assert all(callers[-1].lists_its_own(answer) for answer in answers[-2:])


@requirement("R5", "Requests to several workers at the same moment get more, or fewer, through than the limit.")
def test_requests_in_flight_at_two_workers_get_exactly_the_limit(app, account, together, let_through, recipient):
    processes = (app, app.instance())
    for name in ("cedar", "alder", "dogwood"):
        callers = [account(name, process=process) for _ in range(3) for process in processes]
        limit = callers[0].limits["booking"]
        answers = together([lambda caller=caller: caller.book(recipient) for caller in callers])
        assert let_through(answers, 201) == limit, name
        booked = [answer.json["parcel"]["recipient"] for answer in answers if answer.status_code == 201]
        assert booked == [recipient] * limit
        assert callers[0].quota()["booking"] == callers[0].used("booking", limit), name


@requirement("R5", "A request within the limit fails when others are in flight, or another worker does not see it.")
def test_bookings_in_flight_within_the_limit_all_succeed(app, account, visitor, together, rng):
    limit = account("cedar").limits["booking"]
    wanted = sorted(f"Noor {n}" for n in rng.sample(range(1000, 9999), limit))
    answers = together([lambda name=name: account("cedar").book(name) for name in wanted])
    assert [answer.status_code for answer in answers] == [201] * limit
    booked = {answer.json["parcel"]["number"]: answer.json["parcel"]["recipient"] for answer in answers}
    assert sorted(booked.values()) == wanted
    other = app.instance()
    listed = account("cedar", process=other).parcels().json["parcels"]
    assert booked.items() <= {parcel["number"]: parcel["recipient"] for parcel in listed}.items()
    assert visitor(process=other).track(min(booked)).json["status"] == "booked"

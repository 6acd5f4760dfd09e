"""R5: all of it holds for the whole site, across processes and requests in flight."""

from mendbox.testing import requirement


@requirement("R5", "A client gets its limit once from each worker.")
def test_two_workers_let_through_as_many_as_one(app, account, visitor):
    worker = app.instance()
    here, there = account("alder"), account("alder", process=worker)
    answers = [caller.parcels() for caller in (here, there, here, there, here)]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 2
    assert there.quota()["lookup"] == {"limit": 3, "used": 3, "remaining": 0}
    here, there = visitor(), visitor(process=worker)
    answers = [caller.track("PX0000000013") for caller in (there, here, there)]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]


@requirement("R5", "Requests that arrive at the same moment get more, or fewer, through than the limit.")
def test_requests_in_flight_get_exactly_the_limit(account, together, let_through):
    # Whether requests meet in the middle of a count is a matter of chance: two rounds give two chances.
    for busy, limit, calm in (("alder", 3, "birch"), ("cedar", 4, "dogwood")):
        names = [busy] * (limit + 2) + [calm] * 2
        answers = together([account(name).parcels for name in names])
        assert let_through(answers[:-2]) == limit, busy
        assert let_through(answers[-2:]) == 2, calm


@requirement("R5", "Requests to several workers at the same moment get more, or fewer, through than the limit.")
def test_requests_in_flight_at_two_workers_get_exactly_the_limit(app, account, together, let_through):
    processes = (app, app.instance())
    for name, limit in (("cedar", 3), ("alder", 2), ("dogwood", 3)):
        callers = [account(name, process=process) for _ in range(3) for process in processes]
        answers = together([lambda caller=caller: caller.book("Noor") for caller in callers])
        assert let_through(answers, 201) == limit, name
        assert account(name).quota()["booking"] == {"limit": limit, "used": limit, "remaining": 0}, name


@requirement("R5", "A request within the limit fails when others are in flight, or another worker does not see it.")
def test_bookings_in_flight_within_the_limit_all_succeed(app, account, visitor, together, rng):
    wanted = sorted(f"Noor {n}" for n in rng.sample(range(1000, 9999), 3))
    answers = together([lambda name=name: account("cedar").book(name) for name in wanted])
    assert [answer.status_code for answer in answers] == [201] * 3
    booked = {answer.json["parcel"]["number"]: answer.json["parcel"]["recipient"] for answer in answers}
    assert sorted(booked.values()) == wanted
    other = app.instance()
    listed = account("cedar", process=other).parcels().json["parcels"]
    assert booked.items() <= {parcel["number"]: parcel["recipient"] for parcel in listed}.items()
    assert visitor(process=other).track(min(booked)).json["status"] == "booked"

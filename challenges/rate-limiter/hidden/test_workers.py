"""R5: all of it holds for the whole site, across processes and requests in flight."""

from mendbox.testing import requirement


@requirement("R5", "A client gets its limit once from each worker.")
def test_two_workers_let_through_as_many_as_one(app, account, visitor, clock, let_through, booked):
    worker = app.instance()
    here, there = account("alder"), account("alder", process=worker)
    answers = [caller.parcels() for _ in range(6) for caller in (here, there)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429] * 6
    assert there.quota()["lookup"] == here.quota()["lookup"] == {"limit": 6, "used": 6, "remaining": 0}
    here, there = visitor(), visitor(process=worker)
    left = [caller.track(booked).headers["X-RateLimit-Remaining"] for caller in (here, there, there, here, there)]
    assert left == ["4", "3", "2", "1", "0"]
    clock.advance(60)
    assert let_through([there.track(booked) for _ in range(3)]) == 3
    assert let_through([here.track(booked) for _ in range(4)]) == 2


@requirement("R5", "Requests that arrive at the same moment get more, or fewer, through than the limit.")
def test_requests_in_flight_get_exactly_the_limit(visitor, concurrently, let_through, booked):
    calls = [lambda: visitor("203.0.113.9").track(booked) for _ in range(12)]
    assert let_through(concurrently(calls)) == 5
    assert visitor("203.0.113.9").track(booked).status_code == 429


@requirement("R5", "Requests to several workers at the same moment get more, or fewer, through than the limit.")
def test_requests_in_flight_at_two_workers_get_exactly_the_limit(app, account, concurrently, let_through):
    processes = (app, app.instance())
    callers = [account("birch", process=process) for _ in range(7) for process in processes]
    answers = concurrently([lambda caller=caller: caller.book("Noor") for caller in callers])
    assert let_through(answers, 201) == 4
    assert account("birch").quota()["booking"] == {"limit": 4, "used": 4, "remaining": 0}
    recipients = [parcel["recipient"] for parcel in account("birch").parcels().json["parcels"]]
    assert recipients.count("Noor") == 4


@requirement("R5", "Clients whose requests arrive at the same moment take from each other's budget.")
def test_clients_in_flight_together_each_get_their_own(account, concurrently, let_through):
    names = ["alder"] * 8 + ["birch"] * 4
    answers = concurrently([account(name).parcels for name in names])
    assert let_through(answers[:8]) == 6
    assert let_through(answers[8:]) == 4
    assert let_through([account("birch").parcels() for _ in range(4)]) == 2


@requirement("R5", "A request within the limit fails when others are in flight.")
def test_bookings_in_flight_within_the_limit_all_succeed(account, concurrently, rng):
    wanted = sorted(f"Noor {n}" for n in rng.sample(range(1000, 9999), 6))
    answers = concurrently([lambda name=name: account("cedar").book(name) for name in wanted])
    assert [answer.status_code for answer in answers] == [201] * 6
    booked = {answer.json["parcel"]["number"]: answer.json["parcel"]["recipient"] for answer in answers}
    assert sorted(booked.values()) == wanted
    listed = {parcel["number"]: parcel["recipient"] for parcel in account("cedar").parcels().json["parcels"]}
    assert booked.items() <= listed.items()


@requirement("R5", "What one worker has booked is not seen by another.")
def test_a_parcel_booked_at_one_worker_is_shown_by_another(app, account, visitor, booked, recipient, postcode):
    other = app.instance()
    shown = account("alder", process=other).show(booked).json["parcel"]
    assert (shown["recipient"], shown["postcode"], shown["scans"]) == (recipient, postcode, [])
    assert visitor(process=other).track(booked).json["status"] == "booked"

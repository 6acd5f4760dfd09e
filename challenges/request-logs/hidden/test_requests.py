"""R3: one record for a request, and its id in all of its records."""

from __future__ import annotations

from reading import of, with_text

from mendbox.testing import requirement

HEADER = "X-Request-ID"


def one_record(found, sent):
    """The record of the request that has this id."""
    (record,) = [each for each in of("request", found) if each["request_id"] == sent]
    assert type(record["duration_ms"]) in (int, float)
    assert 0 <= record["duration_ms"] < 60_000
    return record


def shown(record):
    return tuple(record[name] for name in ("method", "path", "status"))


@requirement("R3", "A request has no record of its own, or several, or one that says something else.")
def test_a_request_has_one_record(ask, new_id, log):
    made = []
    for method, path, status, make in ask.kinds().values():
        made.append((new_id(), (method, path, status)))
        assert make(headers={HEADER: made[-1][0]}).status_code == status

    found = log()
    assert [shown(one_record(found, sent)) for sent, _ in made] == [expected for _, expected in made]
    assert len(of("request", found)) == len(made)


@requirement("R3", "A request that a fault has ended has no record of its own, or one that says something else.")
def test_a_request_that_failed_has_one_record(ask, pharmacy, lose, new_id, log):
    ids = [new_id(), new_id(), new_id()]
    lose("patients")
    answers = [
        ask.prescribe_anew(headers={HEADER: ids[0]}),
        ask("POST", "/links", json={"email": ids[1]}, headers={HEADER: ids[1]}),
    ]
    lose("prescriptions")
    answers.append(ask.fill(0, headers={HEADER: ids[2]}))

    found = log()
    assert [answer.status_code for answer in answers] == [500, 500, 500]
    paths = ("/api/prescriptions", "/links", f"/desk/orders/{pharmacy.orders[0]['number']}/fill")
    assert [shown(one_record(found, sent)) for sent in ids] == [("POST", path, 500) for path in paths]
    assert len(of("request", found)) == 3


@requirement("R3", "A record that was written while a request was answered has not its id.")
def test_all_records_of_a_request_have_its_id(ask, pharmacy, stranger, new_id, new_word, log):
    first, second, third, text = new_id(), new_id(), new_id(), new_word()
    ask.fill(0, {"warns": [f"{text} %s", text]}, headers={HEADER: first})
    number = ask.prescribe(stranger, {"directions": text * 2}, headers={HEADER: second}).json["id"]
    ask("POST", "/links", json={"email": pharmacy.patients[1].email}, headers={HEADER: third})
    fourth = ask("GET", "/reorder", query_string={"key": text}).headers[HEADER]

    found = log()
    for told, sent in (
        (f"{text} {text}", first),
        (f"order {pharmacy.orders[0]['number']} filled", first),
        (text * 2, second),
        (f"prescription {number} issued", second),
        ("link sent to", third),
        ("nobody has the key", fourth),
    ):
        assert [record["request_id"] for record in with_text(told, found)] == [sent]
    assert {record["request_id"] for record in found} == {first, second, third, fourth}


@requirement("R3", "While a request waits for the wholesaler, others change the id in its records, or get its.")
def test_requests_at_the_same_time_have_their_own_ids(app, ask, pharmacy, meanwhile, new_id, new_word, log):
    held, others, texts = new_id(), [new_id(), new_id()], [new_word() for _ in range(3)]

    def do():
        ask("GET", f"/{new_word()}", headers={HEADER: others[0]})
        app.call("mendbox_harness:warn", texts[2])
        ask.fill(1, {"raises": "WholesalerDown", "text": texts[1]}, headers={HEADER: others[1]})

    answer = meanwhile(0, do, {"warns": [texts[0]]}, headers={HEADER: held})

    found = log()
    assert (answer.status_code, answer.headers[HEADER]) == (200, held)
    for text, sent in zip(texts, (held, others[1], None), strict=True):
        assert [record["request_id"] for record in with_text(text, found)] == [sent]
    filled = with_text(f"order {pharmacy.orders[0]['number']} filled", found)
    assert [record["request_id"] for record in filled] == [held]
    assert {record["request_id"] for record in found} == {held, *others, None}
    assert shown(one_record(found, held)) == ("POST", f"/desk/orders/{pharmacy.orders[0]['number']}/fill", 200)


@requirement("R3", "The record of a request does not say how long its answer took.")
def test_how_long_it_took(ask, clock, meanwhile, rng, new_id, log):
    slow, quick, seconds = new_id(), new_id(), rng.randrange(7, 50)

    clock.freeze()

    def do():
        clock.advance(seconds=seconds)
        ask("GET", "/health", query_string={"w": quick}, headers={HEADER: quick})

    assert meanwhile(0, do, headers={HEADER: slow}).status_code == 200
    found = log()
    assert abs(one_record(found, slow)["duration_ms"] - seconds * 1000) <= 1
    assert one_record(found, quick)["duration_ms"] <= 1


@requirement("R3", "A request is answered otherwise than before.")
def test_requests_are_answered_as_before(app, ask, pharmacy, new_word):
    for method, _, status, make in ask.kinds().values():
        answer = make()
        assert answer.status_code == status
        assert method == "HEAD" or status < 400 or answer.json.keys() == {"error"}
    wanted = pharmacy.prescriptions[0]
    assert ask.fill(0).json["order"] == pharmacy.orders[0]["number"]
    (asked,) = app.call("mendbox_harness:asked")["orders"]
    assert (asked["ean"], asked["packs"], asked["patient"]) == (
        wanted["ean"],
        wanted["packs"],
        pharmacy.patients[0].grouped,
    )
    note = new_word()
    placed = ask.order(note).json["order"]
    assert {"number": placed, "state": "placed", "note": note} in ask("GET", "/desk/orders/").json["orders"]

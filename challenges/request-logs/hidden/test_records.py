"""R1: a line of the log is a record."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from mendbox_harness import link_key
from reading import of, records, with_text

from mendbox.testing import requirement


def lines_are_records(text):
    """The records of a log all of whose lines are some."""
    *lines, last = text.split("\n")
    assert last == ""
    found = records(text)
    assert len(found) == len(lines), "a line is no JSON object"
    for record in found:
        assert isinstance(record["message"], str)
        assert isinstance(record["level"], str)
        assert record["event"] in {"request", "exception", "message"}
        assert record["request_id"] is None or isinstance(record["request_id"], str)
        assert datetime.fromisoformat(record["time"]).utcoffset() == timedelta()
    return found


@requirement("R1", "After a day of the usual, a line of the log is no record, or a message is in no record.")
def test_a_days_log_is_records(app, ask, pharmacy, stranger, new_word):
    for _, _, status, make in ask.kinds().values():
        assert make().status_code == status
    ask.fill(0)
    ask("POST", "/links", json={"email": pharmacy.patients[1].email})
    number = ask.order(new_word()).json["order"]
    issued = ask.prescribe(stranger, {}).json["id"]

    found = lines_are_records(app.logs())
    told = [(record["message"], record["level"]) for record in of("message", found)]
    filled = pharmacy.prescriptions[0]
    expected = f"order {pharmacy.orders[0]['number']} filled: {filled['packs']} packs of {filled['ean']}"
    assert (expected, "INFO") in told
    for beginning in (f"order {number} placed; note: ", "link sent to ", f"prescription {issued} issued: "):
        assert [level for message, level in told if message.startswith(beginning)] == ["INFO"]


@requirement("R1", "After faults, a line of the log is no record.")
def test_a_bad_days_log_is_records(app, ask, pharmacy, tell, lose, new_word):
    text = new_word()
    ask.fill(0, {"raises": "LookupError", "text": text})
    tell(pharmacy.patients[1].email, raises="OSError", text=new_word())
    ask("POST", "/desk/reminders")
    ask("POST", "/links", json={"email": pharmacy.patients[1].email})
    lose("prescriptions")
    ask.api("GET", f"/api/patients/{pharmacy.patients[0].nhn}/prescriptions")

    assert with_text(text, lines_are_records(app.logs()))


@requirement("R1", "A warning of a library is not in the log as the brief says.")
def test_a_librarys_warning_is_a_record(app, ask, new_word, rng):
    first, second, third, count = new_word(), new_word(), new_word(), rng.randrange(100, 999)
    template, values = "%s took %d s for %r: 100 %% of %s", [count, second, [count, second]]
    assert ask.fill(0, {"warns": [template, first, *values]}).status_code == 200
    app.call("mendbox_harness:warn", template, third, *values)

    found = lines_are_records(app.logs())
    for word in (first, third):
        (record,) = with_text(word, found)
        assert record["message"] == f"{word} took {count} s for {second!r}: 100 % of {[count, second]}"
        assert (record["level"], record["event"]) == ("WARNING", "message")


@requirement("R1", "A message is told more than once, where another app was made before.")
def test_each_message_is_one_record(ask, pharmacy, new_word, log):
    texts = [new_word() for _ in range(3)]
    for text in texts:
        ask.order(text)
    ask.fill(1, {"raises": "WholesalerDown", "text": texts[-1] * 2})

    found = log()
    assert [len(with_text(text, found)) for text in texts[:-1]] == [1, 1]
    placed, down = with_text(texts[-1], found)
    assert (placed["level"], down["level"]) == ("INFO", "WARNING")
    assert down["message"] == f"order {pharmacy.orders[1]['number']} not filled: {texts[-1] * 2}"


@requirement("R1", "What somebody wrote makes several lines or a record of its own in the log.")
def test_what_people_write_makes_no_records(app, ask, new_word, new_id):
    first, last, forged = new_word(), new_word(), new_id()
    line = json.dumps({"event": "request", "message": forged, "level": "INFO", "request_id": forged})
    note = f'{first} "quoted" \\ %s {{}}\r\n{line}\n\u2028\t{last} é'
    number = ask.order(note).json["order"]

    found = lines_are_records(app.logs())
    (record,) = with_text(forged, found)
    assert record["message"] == f"order {number} placed; note: {note}"
    assert record["request_id"] != forged


@requirement("R1", "The time of a record is not the one at which it was written, in UTC.")
def test_the_time_is_utc(clock, ask, rng, new_word, log):
    at = rng.randrange(1_790_000_000, 1_890_000_000)
    clock.freeze(at=at)
    text = new_word()
    ask.order(text)

    (record,) = with_text(text, log())
    written = datetime.fromisoformat(record["time"])
    assert written.utcoffset() == timedelta()
    assert abs(written - datetime.fromtimestamp(at, UTC)) < timedelta(seconds=1)


@requirement("R1", "A message of the README's table is not told any more.")
def test_what_was_told_is_told(app, ask, pharmacy, rng, new_word):
    for index, kind in enumerate(("OutOfStock", "WholesalerDown")):
        text = new_word()
        assert ask.fill(index, {"raises": kind, "text": text}).status_code == (409, 503)[index]
        assert f"order {pharmacy.orders[index]['number']} not filled: {text}" in app.logs()
    assert ask("GET", "/reorder", query_string={"key": link_key(rng)}).status_code == 404
    assert "nobody has the key" in app.logs()
    for left in range(pharmacy.prescriptions[0]["repeats_left"], -1, -1):
        assert ask.order(new_word()).status_code == (201 if left else 409)
    assert f"prescription {pharmacy.prescriptions[0]['id']} has no repeats left" in app.logs()
    assert ask("POST", "/desk/reminders").json == {"sent": len(pharmacy.patients), "failed": 0}
    assert f"reminders: {len(pharmacy.patients)} sent, 0 failed" in app.logs()

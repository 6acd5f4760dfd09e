"""R5: errors, for people and for programs."""

from __future__ import annotations

from board import shape

from mendbox.testing import requirement


def is_page(answer, status, text=""):
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert text in answer.text


def is_json(answer, status, code):
    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    assert (answer.json["error"]["status"], answer.json["error"]["code"]) == (status, code)
    assert set(answer.json) == {"error"}


@requirement("R5", "An error is not in the one of its two formats that the brief's rules choose.")
def test_the_rules_are_those_of_other_answers(board, rng):
    ref = f"SK-{rng.randrange(100_000, 10_000_000)}"
    for accept in ("application/json;q={low}, text/html;q={middle}", "application/json-seq, text/html;q={low}"):
        is_page(board.ask(f"/calls/{ref}", accept), 404, ref)
    for accept in ("application/*", "text/html;q={low}, application/JSON;q={middle}", "*/*, text/html;q=0"):
        is_json(board.ask(f"/calls/{ref}", accept), 404, "not_found")
    is_json(board.ask(f"/calls/{ref}", "application/json, text/plain, */*"), 404, "not_found")


@requirement("R5", "A client that accepts neither format of errors does not get JSON.")
def test_who_accepts_neither_gets_json(board, client, word):
    is_json(board.ask(f"/{word()}", "text/csv"), 404, "not_found")
    is_json(board.ask(f"/calls/{word()}", "text/calendar;q={low}"), 404, "not_found")
    is_json(client.delete("/berths", headers={"Accept": "*/*;q=0"}), 405, "method_not_allowed")
    is_json(client.post("/calls", json=board.new(flag=word()), headers={"Accept": "text/csv"}), 400, "bad_request")
    taken = client.post("/calls", json=board.new(ref=board.call.ref), headers={"Accept": "application/xml"})
    is_json(taken, 409, "conflict")
    assert board.stored(board.call.ref) == shape(board.call)


@requirement("R5", "An error that was in the right format is not any more, or has lost something.")
def test_errors_that_were_right(board, client, word):
    browser = "text/html,application/xhtml+xml,*/*;q=0.8"
    ref = word()
    for accept in (browser, None, "", "*/*", "text/html"):
        is_page(board.ask(f"/calls/{ref}", accept), 404, ref)
    is_json(board.ask(f"/calls/{ref}", "application/json"), 404, "not_found")
    is_page(board.ask(f"/calls/{ref}", "text/html", "format=json"), 404, ref)
    wrong = client.delete("/calls", headers={"Accept": "application/json"})
    is_json(wrong, 405, "method_not_allowed")
    assert {"GET", "POST"} <= {each.strip() for each in wrong.headers["Allow"].split(",")}
    is_page(client.post("/calls", data=board.new(flag=word()), headers={"Accept": browser}), 400, "flag")

"""R2: what can't be had."""

from __future__ import annotations

from board import types_of

from mendbox.testing import requirement


def is_406(answer, address):
    """The error as JSON, with all that the address has."""
    assert answer.status_code == 406, f"{address}: {answer.status}"
    error = answer.json["error"]
    assert (error["status"], error["code"]) == (406, "not_acceptable")
    assert error["available"] == types_of(address)
    assert isinstance(error["message"], str)


@requirement("R2", "A client that accepts none of an address's formats is not answered with 406 and what there is.")
def test_who_accepts_none_of_the_formats_is_told_what_there_is(board):
    for address in ("calls", "call", "berths"):
        is_406(board.ask(address, "application/xml"), address)
        is_406(board.ask(address, "image/*, text/plain;q={middle}, application/json-seq"), address)
    is_406(board.ask("calls", "text/calendar"), "calls")
    is_406(board.ask("call", "text/csv;q={low}"), "call")
    board.gives("call", "application/xml, application/json;q={low}", "json")


@requirement("R2", "A client that rules out all of an address's formats is not answered with 406.")
def test_who_rules_out_everything_is_told_what_there_is(board):
    is_406(board.ask("calls", "*/*;q=0"), "calls")
    is_406(board.ask("berths", "application/json;q=0, text/*;q=0, */*;q=0"), "berths")
    is_406(board.ask("call", "text/html;q=0, application/json;q=0, text/calendar;q=0.0"), "call")
    board.gives("call", "*/*;q=0, text/calendar;q={low}", "ics")


@requirement("R2", "Someone who reads HTML alone is not told in a page that berths come as JSON or CSV.")
def test_people_are_told_in_a_page(board):
    answer = board.ask("berths", "text/html;q={high}, application/xhtml+xml")

    assert (answer.status_code, answer.mimetype) == (406, "text/html")
    assert [each for each in types_of("berths") if each not in answer.text] == []
    board.gives("berths", "text/html, text/csv;q={low}", "csv")


@requirement("R2", "A format that `?format=` names, and the address does not have, is not answered with 406.")
def test_a_link_to_a_format_that_is_not_there(board, word):
    other = word().lower()
    for address, named in (("calls", "ics"), ("call", "csv"), ("berths", "html"), ("calls", other), ("berths", other)):
        is_406(board.ask(address, "application/json", f"format={named}"), address)
    board.gives("calls", "application/xml", "json", "format=json")


@requirement("R2", "A call that does not exist, or one that does, is answered with 406 where it should not.")
def test_what_is_not_there_is_404_all_the_same(board, client, rng):
    ref = f"SK-{rng.randrange(100_000, 10_000_000)}"
    answer = board.ask(f"/calls/{ref}", "application/json;q={low}, image/png")
    assert answer.status_code == 404
    assert answer.json["error"]["message"] == f"There is no call '{ref}'."
    assert board.ask(f"/calls/{ref}", "application/xml").status_code == 404

    created = client.post("/calls", json=board.new(), headers={"Accept": "application/xml"})
    assert created.status_code == 201
    board.gives("call", "application/xml, application/json", "json")

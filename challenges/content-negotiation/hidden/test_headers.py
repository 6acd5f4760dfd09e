"""R3: what an answer says of itself."""

from __future__ import annotations

from board import CONTENT_TYPES, OFFERED, vary

from mendbox.testing import requirement


@requirement("R3", "A table or a calendar does not come with the README's Content-Type.")
def test_every_format_has_its_content_type(board):
    for address, formats in OFFERED.items():
        for each in formats:
            for answer in (board.ask(address, CONTENT_TYPES[each]), board.ask(address, None, f"format={each}")):
                board.shows(answer, address, each)
                assert answer.mimetype == CONTENT_TYPES[each], f"{address} as {each}"
                if each != "json":
                    assert answer.mimetype_params.get("charset", "").lower() == "utf-8", f"{address} as {each}"


@requirement("R3", "An answer that depends on `Accept` does not say so in `Vary`, beside what was there.")
def test_answers_say_that_they_depend_on_accept(board, client, harbour):
    for address, formats in OFFERED.items():
        for each in formats:
            answer = board.ask(address, CONTENT_TYPES[each], Origin=harbour.partner)
            board.shows(answer, address, each)
            assert vary(answer) >= {"accept", "origin"}, f"{address} as {each}"
            assert answer.headers["Access-Control-Allow-Origin"] == harbour.partner
        assert vary(board.ask(address, None)) >= {"accept", "origin"}
    assert vary(client.head("/calls", headers={"Accept": "text/csv"})) >= {"accept", "origin"}


@requirement("R3", "A 304, a 406 or another error does not say in `Vary` that it depends on `Accept`.")
def test_errors_and_304_say_it_too(board, client, word):
    for address in ("calls", "call"):
        first = board.ask(address, "text/html")
        board.shows(first, address, "html")
        again = board.ask(address, "text/html", **{"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert vary(again) >= {"accept", "origin"}
    refused = board.ask("berths", "image/png")
    assert refused.status_code == 406
    missing, wrong = board.ask(f"/{word()}", "text/html"), client.patch("/calls", headers={"Accept": "text/html"})
    bad = client.post("/calls", json=board.new(flag=word()))
    assert [each.status_code for each in (missing, wrong, bad)] == [404, 405, 400]
    for answer in (refused, missing, wrong, bad):
        assert vary(answer) >= {"accept", "origin"}, answer.status


@requirement("R3", "Pages and JSON, or what partners are allowed, are no longer marked as before.")
def test_what_was_right_stays(board, client, harbour, word):
    page, data = board.ask("calls", "text/html"), board.ask("call", "application/json", Origin=harbour.partner)

    board.shows(page, "calls", "html")
    board.shows(data, "call", "json")
    assert (page.mimetype, page.mimetype_params) == ("text/html", {"charset": "utf-8"})
    assert data.mimetype == "application/json"
    assert data.headers["Access-Control-Allow-Origin"] == harbour.partner
    assert "Access-Control-Allow-Origin" not in page.headers
    assert "origin" in vary(page) & vary(data)
    other = board.ask("calls", "text/csv", Origin=f"https://{word().lower()}.example")
    assert "Access-Control-Allow-Origin" not in other.headers
    assert other.headers["Content-Disposition"] == "attachment; filename=calls.csv"
    event = board.ask("call", "text/calendar")
    assert event.headers["Content-Disposition"] == f"attachment; filename={board.call.ref}.ics"

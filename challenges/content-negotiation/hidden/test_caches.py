"""R6: what a client holds already."""

from __future__ import annotations

from board import CONTENT_TYPES, OFFERED

from mendbox.testing import requirement


def holding(board, address, accept, etag):
    return board.ask(address, accept, **{"If-None-Match": etag})


@requirement("R6", "Whoever holds one format is told that nothing has changed when asking for another.")
def test_a_client_that_holds_another_format(board):
    for address in ("calls", "call"):
        formats = OFFERED[address]
        etags = {each: board.ask(address, CONTENT_TYPES[each]).headers["ETag"] for each in formats}
        for held, etag in etags.items():
            for each in formats:
                answer = holding(board, address, CONTENT_TYPES[each], etag)
                assert answer.status_code == (304 if each == held else 200), f"{address}: {each} for {held}"
                if each != held:
                    board.shows(answer, address, each)
        assert holding(board, address, "*/*", etags["json"]).status_code == 200
        assert board.ask(address, None, "format=json", **{"If-None-Match": etags["html"]}).status_code == 200


@requirement("R6", "A client that holds what it asks for is not told so, or is told so when it has changed.")
def test_a_client_that_holds_the_very_same(board, client, word):
    for address in ("calls", "call"):
        first = board.ask(address, "text/html")
        board.shows(first, address, "html")
        unchanged = holding(board, address, "text/html", first.headers["ETag"])
        assert (unchanged.status_code, unchanged.data) == (304, b"")

        cargo = word()
        client.patch(board.path("call"), json={"cargo": cargo})
        changed = holding(board, address, "text/html", first.headers["ETag"])
        assert changed.status_code == 200
        assert cargo in changed.text
        client.patch(board.path("call"), json={"cargo": board.call.cargo})

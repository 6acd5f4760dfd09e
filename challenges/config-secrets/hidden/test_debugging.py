"""R1: an error shows nothing of the inside, unless debugging was switched on."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement

TOLD = {"code": "internal", "message": "Something went wrong at the office."}


@requirement("R1", "An unforeseen error shows more than that something went wrong, or hides it from the log.")
@pytest.mark.parametrize("values", [(None,), ("false", "0", " FALSE ")], ids=["not-set", "off"])
def test_an_error_shows_nothing_of_the_inside(app, ferry, office, values):
    offices = [office(debug=debug) for debug in values]
    assert offices[0].ask("/sailings").json == {"sailings": ferry.of(*ferry.piers)}

    app.call("mendbox_harness:take_database_away")

    for here in offices:
        answer = here.ask("/sailings")
        assert (answer.status_code, answer.json) == (500, {"error": TOLD})
    assert "no such table" in app.logs()


@requirement("R1", "With debugging on, an error does not show what happened.")
def test_an_error_can_be_looked_into(app, ferry, office):
    offices = [office(debug=debug) for debug in ("true", "1")]
    assert offices[0].ask("/sailings").json == {"sailings": ferry.of(*ferry.piers)}

    app.call("mendbox_harness:take_database_away")

    for here in offices:
        answer = here.ask("/sailings")
        assert answer.status_code == 500
        error = answer.json["error"]
        assert {name: error[name] for name in TOLD} == TOLD
        assert "Traceback" in error["trace"]
        assert "no such table" in error["trace"]
        assert error["settings"]["MAX_PARTY"] == "9"
    assert "no such table" in app.logs()

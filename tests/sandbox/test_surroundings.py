"""A run at another date and in another zone: both containers have them, and everything else goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from runner.surroundings import HERE_AND_NOW, SURROUNDINGS, Surroundings
from tests.support.sandboxes import Run, sample_tree, statuses

#: What the app has for local time, added to the sample app. Clocks are read at import, too.
_LOCAL = b"""

import time as _time

AT_IMPORT = _time.time()
_create_app = create_app


def create_app(*args, **kwargs):
    app = _create_app(*args, **kwargs)
    app.add_url_rule("/local", "local", lambda: {"at_import": AT_IMPORT, "time": _time.time(),
        "local": _time.strftime("%Y-%m-%d %H"), "naive": datetime.datetime.now().strftime("%Y-%m-%d %H")})
    return app
"""


def suite(expected: Surroundings) -> str:
    """Tests that hold under these surroundings alone; a minute is left for what runs before."""
    return f"""
        import datetime
        import time

        AT, ZONE = {expected.at!r}, {expected.zone!r}

        def test_both_sides_agree(client):
            seen = client.get("/local").json
            here = time.time()
            assert abs(here - seen["time"]) < 60
            if AT is not None:
                assert AT <= seen["at_import"] <= seen["time"] < AT + 60
                assert AT <= here < AT + 60

        def test_the_zone_is_the_apps_too(client):
            seen = client.get("/local").json
            assert seen["local"] == seen["naive"]
            hours = [time.localtime(time.time() + late) for late in (0, -60)]
            assert seen["local"] in [time.strftime("%Y-%m-%d %H", hour) for hour in hours]
            assert (time.timezone != 0) == bool(ZONE)

        def test_a_clock_that_is_moved_goes_on_from_there(client, clock):
            before = client.get("/time").json
            clock.advance(3600)
            after = client.get("/time").json
            assert 3600 <= after["time"] - before["time"] < 3660
            assert 3600 <= after["monotonic"] - before["monotonic"] < 3660

        def test_a_clock_can_be_stopped_where_it_was(client, clock):
            before = client.get("/time").json["time"]
            clock.freeze()
            stopped = client.get("/time").json["time"]
            assert 0 <= stopped - before < 60
            assert client.get("/time").json["time"] == stopped
    """


@pytest.mark.parametrize("surroundings", SURROUNDINGS, ids=lambda each: each.name)
def test_both_containers_have_the_date_and_the_zone(run: Run, surroundings: Surroundings) -> None:
    tree = {"shop/__init__.py": sample_tree()["shop/__init__.py"] + _LOCAL}
    report = replace(run, surroundings=surroundings)(suite(surroundings), tree=tree)
    failed = {test.id: test.detail for test in report.tests if test.status.value != "passed"}
    assert failed == {}, report.outcome_message
    assert len(report.tests) == 4


def test_a_suite_that_depends_on_the_date_or_the_zone_shows_it(run: Run) -> None:
    about = {each.name: each for each in SURROUNDINGS}
    tests = """
        import datetime

        def test_of_a_year(client):
            assert datetime.datetime.fromtimestamp(client.get("/time").json["time"]).year < 2030

        def test_of_a_zone(client):
            now = client.get("/time").json["time"]
            assert datetime.datetime.fromtimestamp(now).hour == datetime.datetime.fromtimestamp(now, datetime.UTC).hour
    """

    def shown(name: str) -> dict[str, str]:
        return statuses(replace(run, surroundings=about[name])(tests))

    assert shown(HERE_AND_NOW.name) == {"test_of_a_year": "passed", "test_of_a_zone": "passed"}
    assert shown("the end of 32 bits of seconds") == {"test_of_a_year": "failed", "test_of_a_zone": "passed"}
    assert shown("a zone 14 hours ahead") == {"test_of_a_year": "passed", "test_of_a_zone": "failed"}


def test_each_moment_is_just_before_what_it_is_named_for() -> None:
    at = {each.name: datetime.fromtimestamp(each.at, UTC) for each in SURROUNDINGS if each.at is not None}
    assert len(at) == 5
    for moment in at.values():
        assert moment.second in (6, 58)
    assert at["the end of a leap day"].date().isoformat() == "2028-02-29"

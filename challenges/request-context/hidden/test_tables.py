"""R4: light tables."""

from __future__ import annotations

import pytest
from helpers import FAULTS
from mendbox_harness import depth, picture

from mendbox.testing import requirement


@pytest.fixture
def scan_at_once(app, scan, part_of, concurrently):
    """Has parts of one core photographed by several people, all at the same time; gives their answers."""

    def scan_at_once(core, people, meanwhile=None):
        app.call("mendbox_harness:hold", core.hole, len(people))
        pairs = [(part_of(core), person) for person in people]

        def let_go():
            try:
                app.call("mendbox_harness:until_held", core.hole)
                return meanwhile() if meanwhile else None
            finally:
                app.call("mendbox_harness:let_go", core.hole)

        *scans, told = concurrently([*(lambda pair=pair: scan(core, *pair) for pair in pairs), let_go])
        return scans, told

    return scan_at_once


@requirement("R4", "After pictures that were not taken, light tables are still in use.")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_table_is_free_after_a_fault(archive, app, fail_to_scan, scan, part_of, rng, fault):
    core = rng.choice(archive.shared)
    for _ in range(archive.tables + 1):
        fail_to_scan(fault, core, rng.choice(archive.people))

    part = part_of(core)
    answer = scan(core, part, archive.other)

    assert answer.status_code == 201
    assert answer.json["picture"] == picture(core.hole, *part)
    assert app.call("mendbox_harness:asked", core.hole)[-1]["table"] == answer.json["table"]


@requirement("R4", "Of pictures taken at the same time two are on one table, or a table stays in use.")
def test_tables_used_at_the_same_time_are_others_and_free_afterwards(archive, app, scan_at_once, rng):
    core = rng.choice(archive.shared)
    every = list(range(1, archive.tables + 1))
    for _ in range(2):
        people = rng.sample(archive.people, archive.tables)
        scans, _ = scan_at_once(core, people)

        assert [answer.status_code for answer in scans] == [201] * archive.tables
        assert sorted(answer.json["table"] for answer in scans) == every
        told = app.call("mendbox_harness:asked", core.hole)[-archive.tables :]
        pictures = {picture(core.hole, *each["part"]): each["table"] for each in told}
        assert {answer.json["picture"]: answer.json["table"] for answer in scans} == pictures


@requirement("R4", "A table is lost when somebody fails while another one's picture is taken.")
def test_a_fault_meanwhile_frees_its_own_table_only(archive, scan_at_once, fail_to_scan, scan, part_of, rng):
    core, failing = rng.sample(archive.shared, 2)
    others = archive.people[: archive.tables - 1]
    used = []

    def meanwhile():
        for fault in FAULTS:
            fail_to_scan(fault, failing, archive.rival)
        used.append(scan(failing, part_of(failing), archive.rival))

    scans, _ = scan_at_once(core, others, meanwhile)

    assert [answer.status_code for answer in [*scans, *used]] == [201] * archive.tables
    tables = [answer.json["table"] for answer in [*scans, *used]]
    assert sorted(tables) == list(range(1, archive.tables + 1))


@requirement("R4", "While all tables are in use, somebody gets one all the same, or is not told so with 503.")
def test_no_more_pictures_than_tables(archive, scan_at_once, scan, part_of, rng):
    core, free = rng.sample(archive.shared, 2)

    part = part_of(free)

    _, answer = scan_at_once(core, archive.people[: archive.tables], lambda: scan(free, part, archive.rival))

    assert (answer.status_code, answer.json["error"]["code"]) == (503, "no_table")
    assert answer.json["error"].keys() == {"code", "message"}


@requirement("R4", "A picture is not taken as before.")
def test_a_picture_is_taken(archive, app, scan, part_of, rng, word):
    core, unit, request_id = rng.choice(archive.ones), rng.choice(["m", "ft"]), word()
    for _ in range(archive.tables + 1):
        part = part_of(core)
        answer = scan(core, part, archive.one, unit=unit, request_id=request_id)

        assert answer.status_code == 201
        assert answer.json == {
            "picture": picture(core.hole, *part),
            "table": answer.json["table"],
            "top": depth(part[0], unit),
            "bottom": depth(part[1], unit),
        }
        assert answer.json["table"] in range(1, archive.tables + 1)
    told = app.call("mendbox_harness:asked", core.hole)
    assert len(told) == archive.tables + 1
    assert told[-1] == {
        "hole": core.hole,
        "part": list(part),
        "table": answer.json["table"],
        "request_id": request_id,
    }

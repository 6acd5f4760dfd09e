"""R3: who did what."""

from __future__ import annotations

import pytest
from helpers import FAULTS

from mendbox.testing import requirement


def note(person, action, request_id):
    return {"who": person.name, "action": action, "request": request_id}


def notes_on(ask, core, reader):
    """The notes that were there before these are read, without those of reading them."""
    notes = ask(f"/cores/{core.id}/notes", reader).json["notes"]
    return [each for each in notes if each["action"] != "read notes"]


@requirement("R3", "When two do something at the same time, a note is missing, or has somebody else's name or request.")
def test_everybody_is_noted_for_what_they_did(archive, ask, meanwhile, word):
    held, *rest = archive.shared
    ids = [word() for _ in range(3)]

    meanwhile(
        held,
        lambda: ask(f"/cores/{held.id}/assays", archive.one, request_id=ids[0]),
        lambda: ask(f"/cores/{rest[0].id}", archive.other, request_id=ids[1]),
        lambda: ask(f"/cores/{rest[0].id}/log.csv", archive.rival, request_id=ids[2]),
    )

    assert notes_on(ask, held, archive.colleague) == [note(archive.one, "asked for assays", ids[0])]
    assert notes_on(ask, rest[0], archive.colleague) == [
        note(archive.other, "viewed", ids[1]),
        note(archive.rival, "exported", ids[2]),
    ]


@requirement("R3", "What was refused or has failed is noted, at once or by whoever comes next.")
@pytest.mark.parametrize("fault", FAULTS)
def test_what_has_not_been_done_is_not_noted(archive, ask, fail_to_scan, rng, word, fault):
    core, request_id = rng.choice(archive.shared), word()

    fail_to_scan(fault, core, archive.one, request_id=word())
    ask(f"/cores/{core.id}", archive.other, request_id=request_id)

    assert notes_on(ask, core, archive.colleague) == [note(archive.other, "viewed", request_id)]


@requirement("R3", "A request that fails while another one waits leaves a note, or takes away the other's.")
def test_a_failure_meanwhile_changes_no_notes(archive, ask, fail_to_scan, meanwhile, rng, word):
    held, failing = rng.sample(archive.shared, 2)
    request_id, fault = word(), rng.choice(list(FAULTS))

    meanwhile(
        held,
        lambda: ask(f"/cores/{held.id}/assays", archive.other, request_id=request_id),
        lambda: fail_to_scan(fault, failing, archive.one, request_id=word()),
    )

    assert notes_on(ask, held, archive.one) == [note(archive.other, "asked for assays", request_id)]
    assert notes_on(ask, failing, archive.one) == []


@requirement("R3", "Something that was done is not noted as before.")
def test_all_that_succeeds_is_noted_in_its_order(archive, ask, scan, part_of, rng, word):
    core, ids = rng.choice(archive.ones), [word() for _ in range(5)]
    for request_id, path in zip(ids, ("", "/log.csv", "/assays", "/notes"), strict=False):
        assert ask(f"/cores/{core.id}{path}", archive.one, request_id=request_id).status_code == 200
    assert scan(core, part_of(core), archive.colleague, request_id=ids[4]).status_code == 201

    assert ask(f"/cores/{core.id}/notes", archive.colleague).json["notes"] == [
        note(archive.one, "viewed", ids[0]),
        note(archive.one, "exported", ids[1]),
        note(archive.one, "asked for assays", ids[2]),
        note(archive.one, "read notes", ids[3]),
        note(archive.colleague, "scanned", ids[4]),
    ]
    assert ask(f"/cores/{core.id}/notes", archive.other).status_code == 404

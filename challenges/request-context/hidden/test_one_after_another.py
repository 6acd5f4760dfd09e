"""R1: what was said by earlier requests."""

from __future__ import annotations

import pytest
from helpers import FAULTS, spoken
from mendbox_harness import depth
from shown import about, detail, me, summary

from mendbox.testing import requirement


def refused(answer):
    return (answer[0], answer[1]["error"]["code"]) == (401, "unauthorized")


@requirement("R1", "Without a token, a request is answered as if it were somebody's who has asked before.")
def test_without_a_token_it_is_nobodys(archive, by_one_thread, rng):
    core = rng.choice(archive.shared)
    part = {"top_mm": 0, "bottom_mm": rng.randrange(100, 1000)}
    paths = ["/me", "/cores", f"/cores/{core.id}", f"/cores/{core.id}/notes", f"/cores/{core.id}/assays"]

    first, *answers = by_one_thread(
        spoken("/me", archive.one),
        *(spoken(path) for path in paths),
        spoken(f"/cores/{core.id}/scans", json=part),
    )

    assert first == (200, me(archive.one))
    assert [path for path, answer in zip([*paths, "scans"], answers, strict=True) if not refused(answer)] == []


@requirement("R1", "Depths of a request that names no unit are in the unit of another request.")
def test_without_a_unit_depths_are_in_metres(archive, by_one_thread, rng):
    core = rng.choice(archive.ones)

    answers = by_one_thread(
        spoken(f"/cores/{core.id}", archive.one, unit="ft"),
        spoken("/about"),
        spoken(f"/cores/{core.id}", archive.colleague),
        spoken("/me", archive.other),
    )

    assert answers == [
        (200, detail(archive, core, "ft")),
        (200, about(archive)),
        (200, detail(archive, core)),
        (200, me(archive.other)),
    ]


@requirement("R1", "After a request that was refused or has failed, others are answered with what it had said.")
@pytest.mark.parametrize("how", ["unit", "core", "camera", "unforeseen"])
def test_nothing_is_left_of_what_ended_badly(app, archive, by_one_thread, rng, word, how):
    core = rng.choice(archive.ones)
    part = {"top_mm": 0, "bottom_mm": rng.randrange(100, 1000)}
    app.call("mendbox_harness:fail", core.hole, how)
    bad = {
        "unit": spoken("/me", archive.one, unit=word()),
        "core": spoken(f"/cores/{archive.others[0].id}", archive.one, unit="ft"),
    }.get(how, spoken(f"/cores/{core.id}/scans", archive.one, unit="ft", json=part))

    ended, nobody, everybody = by_one_thread(bad, spoken("/me"), spoken("/about"))

    assert ended[0] == {"unit": 400, "core": 404}.get(how) or ended[0] == FAULTS.get(how)
    assert refused(nobody)
    assert everybody == (200, about(archive))


@requirement("R1", "Somebody who sends a token and a unit is not answered as who they are, in that unit.")
def test_who_sends_a_token_is_that_person(archive, by_one_thread, ask, rng, word):
    people = rng.sample(archive.people, 4)
    units = [rng.choice(["m", "ft"]) for _ in people]
    answers = by_one_thread(
        *(spoken("/me", person, unit=unit) for person, unit in zip(people, units, strict=True)),
        *(spoken("/cores", person, unit=unit) for person, unit in zip(people, units, strict=True)),
    )
    seen = [
        {"cores": [summary(archive, core, unit) for core in archive.seen_by(person)]}
        for person, unit in zip(people, units, strict=True)
    ]
    assert answers == [(200, me(*each)) for each in zip(people, units, strict=True)] + [(200, each) for each in seen]

    for core in (archive.others[0], archive.hidden[0]):
        assert ask(f"/cores/{core.id}", archive.one).status_code == 404
    nobody = ask("/cores", archive.one, unit=word())
    assert (nobody.status_code, nobody.json["error"]["code"]) == (400, "invalid_unit")


@requirement("R1", "A first request without a token, or one with a token that nobody has, is not refused.")
def test_nobody_is_refused_and_may_read_about_the_archive(archive, by_one_thread, word):
    assert all(refused(answer) for answer in by_one_thread(spoken("/me"), spoken("/cores")))
    stranger = type(archive.one)(0, "", "", 0, word())
    unknown, public = by_one_thread(spoken("/me", stranger), spoken("/about"))
    assert refused(unknown)
    assert public == (200, about(archive))
    assert public[1]["length"] == depth(sum(core.bottom_mm for core in archive.cores), "m")

"""R5: exports, and what laboratories are told."""

from __future__ import annotations

import pytest
from helpers import spoken
from mendbox_harness import lab_names
from shown import assays, export

from mendbox.testing import requirement


@requirement("R5", "An export changes when other requests are answered before it is sent to its end.")
@pytest.mark.parametrize("meanwhile", ["another company", "the same person", "nobody"])
def test_an_export_stays_its_readers(app, archive, rng, word, meanwhile):
    core, unit, request_id = rng.choice(archive.shared), rng.choice(["m", "ft"]), word()
    other_unit = {"m": "ft", "ft": "m"}[unit]
    person = {"another company": archive.other, "the same person": archive.one, "nobody": None}[meanwhile]
    others = [spoken("/about", person, unit=other_unit, request_id=word())]
    if person:
        others.append(spoken(f"/cores/{core.id}", person, unit=other_unit, request_id=word()))

    text = app.call(
        "mendbox_harness:while_sending",
        spoken(f"/cores/{core.id}/log.csv", archive.one, unit=unit, request_id=request_id),
        others,
    )

    assert text == export(core, archive.one, unit, request_id)


@requirement("R5", "An export does not hold what it held.")
def test_an_export_holds_every_interval(archive, ask, rng, word):
    for person in rng.sample(archive.people, 2):
        core, unit, request_id = rng.choice(archive.seen_by(person)), rng.choice(["m", "ft"]), word()
        answer = ask(f"/cores/{core.id}/log.csv", person, unit=unit, request_id=request_id)
        assert (answer.status_code, answer.mimetype) == (200, "text/csv")
        assert answer.text == export(core, person, unit, request_id)
        assert answer.headers["X-Request-Id"] == request_id


@requirement("R5", "Laboratories are not all asked at once, or not told for whom and in which request.")
def test_laboratories_are_asked_at_once_and_told_for_whom(app, archive, seed, ask, concurrently, rng, word):
    core, person, request_id = rng.choice(archive.shared), rng.choice(archive.people), word()
    labs = lab_names(seed)
    app.call("mendbox_harness:hold", core.hole, len(labs))

    def let_go():
        there = app.call("mendbox_harness:until_held", core.hole)
        return there, app.call("mendbox_harness:let_go", core.hole)

    answer, at_once = concurrently(
        [lambda: ask(f"/cores/{core.id}/assays", person, unit="ft", request_id=request_id), let_go]
    )

    assert at_once == (True, True)
    assert (answer.status_code, answer.json) == (200, assays(archive, seed, core, person, "ft"))
    told = sorted(app.call("mendbox_harness:asked", core.hole), key=lambda each: labs.index(each["lab"]))
    assert told == [
        {"hole": core.hole, "lab": lab, "request_id": request_id, "company": person.company} for lab in labs
    ]

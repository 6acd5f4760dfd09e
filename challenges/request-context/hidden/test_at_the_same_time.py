"""R2: requests that are answered while another one waits."""

from __future__ import annotations

import pytest
from mendbox_harness import depth, picture
from shown import about, assays, me, summary

from mendbox.testing import requirement


@requirement(
    "R2", "While a request waits for laboratories, others change what it answers, or are answered as if theirs."
)
@pytest.mark.parametrize("kind", ["another company", "nobody", "the same id", "refused"])
def test_who_has_waited_is_answered_as_if_alone(archive, seed, ask, meanwhile, rng, word, kind):
    core, one, other, unit, own = (
        rng.choice(archive.shared),
        archive.one,
        archive.other,
        rng.choice(["m", "ft"]),
        word(),
    )
    theirs = {"m": "ft", "ft": "m"}[unit]
    requests = {
        "another company": [lambda: ask("/cores", other, unit=theirs, request_id=word())],
        "nobody": [lambda: ask("/me"), lambda: ask("/about")],
        "the same id": [lambda: ask("/me", other, unit=theirs, request_id=own)],
        "refused": [lambda: ask("/me", other, unit=word()), lambda: ask(f"/cores/{archive.ones[0].id}", other)],
    }[kind]

    answer, others = meanwhile(core, lambda: ask(f"/cores/{core.id}/assays", one, unit=unit, request_id=own), *requests)

    assert (answer.status_code, answer.json) == (200, assays(archive, seed, core, one, unit))
    assert answer.headers["X-Request-Id"] == own
    statuses = [each.status_code for each in others]
    if kind == "another company":
        assert others[0].json["cores"] == [summary(archive, each, theirs) for each in archive.seen_by(other)]
        assert others[0].headers["X-Request-Id"] != own
    elif kind == "nobody":
        assert (statuses, others[1].json) == ([401, 200], about(archive))
    elif kind == "the same id":
        assert others[0].json == me(other, theirs)
        assert others[0].headers["X-Request-Id"] == own
    else:
        assert statuses == [400, 404]


@requirement("R2", "While a request waits for the scanner, others change the unit or the id of what it answers.")
def test_who_has_waited_for_the_scanner_is_answered_as_if_alone(archive, ask, scan, part_of, meanwhile, rng, word):
    core, own = rng.choice(archive.ones), word()
    part = part_of(core)

    answer, _ = meanwhile(
        core,
        lambda: scan(core, part, archive.one, unit="ft", request_id=own),
        lambda: ask(f"/cores/{archive.others[0].id}", archive.other, unit="m", request_id=word()),
    )

    assert answer.status_code == 201
    assert answer.headers["X-Request-Id"] == own
    shown = {key: answer.json[key] for key in ("picture", "top", "bottom")}
    assert shown == {"picture": picture(core.hole, *part), "top": depth(part[0], "ft"), "bottom": depth(part[1], "ft")}


@requirement("R2", "A request has to wait until another one has ended.")
def test_no_request_waits_for_another(app, archive, ask, concurrently, rng):
    core, unit = rng.choice(archive.shared), rng.choice(["m", "ft"])
    app.call("mendbox_harness:hold", core.hole)

    def others():
        there = app.call("mendbox_harness:until_held", core.hole)
        answers = [ask(path, archive.other, unit=unit) for path in ("/me", f"/cores/{archive.others[0].id}")]
        return there, answers, app.call("mendbox_harness:let_go", core.hole)

    held, (there, answers, still_held) = concurrently(
        [lambda: ask(f"/cores/{core.id}/assays", archive.one, unit=unit), others]
    )

    assert (there, still_held, held.status_code) == (True, True, 200)
    assert answers[0].json == me(archive.other, unit)
    assert answers[1].json["hole"] == archive.others[0].hole


@requirement("R2", "What a company may see is looked up more than once in a request, or is not what it may see.")
def test_what_may_be_seen_is_looked_up_once(archive, seed, ask, queries, rng):
    for person in rng.sample([archive.one, archive.rival], 2):
        core = rng.choice(archive.shared)
        with queries() as seen:
            answer = ask(f"/cores/{core.id}/assays", person, unit="m")
        assert answer.json == assays(archive, seed, core, person, "m")
        assert len(seen.matching("shares")) <= 1


@requirement("R2", "A request's id is not in its answer, or one without an id is given none of its own.")
def test_a_request_has_an_id_of_its_own(archive, ask, rng, word):
    given, most = word(), word() * 5 + "abcd"
    assert ask("/about", request_id=given).headers["X-Request-Id"] == given
    assert ask("/me", archive.one, request_id=most).headers["X-Request-Id"] == most
    made = [ask("/me", archive.one, request_id=long).headers["X-Request-Id"] for long in ("", f"{most}e")]
    assert len({given, most, f"{most}e", *made}) == 5
    assert all(1 <= len(each) <= 64 for each in made)
    export = ask(f"/cores/{rng.choice(archive.shared).id}/log.csv", archive.other)
    assert export.text.splitlines()[-1].endswith(f"{archive.other.name}, request {export.headers['X-Request-Id']}")

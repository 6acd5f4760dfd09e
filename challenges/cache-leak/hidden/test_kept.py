"""R6: what has not changed is not made again."""

from __future__ import annotations

import pytest
import shown
from browser import page, read, tell

from mendbox.testing import requirement


@requirement("R6", "The repertoire is made again for every visitor.")
def test_the_repertoire_is_kept(choir, visitor, queries):
    composer = choir.pieces[0].composer
    pages = {
        "/repertoire": shown.repertoire(choir),
        f"/repertoire?composer={composer}": shown.repertoire(choir, composers=[composer]),
    }
    for path, expected in pages.items():
        assert read(visitor(), path) == expected
    for path, expected in pages.items():
        with queries() as asked:
            assert read(visitor(), path) == expected
        assert len(asked) <= 1


@requirement("R6", "A page is made again for the same member though nothing on it has changed.")
@pytest.mark.parametrize("names", [("rehearsals", "rehearsal", "me"), ("notices", "members")], ids="-".join)
def test_pages_of_members_are_kept(choir, sign_in, clock, queries, names):
    first = choir.rehearsals[0]
    pages = {
        "rehearsals": ("/rehearsals", lambda you: shown.rehearsals(choir, you)),
        "rehearsal": (f"/rehearsals/{first.id}", lambda you: shown.rehearsal(first, you)),
        "notices": ("/notices", lambda you: shown.notices(choir, you)),
        "members": ("/members", lambda you: shown.members(choir, you)),
        "me": ("/me", lambda you: shown.me(choir, you)),
    }
    device, other_device = sign_in(choir.alto), sign_in(choir.alto)
    for path, expected in (pages[name] for name in names):
        assert read(device, path) == expected(choir.alto)
        clock.advance(seconds=1)
        with queries() as asked:
            assert read(other_device, path) == expected(choir.alto)
        assert len(asked) <= 2, path


@requirement(
    "R6", "The page of a concert is made again, or the box office is asked again, for every visitor or device."
)
def test_the_box_office_is_left_alone(choir, seed, visitor, sign_in, queries, box_office):
    one, path = choir.late, f"/concerts/{choir.late.id}"
    for you in (None, choir.alto):
        who = (lambda you=you: sign_in(you)) if you else visitor
        assert read(who(), path) == shown.concert(seed, one, you)
        assert one.venue in page(who(), path)
        times, client = box_office("asked", one.id), who()
        assert times >= 1
        with queries() as asked:
            assert read(client, path) == shown.concert(seed, one, you)
            assert one.venue in page(client, path)
        assert len(asked) <= (4 if you else 2)
        assert box_office("asked", one.id) == times


@requirement("R6", "Pages that show no answers are made again when somebody answers for a rehearsal.")
def test_answers_leave_other_pages_alone(choir, seed, visitor, sign_in, queries, box_office):
    guest, alto, tenor = visitor(), sign_in(choir.alto), sign_in(choir.tenor)
    one, rehearsal = choir.spring, choir.rehearsals[1]

    pages = [
        (guest, "/concerts", shown.concerts(choir)),
        (alto, f"/concerts/{one.id}", shown.concert(seed, one, choir.alto)),
        (guest, "/repertoire", shown.repertoire(choir)),
        (alto, "/members", shown.members(choir, choir.alto)),
        (alto, "/notices", shown.notices(choir, choir.alto)),
    ]
    for client, path, expected in pages:
        assert read(client, path) == expected
    times = box_office("asked", one.id)
    tell(tenor, f"/rehearsals/{rehearsal.id}/answer", coming="yes")
    rehearsal.answers[choir.tenor] = True
    for client, path, expected in pages:
        with queries() as asked:
            assert read(client, path) == expected
        assert len(asked) <= (2 if client is alto else 1), path
    assert box_office("asked", one.id) == times
    assert read(alto, "/rehearsals") == shown.rehearsals(choir, choir.alto)


@requirement("R6", "A page that is a minute old is still shown, or one that is not is made again.")
def test_a_page_is_kept_for_a_minute(choir, seed, visitor, sign_in, clock, rng, box_office):
    guest, alto, one = visitor(), sign_in(choir.alto), choir.summer
    path, sold = f"/concerts/{one.id}", rng.randrange(1, 900)

    def shows(sold):
        assert read(guest, path) == shown.concert(seed, one, sold=sold)
        assert read(alto, path) == shown.concert(seed, one, choir.alto, sold=sold)

    shows(0)
    box_office("sell", one.id, sold)
    for seconds in (30, 29.5):
        clock.advance(seconds=seconds)
        shows(0)
    clock.advance(seconds=1)
    shows(sold)


@requirement("R6", "A page is not kept for visitors, or is kept for more than a minute.")
def test_a_page_is_kept_for_visitors(choir, seed, visitor, clock, rng, queries, box_office):
    guest, one = visitor(), choir.late
    path, sold = f"/concerts/{one.id}", rng.randrange(1, 900)
    assert read(guest, path) == shown.concert(seed, one)
    box_office("sell", one.id, sold)
    clock.advance(seconds=59.5)
    with queries() as asked:
        assert read(guest, path) == read(visitor(), path) == shown.concert(seed, one)
    assert len(asked) <= 2
    assert box_office("asked", one.id) == 1
    clock.advance(seconds=1)
    assert read(visitor(), path) == shown.concert(seed, one, sold=sold)

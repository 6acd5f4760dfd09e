"""R4: query strings and formats."""

from __future__ import annotations

import shown
from browser import HTML, page, read

from mendbox.testing import requirement


@requirement("R4", "A page is shown for another query string than was asked for.")
def test_query_strings_are_apart(choir, visitor):
    guest, year = visitor(), choir.year
    assert read(guest, f"/concerts?year={year}") == shown.concerts(choir, year=year)
    assert read(guest, "/concerts") == shown.concerts(choir)
    assert read(guest, f"/concerts?year={year + 1}") == shown.concerts(choir, year=year + 1)
    assert choir.late.title not in page(guest, f"/concerts?year={year}")
    assert choir.late.title in page(guest, "/concerts")


@requirement("R4", "Of a name that is given several times in a query string not every value counts.")
def test_every_value_of_a_name_counts(choir, sign_in, visitor):
    alto, guest = sign_in(choir.alto), visitor()
    for voices in (["alto", "tenor"], ["alto"], ["alto", "bass"]):
        path = "/members?" + "&".join(f"voice={voice}" for voice in voices)
        assert read(alto, path) == shown.members(choir, choir.alto, voices)
    composers = sorted({piece.composer for piece in choir.pieces})
    for some in (composers[:2], composers[:1], [composers[0], composers[2]]):
        answer = read(guest, "/repertoire?" + "&".join(f"composer={composer}" for composer in some))
        assert answer == shown.repertoire(choir, composers=some)


@requirement("R4", "A page comes in another format than was asked for.")
def test_formats_are_apart(choir, visitor, sign_in):
    guest, alto = visitor(), sign_in(choir.alto)
    # What these clients like best is HTML, JSON, and HTML again.
    likes = (
        ("text/html, application/json;q=0.5", "text/html"),
        ("text/html;q=0.4, application/json", "application/json"),
        (HTML["Accept"], "text/html"),
        ("application/json", "application/json"),
    )
    for accept, mimetype in likes:
        answer = guest.get("/concerts", headers={"Accept": accept})
        assert (answer.status_code, answer.mimetype) == (200, mimetype), accept
        if mimetype == "application/json":
            assert answer.json == shown.concerts(choir)
        assert choir.spring.title in answer.text
    assert read(alto, "/me") == shown.me(choir, choir.alto)
    assert choir.alto.phone in page(alto, "/me")
    assert read(alto, "/me") == shown.me(choir, choir.alto)


@requirement("R4", "A page that nobody has asked for before is not what was asked for.")
def test_a_question_by_itself(choir, visitor, sign_in):
    composers = sorted({piece.composer for piece in choir.pieces})[1:]
    answer = read(visitor(), f"/repertoire?composer={composers[0]}&composer={composers[1]}")
    assert answer == shown.repertoire(choir, composers=composers)
    assert choir.summer.title in page(visitor(), f"/concerts?year={choir.year}")
    bass = sign_in(choir.bass)
    assert read(bass, "/members?voice=bass") == shown.members(choir, choir.bass, ["bass"])

"""R1: notes."""

from __future__ import annotations

import pytest
from browser import seen, untouched

from mendbox.testing import requirement


@pytest.fixture
def shown(show, hall, announce, write, word):
    """Writes a note and gives what a browser shows of it: on the boulder's page, and on the climber's."""

    def shown(text):
        boulder, climber = announce(f"{word()} {word()}"), hall.climbers[0]["id"]
        note = write(text, boulder, climber)
        pages = [show(f"/boulders/{boulder}"), show(f"/climbers/{climber}")]
        return [(page, page.one("article", "note", data_id=note).one(cls="text")) for page in pages]

    return shown


def links(element):
    return [(link.get("href"), link.text) for link in element.all("a")]


def bold(element):
    return [strong.text for strong in element.all("strong")]


@requirement("R1", "HTML in a note becomes part of the page, or is not shown as it was written.")
def test_tags_in_a_note_are_text(shown, word):
    a, b, c, d = word(), word(), word(), word()
    text = f'{a} <img src=x onerror="{b}()"> <{c} {d}="1">{a}</{c}> <!-- {b} --> <{d}'

    for page, note in shown(text):
        assert note.text == seen(text)
        assert untouched(page, [b, c, d])


@requirement("R1", "A note that has been in the database for long is not shown as it was written.")
def test_notes_that_were_written_before_are_text(show, hall):
    stored = hall.notes[-1]

    for path in (f"/boulders/{stored['boulder_id']}", f"/climbers/{stored['climber_id']}"):
        note = show(path).one("article", "note", data_id=stored["id"])
        assert note.one(cls="text").text == seen(stored["text"])


@requirement("R1", "Signs such as <, > and &lt; are not shown as they were written.")
def test_every_character_is_shown(shown, word):
    a, b, c = word(), word(), word()
    text = f"{a}<{b}, {b}>{c} && &amp; &lt;{a}&gt; &#x2{len(a)}; &copy; 'x' \"y\" \\ {{{{ 7*7 }}}} {c}"

    for _, note in shown(text):
        assert note.text == seen(text)
        assert links(note) == []


@requirement("R1", "Markup around or beside HTML in a note does not work, or lets the HTML through.")
def test_markup_works_beside_tags(shown, hall, word):
    a, b, c, d = word(), word(), word(), word()
    number = hall.boulders[0]["id"]
    text = f"*<{a}>* <b>#{number}</b> <{b}>https://{c}.example/?x=1&y={d}</{b}>\n*{c} & {d}*"

    for page, note in shown(text):
        assert note.text == seen(text).replace("*", "")
        assert bold(note) == [f"<{a}>", f"{c} & {d}"]
        address = f"https://{c}.example/?x=1&y={d}"
        assert links(note) == [(f"/boulders/{number}", f"#{number}"), (address, address)]
        assert untouched(page, [a, b])
        assert page.leaves_the_web() == []


@requirement("R1", "A link to an address in which * or # occurs is not that link.")
def test_an_address_is_nothing_but_an_address(shown, word):
    a, b, c = word(), word(), word()
    first, second = f"https://{a}.example/#{len(b)}", f"http://{b}.example/*{c}*?{a}=#7&amp={b}"

    for _, note in shown(f"{first} {a}\n{second}"):
        assert note.text == f"{first} {a}\n{second}"
        assert links(note) == [(first, first), (second, second)]
        assert bold(note) == []


@requirement("R1", "The markup of notes no longer works as the README says, or does something to plain words.")
def test_markup_is_as_the_readme_has_it(shown, hall, word):
    a, b, c = word(), word(), word()
    number = hall.boulders[0]["id"]
    text = (
        f"*{a} {b}* don't, 'n' \"{c}\"\nas #{number}, {a}#{number}\nfish & chips, 3 * 4\n5 * 6: https://{c}.example/{b}"
    )

    for page, note in shown(text):
        assert note.text == seen(text.replace(f"*{a} {b}*", f"{a} {b}"))
        assert bold(note) == [f"{a} {b}"]
        address = f"https://{c}.example/{b}"
        assert links(note) == [(f"/boulders/{number}", f"#{number}"), (address, address)]
        assert len(note.all("br")) == 3
        assert page.leaves_the_web() == []


@requirement("R1", "A link in a note no longer ends where the README says.")
def test_an_address_ends_before_quotes_and_brackets(shown, word):
    addresses = [f"https://{word()}.example/{word()}?x=1&y={word()}" for _ in range(3)]
    text = "\n".join(f"{word()} {a}{address}{b}" for (a, b), address in zip(("<>", '""', "''"), addresses, strict=True))

    for _, note in shown(text):
        assert note.text == text
        assert links(note) == [(address, address) for address in addresses]

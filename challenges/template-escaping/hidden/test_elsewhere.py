"""R6: the other pages, and what is no page."""

from __future__ import annotations

from browser import read, seen, untouched

from mendbox.testing import requirement


@requirement("R6", "The screen at the entrance shows names or notes as something other than the text they are.")
def test_the_screen_shows_text(show, hall, announce, join, write, word):
    a, b, c = word(), word(), word()
    name, climber, text = f"{a} <{b}> &amp; {c}", f'{c}" {b}="1', f"<{b} {c}=1>{a}</{b}> & *{c}*"
    boulder = announce(f"{name} 1", wall=f"{c} <{b}>", setter=hall.climbers[1]["id"])
    note = write(f"{text}\n{b}", boulder, join(climber))

    page = show("/screen")

    entry = page.one("li", "note", data_id=note)
    assert entry.one(cls="text").text == seen(text)
    assert (entry.one("cite").text, entry.one("cite").get("title")) == (climber, climber)
    assert [element.text for element in entry.all("b")] == [f"{name} 1"]
    assert page.one("li", "boulder", data_id=boulder).text == f"{name} 1 (6a, {c} <{b}>)"
    assert untouched(page, [b, c])


@requirement("R6", "The screen at the entrance shows something from the database as something other than text.")
def test_the_screen_shows_what_was_stored_before(show, hall):
    page = show("/screen")

    boulder, note = hall.boulders[-1], hall.notes[-1]
    assert page.one("li", "boulder", data_id=boulder["id"]).one("b").text == boulder["name"]
    assert page.one("li", "note", data_id=note["id"]).one(cls="text").text == seen(note["text"])
    assert untouched(page, [hall.harmful_tag])


@requirement("R6", "The message after writing a note shows a name as something other than the text it is.")
def test_the_message_names_the_boulder(client, hall, announce, word):
    a, b = word(), word()
    name = f'{a} <{b} {a}=1> &amp; "{b}" \''
    boulder = announce(name)

    sent = {"climber": hall.climbers[0]["id"], "text": word()}
    page = read(client.post(f"/boulders/{boulder}/notes", data=sent, follow_redirects=True))

    flash = page.one(cls="flash")
    assert flash.text == f"Your note on {name} is up."
    assert flash.one("em").text == name


@requirement("R6", "What was right before is not: a name is escaped twice, shortened, or missing.")
def test_names_are_shown_once_and_whole(show, announce, join, write, word):
    name, setter = f"{word()} & <{word()}>", f"{word()} 'n' \"{word()}\""
    climber = join(setter)
    boulder = announce(name, setter=climber)
    write(word(), boulder, climber)

    page = show(f"/boulders/{boulder}")
    assert page.all("h1")[0].text == name
    assert page.one("title").text.startswith(f"{name} |")
    assert page.one("a", "setter").text == setter
    assert page.one("article", "note").one("a", "author").text == setter
    assert show(f"/climbers/{climber}").one("h1").text == setter
    assert setter in show("/climbers").one("li", "climber", data_id=climber).text


@requirement("R6", "The message after writing a note no longer names the boulder with emphasis.")
def test_the_message_has_its_emphasis(client, hall, word):
    boulder = hall.boulders[0]

    sent = {"climber": hall.climbers[0]["id"], "text": word()}
    page = read(client.post(f"/boulders/{boulder['id']}/notes", data=sent, follow_redirects=True))

    assert page.one(cls="flash").one("em").text == boulder["name"]
    assert page.one(cls="flash").text == f"Your note on {boulder['name']} is up."
    assert read(client.get("/")).all(cls="flash") == []


@requirement("R6", "Labels or the API for phones no longer give what was written, as it was written.")
def test_what_is_no_page_is_as_it_was_written(client, announce, join, write, word):
    a, b = word(), word()
    name, wall, setter = f"{a} & <{b}> 'x'", f'"{b}" > {a}', f"O'{a} <i>"
    climber = join(setter)
    boulder = announce(name, wall, climber)
    text = f"*{a}* <{b}> & &amp; 'x'\nhttps://{a}.example/?x=1&y=2"
    note = write(text, boulder, climber)

    label = client.get(f"/boulders/{boulder}/label.txt")
    assert label.mimetype == "text/plain"
    lines = label.text.splitlines()
    assert lines[:2] == [name, f"6a, {wall}"]
    assert lines[2].startswith(f"set by {setter} on 2")
    assert client.get(f"/api/boulders/{boulder}").json == {
        "id": boulder,
        "name": name,
        "grade": "6a",
        "wall": wall,
        "setter": setter,
        "notes": [{"id": note, "climber": setter, "text": text}],
    }

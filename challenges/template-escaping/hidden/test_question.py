"""R5: the question before a note is deleted."""

from __future__ import annotations

import pytest
from browser import untouched

from mendbox.testing import requirement

NAMES = {
    "apostrophe": "{0} O'{1}",
    "quotes": "{0} \"{1}\" '{2}' `{1}` ${{{2}}}",
    "backslashes": "{0} \\' {1} \\\" {2} \\",
    "code": "'); {0}(); ('{1}\"); {2}(); (\"",
    "written out": "&#39;); {0}(); (&#39; &quot;{1} {2}",
}


@pytest.fixture
def form_of(show, announce, join, write, word):
    """Lets somebody write a note; gives the page and the note's delete form."""

    def form_of(name):
        boulder = announce(f"{word()} {word()}")
        note = write(word(), boulder, join(name))
        page = show(f"/boulders/{boulder}")
        return page, page.one("article", "note", data_id=note).one("form", "delete")

    return form_of


@requirement("R5", "Somebody's name is part of the page's code, so the question is not asked.")
@pytest.mark.parametrize("kind", sorted(NAMES))
def test_a_name_is_no_code(form_of, word, kind):
    a, b, c = word(), word(), word()
    name = NAMES[kind].format(a, b, c)

    page, form = form_of(name)

    assert form.get("data-question") == f"Delete the note by {name}?"
    assert untouched(page, [a, b, c])


@requirement("R5", "The delete form no longer holds the question, or no longer asks before it deletes.")
def test_the_question_is_asked(client, form_of, word):
    name = f"{word()} & <{word()}>"

    page, form = form_of(name)

    assert form.get("data-question") == f"Delete the note by {name}?"
    handlers = [key for element in (form, *form.all()) for key in element.attributes if key in {"onsubmit", "onclick"}]
    sources = [script.get("src") for script in page.all("script") if script.get("src")]
    scripts = [client.get(source).text for source in sources] + [script.content for script in page.all("script")]
    assert handlers or any("question" in script or "delete" in script for script in scripts)


@requirement("R5", "A note can no longer be deleted, or more than that note is.")
def test_a_note_is_deleted_and_no_other(client, show, announce, write, word):
    boulder = announce(f"{word()} {word()}")
    kept, gone, also_kept = (write(word(), boulder) for _ in range(3))
    form = show(f"/boulders/{boulder}").one("article", "note", data_id=gone).one("form", "delete")

    answer = client.post(form.get("action"))

    assert (answer.status_code, answer.location) == (303, f"/boulders/{boulder}")
    notes = show(f"/boulders/{boulder}").all("article", "note")
    assert [note.get("data-id") for note in notes] == [str(kept), str(also_kept)]
    assert (form.get("method") or "").lower() == "post"

"""R5: the question before a note is deleted."""

from __future__ import annotations

import pytest
from browser import untouched

from mendbox.testing import requirement

NAMES = (
    "{0} \"{1}\" '{2}' `{1}` ${{{2}}}",
    "{0} \\' {1} \\\" {2} \\",
    "'); {0}(); ('{1}\"); {2}(); (\"",
    "&#39;); {0}(); (&#39; &quot;{1} {2}",
)


@pytest.fixture
def forms_of(show, announce, join, write, word):
    """Lets people write a note each; gives the page and each note's delete form."""

    def forms_of(*names):
        boulder = announce(f"{word()} {word()}")
        notes = [write(word(), boulder, join(name)) for name in names]
        page = show(f"/boulders/{boulder}")
        return page, [page.one("article", "note", data_id=note).one("form", "delete") for note in notes]

    return forms_of


@requirement("R5", "Somebody with an apostrophe in the name is not asked before a note is deleted.")
def test_an_apostrophe_is_no_code(forms_of, word):
    a, b, c = word(), word(), word()

    page, forms = forms_of(f"{a} O'{b}", f"'{c}'")

    assert [form.get("data-question") for form in forms] == [
        f"Delete the note by {name}?" for name in (f"{a} O'{b}", f"'{c}'")
    ]
    assert untouched(page, [b, c])


@requirement("R5", "Somebody's name is part of the page's code.")
def test_a_name_is_no_code(forms_of, word):
    a, b, c = word(), word(), word()
    names = [name.format(a, b, c) for name in NAMES]

    page, forms = forms_of(*names)

    assert [form.get("data-question") for form in forms] == [f"Delete the note by {name}?" for name in names]
    assert untouched(page, [a, b, c])


@requirement("R5", "The delete form no longer holds the question, or no longer asks before it deletes.")
def test_the_question_is_asked(client, forms_of, word):
    name = f"{word()} & <{word()}>"

    page, (form,) = forms_of(name)

    assert form.get("data-question") == f"Delete the note by {name}?"
    handlers = [key for element in (form, *form.all()) for key in element.attributes if key in {"onsubmit", "onclick"}]
    sources = [script.get("src") for script in page.all("script") if script.get("src")]
    scripts = [client.get(source).text for source in sources] + [script.content for script in page.all("script")]
    assert handlers or any(sign in script for sign in ("confirm", "question", "delete") for script in scripts)


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

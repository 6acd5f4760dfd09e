"""Who sees a document and may not do something is told so."""

from __future__ import annotations

from shown import forbidden, note_line, page, uncounted

from mendbox.testing import requirement


@requirement("R4", "A translation is handed in without an open assignment to the document, or not with one.")
def test_a_translation_is_handed_in_while_the_assignment_is_open(ask, bureau, word):
    translator, text = ask(bureau.translator), word()
    assert forbidden(translator.put(f"/documents/{bureau.done.id}/translation", {"text": word()}))
    answer = translator.put(f"/documents/{bureau.revised.id}/translation", {"text": text})
    bureau.revised.translation, bureau.revised.state = text, "translated"
    assert (answer.status_code, uncounted(answer.json)) == (200, page(bureau.revised))
    assert forbidden(translator.put(f"/documents/{bureau.revised.id}/translation", {word(): 1}))
    for document in (bureau.done, bureau.revised):
        assert uncounted(translator.get(f"/documents/{document.id}").json) == page(document)


@requirement("R4", "A translator does with a document what is not for translators, or is not told that it isn't.")
def test_translators_change_no_document(ask, bureau, word, upload):
    translator, path = ask(bureau.translator), f"/documents/{bureau.opened.id}"
    assert forbidden(translator.patch(path, {word(): word()}))
    assert forbidden(translator.delete(path))
    assert forbidden(translator.post(f"{path}/assignments", {"translator": bureau.idle.login}))
    assert forbidden(translator.post("/documents", upload))
    assert forbidden(translator.post("/documents/archive", {"documents": [bureau.opened.id]}))
    assert uncounted(translator.get(path).json) == page(bureau.opened)


@requirement("R4", "A client or a manager does the bureau's work on a document, or is not told that they may not.")
def test_clients_do_no_work_on_their_documents(ask, bureau, word):
    client, path = ask(bureau.client), f"/documents/{bureau.opened.id}"
    assert forbidden(client.post(f"{path}/assignments", {"translator": bureau.idle.login}))
    assert forbidden(client.delete(f"{path}/assignments/{bureau.translator.login}"))
    assert forbidden(client.put(f"{path}/translation", {"text": word()}))
    assert forbidden(ask(bureau.manager).put(f"{path}/translation", {"text": word()}))


@requirement("R4", "A note is removed by someone who may not, or not by those who may.")
def test_a_note_is_removed_by_its_author_and_by_managers(ask, bureau):
    by_client, _, _, by_translator = bureau.opened.notes
    path = f"/documents/{bureau.opened.id}/notes"
    assert forbidden(ask(bureau.client).delete(f"{path}/{by_translator.id}"))
    assert ask(bureau.translator).delete(f"{path}/{by_translator.id}").status_code == 204
    assert ask(bureau.manager).delete(f"{path}/{by_client.id}").status_code == 204
    left = [note_line(note) for note in bureau.opened.notes[1:3]]
    assert ask(bureau.translator).get(path).json == {"notes": left}

"""Notes and glossaries stay with whom they belong to."""

from __future__ import annotations

from shown import glossary_on, no_note, note_line, notes_seen, page, refused, uncounted

from mendbox.testing import requirement


@requirement("R5", "A note is reached by way of a document that it does not belong to.")
def test_a_note_is_found_below_its_own_document_only(ask, bureau):
    client, path = ask(bureau.client), f"/documents/{bureau.plain.id}/notes"
    for document in (bureau.opened, bureau.foreign):
        assert no_note(client.get(f"{path}/{document.notes[0].id}"), document.notes[0].id)
    note = bureau.opened.notes[0]
    assert no_note(client.delete(f"{path}/{note.id}"), note.id)
    assert no_note(ask(bureau.manager).get(f"{path}/{note.id}"), note.id)
    assert client.get(f"/documents/{bureau.opened.id}/notes/{note.id}").json == note_line(note)


@requirement("R5", "A client reads internal notes, or is told that they exist.")
def test_internal_notes_are_not_for_clients(ask, bureau):
    client, path = ask(bureau.client), f"/documents/{bureau.opened.id}/notes"
    shown = [note_line(note) for note in notes_seen(bureau.client, bureau.opened)]
    assert client.get(path).json == {"notes": shown}
    internal = bureau.opened.notes[2].id
    assert no_note(client.get(f"{path}/{internal}"), internal)
    assert no_note(client.delete(f"{path}/{internal}"), internal)
    assert ask(bureau.manager).get(f"{path}/{internal}").json == note_line(bureau.opened.notes[2])


@requirement("R5", "The bureau's own people no longer read or write all notes on a document that they see.")
def test_internal_notes_are_for_the_bureau(ask, bureau, word, nobodys):
    translator, path = ask(bureau.translator), f"/documents/{bureau.again.id}/notes"
    text = word()
    written = translator.post(path, {"text": text, "internal": True})
    assert (written.status_code, written.json["text"], written.json["internal"]) == (201, text, True)
    shown = [*map(note_line, bureau.again.notes), written.json]
    assert translator.get(path).json == {"notes": shown}
    assert no_note(translator.get(f"{path}/{nobodys}"), nobodys)


@requirement("R5", "A document gets a glossary of somebody else's, or the answer tells that there is one.")
def test_a_glossary_goes_with_documents_of_its_owner_only(ask, bureau, upload, nobodys):
    client, path, theirs = ask(bureau.client), f"/documents/{bureau.opened.id}", bureau.theirs.id
    for number in (theirs, nobodys):
        assert refused(client.patch(path, {"glossary": number}), f"There is no glossary {number}.")
    assert refused(client.post("/documents", upload | {"glossary": theirs}), f"There is no glossary {theirs}.")
    entered = ask(bureau.manager).post("/documents", upload | {"owner": bureau.newcomer.login, "glossary": theirs})
    assert refused(entered, f"There is no glossary {theirs}.")
    assert uncounted(client.get(path).json) == page(bureau.opened)


@requirement(
    "R5", "A document that is handed over takes the old owner's glossary along, or does not get the new owner's."
)
def test_a_document_is_handed_over_without_its_glossary(ask, bureau):
    manager, path = ask(bureau.manager), f"/documents/{bureau.opened.id}"
    sent = {"owner": bureau.other.login, "glossary": bureau.shared.id}
    assert refused(manager.patch(path, sent), f"There is no glossary {bureau.shared.id}.")
    answer = manager.patch(path, {"owner": bureau.other.login})
    bureau.opened.owner, bureau.opened.glossary = bureau.other, None
    assert uncounted(answer.json) == uncounted(ask(bureau.other).get(path).json) == page(bureau.opened)
    taken = manager.patch(f"/documents/{bureau.withdrawn.id}", sent | {"glossary": bureau.unused.id}).json
    assert (taken["owner"], taken["glossary"]) == (bureau.other.login, glossary_on(bureau.unused))


@requirement("R5", "A client's own glossary can no longer be put on a document, or taken off.")
def test_an_own_glossary_is_put_on_and_taken_off(ask, bureau):
    client, path = ask(bureau.client), f"/documents/{bureau.done.id}"
    for glossary in (bureau.spare, None):
        answer = client.patch(path, {"glossary": glossary and glossary.id})
        bureau.done.glossary = glossary
        assert uncounted(answer.json) == page(bureau.done)

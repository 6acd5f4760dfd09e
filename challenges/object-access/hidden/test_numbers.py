"""What one does not see is as if it did not exist."""

from __future__ import annotations

from shown import glossary_line, is_error, no_document, note_line, page, uncounted

from mendbox.testing import requirement


@requirement("R1", "A client reads a document of another client's, or is told that it exists.")
def test_a_client_reads_no_document_of_anothers(ask, bureau):
    client = ask(bureau.client)
    assert no_document(client.get(f"/documents/{bureau.foreign.id}"), bureau.foreign.id)
    assert uncounted(client.get(f"/documents/{bureau.plain.id}").json) == page(bureau.plain)
    assert no_document(ask(bureau.newcomer).get(f"/documents/{bureau.opened.id}"), bureau.opened.id)


@requirement(
    "R1", "A translator reads a document that she is not, or not any more, assigned to, or not all of the others."
)
def test_a_translator_reads_what_she_is_assigned_to(ask, bureau):
    translator = ask(bureau.translator)
    assert no_document(translator.get(f"/documents/{bureau.withdrawn.id}"), bureau.withdrawn.id)
    for document in (bureau.done, bureau.again):
        answer = translator.get(f"/documents/{document.id}")
        assert (answer.status_code, uncounted(answer.json)) == (200, page(document))


@requirement(
    "R1", "A translator does not see a document as soon as it is given to her, or still sees it when it is taken away."
)
def test_an_assignment_is_seen_at_once_until_it_is_withdrawn(ask, bureau):
    manager, idle, number = ask(bureau.manager), ask(bureau.idle), bureau.opened.id
    given = manager.post(f"/documents/{number}/assignments", {"translator": bureau.idle.login})
    assert (given.status_code, given.json) == (201, {"translator": bureau.idle.login, "state": "open"})
    assert uncounted(idle.get(f"/documents/{number}").json) == page(bureau.opened)
    assert manager.delete(f"/documents/{number}/assignments/{bureau.idle.login}").status_code == 204
    assert no_document(idle.get(f"/documents/{number}"), number)
    assert uncounted(ask(bureau.translator).get(f"/documents/{number}").json) == page(bureau.opened)


@requirement(
    "R1", "A document is changed or removed by someone who does not see it, or the answer tells that it exists."
)
def test_nobody_changes_what_they_do_not_see(ask, bureau, word):
    client, number = ask(bureau.client), bureau.foreign.id
    assert no_document(client.patch(f"/documents/{number}", {"title": word()}), number)
    assert no_document(client.patch(f"/documents/{number}", {word(): word()}), number)
    assert no_document(client.delete(f"/documents/{number}"), number)
    assert no_document(ask(bureau.translator).delete(f"/documents/{number}"), number)
    assert uncounted(ask(bureau.manager).get(f"/documents/{number}").json) == page(bureau.foreign)


@requirement(
    "R1", "Work on a document is done or asked for by someone who does not see it, or the answer tells that it exists."
)
def test_nobody_works_on_what_they_do_not_see(ask, bureau, word):
    translator, taken, foreign = ask(bureau.translator), bureau.withdrawn.id, bureau.foreign.id
    assert no_document(translator.put(f"/documents/{taken}/translation", {"text": word()}), taken)
    assert no_document(translator.post(f"/documents/{foreign}/assignments", {"translator": word()}), foreign)
    client = ask(bureau.client)
    assert no_document(client.delete(f"/documents/{foreign}/assignments/{bureau.colleague.login}"), foreign)
    assert no_document(client.put(f"/documents/{foreign}/translation", {}), foreign)
    assert uncounted(ask(bureau.manager).get(f"/documents/{taken}").json) == page(bureau.withdrawn)


@requirement("R1", "Notes on a document are read, written or removed by someone who does not see the document.")
def test_nobody_reaches_notes_on_what_they_do_not_see(ask, bureau, word):
    client, foreign = ask(bureau.client), bureau.foreign.id
    assert no_document(client.get(f"/documents/{foreign}/notes"), foreign)
    assert no_document(client.post(f"/documents/{foreign}/notes", {"text": word()}), foreign)
    translator, number, own = ask(bureau.translator), bureau.withdrawn.id, bureau.withdrawn.notes[0]
    assert no_document(translator.get(f"/documents/{number}/notes/{own.id}"), number)
    assert no_document(translator.delete(f"/documents/{number}/notes/{own.id}"), number)
    for document in (bureau.foreign, bureau.withdrawn):
        left = ask(bureau.manager).get(f"/documents/{document.id}/notes").json
        assert left == {"notes": [note_line(note) for note in document.notes]}


@requirement("R1", "A glossary is shown to someone who does not see it, or its answer tells that it exists.")
def test_a_glossary_is_for_those_who_see_it(ask, bureau):
    for person, glossary in (
        (bureau.client, bureau.theirs),
        (bureau.translator, bureau.spare),
        (bureau.idle, bureau.shared),
    ):
        answer = ask(person).get(f"/glossaries/{glossary.id}")
        assert is_error(answer, 404, "glossary_not_found", f"There is no glossary {glossary.id}.")
    for person, glossary in ((bureau.client, bureau.spare), (bureau.translator, bureau.theirs)):
        shown = ask(person).get(f"/glossaries/{glossary.id}").json
        assert shown == glossary_line(bureau, person, glossary)


@requirement("R1", "Archiving several documents at once reaches those of others, or tells which of them exist.")
def test_what_one_does_not_see_is_not_archived(ask, bureau, nobodys):
    sent = [bureau.foreign.id, bureau.plain.id, nobodys, bureau.again.id, bureau.opened.id]
    answer = ask(bureau.client).post("/documents/archive", {"documents": sent})
    assert answer.json == {"archived": sorted([bureau.plain.id, bureau.opened.id])}
    bureau.plain.state = "archived"
    manager = ask(bureau.manager)
    for document in (bureau.foreign, bureau.plain):
        assert uncounted(manager.get(f"/documents/{document.id}").json) == page(document)


@requirement("R1", "A manager no longer sees everything, or no longer learns that a number is nobody's.")
def test_managers_see_everything(ask, bureau, nobodys):
    manager = ask(bureau.manager)
    assert uncounted(manager.get(f"/documents/{bureau.withdrawn.id}").json) == page(bureau.withdrawn)
    assert manager.get(f"/glossaries/{bureau.unused.id}").json == glossary_line(bureau, bureau.manager, bureau.unused)
    assert no_document(manager.get(f"/documents/{nobodys}"), nobodys)
    sent = {"documents": [bureau.foreign.id, bureau.plain.id]}
    assert manager.post("/documents/archive", sent).json == {"archived": sorted(sent["documents"])}


@requirement("R1", "A client can no longer remove a document of their own.")
def test_clients_remove_what_is_theirs(ask, bureau):
    client, path = ask(bureau.client), f"/documents/{bureau.opened.id}"
    assert client.delete(path).status_code == 204
    assert no_document(client.get(path), bureau.opened.id)

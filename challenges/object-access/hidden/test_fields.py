"""Everyone sets what is theirs to set."""

from __future__ import annotations

from shown import glossary_on, no_document, note_line, page, refused, uncounted

from mendbox.testing import requirement


@requirement(
    "R3", "A client changes the owner, the words or the state of a document, or part of a refused change is kept."
)
def test_a_client_changes_nothing_that_is_not_theirs_to_set(ask, bureau, word, rng):
    client, path = ask(bureau.client), f"/documents/{bureau.opened.id}"
    for sent in (
        {"title": word(), "owner": bureau.other.login},
        {"owner": bureau.client.login},
        {"title": word(), "words": rng.randrange(1, 90)},
        {"state": "archived"},
    ):
        assert refused(client.patch(path, sent)), sent
    assert uncounted(client.get(path).json) == page(bureau.opened)


@requirement("R3", "A client uploads a document for someone else, or sets its words or its state.")
def test_a_client_uploads_nothing_that_is_not_theirs_to_set(ask, bureau, upload, rng):
    for more in ({"owner": bureau.other.login}, {"words": rng.randrange(1, 90)}, {"state": "translated"}):
        assert refused(ask(bureau.client).post("/documents", upload | more)), more
    made = ask(bureau.client).post("/documents", upload).json
    assert (made["reference"], made["owner"]) == (upload["reference"], bureau.client.login)


@requirement("R3", "A client writes an internal note.")
def test_a_client_writes_no_internal_note(ask, bureau, word):
    client, path = ask(bureau.client), f"/documents/{bureau.plain.id}/notes"
    for internal in (True, False):
        assert refused(client.post(path, {"text": word(), "internal": internal}))
    written = client.post(path, {"text": word()}).json
    shown = ask(bureau.manager).get(path).json["notes"]
    assert shown == [*map(note_line, bureau.plain.notes), written]
    assert (written["author"], written["internal"]) == (bureau.client.login, False)


@requirement("R3", "A document that is handed over is not the new owner's, or still the old one's.")
def test_a_manager_hands_a_document_over(ask, bureau):
    number, owner = bureau.done.id, bureau.newcomer
    answer = ask(bureau.manager).patch(f"/documents/{number}", {"owner": owner.login})
    bureau.done.owner = owner
    assert (answer.status_code, uncounted(answer.json)) == (200, page(bureau.done))
    assert uncounted(ask(owner).get(f"/documents/{number}").json) == page(bureau.done)
    assert no_document(ask(bureau.client).get(f"/documents/{number}"), number)


@requirement("R3", "A client can no longer change what is theirs to change.")
def test_a_client_changes_what_is_theirs_to_set(ask, bureau, word, rng):
    client, path = ask(bureau.client), f"/documents/{bureau.opened.id}"
    sent = {"title": word(), "reference": word(), "due_on": f"2031-0{rng.randrange(1, 10)}-17"}
    answer = client.patch(path, sent)
    assert (answer.status_code, uncounted(answer.json)) == (200, page(bureau.opened) | sent)
    assert uncounted(client.get(path).json) == page(bureau.opened) | sent


@requirement("R3", "A manager can no longer correct the words or the state, or loses something else by it.")
def test_a_manager_sets_words_and_state(ask, bureau, rng):
    manager, path = ask(bureau.manager), f"/documents/{bureau.opened.id}"
    sent = {"words": rng.randrange(9_000, 99_000), "state": "translated", "owner": bureau.client.login}
    answer = manager.patch(path, sent)
    assert (answer.status_code, uncounted(answer.json)) == (200, page(bureau.opened) | sent)


@requirement("R3", "Documents are no longer taken in as the README says.")
def test_documents_are_uploaded_by_clients_and_for_them(ask, bureau, upload, word, rng):
    answer = ask(bureau.client).post("/documents", upload | {"glossary": bureau.spare.id})
    assert (answer.status_code, answer.json) == (
        201,
        {
            **upload,
            "number": answer.json["number"],
            "owner": bureau.client.login,
            "words": 3,
            "state": "new",
            "due_on": None,
            "notes": 0,
            "translation": None,
            "glossary": glossary_on(bureau.spare),
        },
    )
    more = {"owner": bureau.other.login, "words": rng.randrange(5, 900), "state": "in work", "reference": word()}
    entered = ask(bureau.manager).post("/documents", upload | more)
    assert (entered.status_code, entered.json | more) == (201, entered.json)
    assert refused(ask(bureau.manager).post("/documents", upload | {"reference": word()}))
    assert ask(bureau.other).get(entered.headers["Location"]).json == entered.json

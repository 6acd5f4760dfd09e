"""No other answer tells of somebody else's documents."""

from __future__ import annotations

from shown import is_error, page, uncounted

from mendbox.testing import requirement


@requirement("R6", "A reference that only another client has used is refused.")
def test_a_reference_is_free_where_another_client_has_it(ask, bureau, upload):
    client, path = ask(bureau.client), f"/documents/{bureau.opened.id}"
    sent = upload | {"reference": bureau.foreign.reference}
    answer = client.post("/documents", sent)
    assert (answer.status_code, answer.json["reference"]) == (201, bureau.foreign.reference)
    assert is_error(client.post("/documents", sent), 409, "reference_taken")
    entered = ask(bureau.manager).post("/documents", sent | {"owner": bureau.newcomer.login})
    assert (entered.status_code, entered.json["reference"]) == (201, bureau.foreign.reference)
    bureau.opened.reference = bureau.again.reference
    assert uncounted(client.patch(path, {"reference": bureau.again.reference}).json) == page(bureau.opened)


@requirement(
    "R6", "A document is handed over to a client who has its reference already, or that is not answered with 409."
)
def test_a_document_is_not_handed_over_to_its_references_owner(ask, bureau, word):
    manager, path = ask(bureau.manager), f"/documents/{bureau.plain.id}"
    assert is_error(manager.patch(path, {"title": word(), "owner": bureau.other.login}), 409, "reference_taken")
    assert uncounted(ask(bureau.client).get(path).json) == page(bureau.plain)
    sent = {"owner": bureau.other.login, "reference": bureau.plain.reference}
    assert is_error(manager.patch(path, sent), 409, "reference_taken")
    sent = {"owner": bureau.other.login, "reference": word()}
    handed = manager.patch(path, sent).json
    assert handed | sent | {"text": bureau.plain.text} == handed


@requirement("R6", "Asking for an owner's documents tells whether there is someone of that name.")
def test_an_owner_of_whom_one_sees_nothing_is_like_nobody(ask, bureau, word):
    for person, login in ((bureau.client, bureau.other.login), (bureau.manager, word())):
        answer = ask(person).get(f"/documents?owner={login}")
        assert (answer.status_code, answer.json) == (200, {"documents": [], "page": 1, "pages": 0, "total": 0})
    assert ask(bureau.client).get(f"/documents?owner={word()}").json["total"] == 0
    shown = ask(bureau.translator).get(f"/documents?owner={bureau.other.login}").json
    assert [each["number"] for each in shown["documents"]] == sorted([bureau.again.id, bureau.revised.id])
    assert shown["total"] == 2


@requirement(
    "R6", "A client uses a reference twice, or can no longer keep one; or an owner's documents are no longer found."
)
def test_a_client_uses_a_reference_once(ask, bureau, upload):
    client, path = ask(bureau.client), f"/documents/{bureau.done.id}"
    assert is_error(client.patch(path, {"reference": bureau.opened.reference}), 409, "reference_taken")
    sent = upload | {"reference": bureau.done.reference}
    assert is_error(client.post("/documents", sent), 409, "reference_taken")
    manager = ask(bureau.manager)
    assert is_error(manager.post("/documents", sent | {"owner": bureau.client.login}), 409, "reference_taken")
    assert is_error(manager.patch(path, {"reference": bureau.opened.reference}), 409, "reference_taken")
    assert uncounted(client.patch(path, {"reference": bureau.done.reference}).json) == page(bureau.done)
    shown = manager.get(f"/documents?owner={bureau.client.login}").json["documents"]
    assert {each["owner"] for each in shown} == {bureau.client.login}
    assert bureau.plain.id in {each["number"] for each in shown}

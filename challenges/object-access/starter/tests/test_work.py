def test_a_document_is_given_translated_and_taken_away(as_user):
    manager, translator = as_user("ward"), as_user("odd")
    assert manager.post("/documents/3/assignments", json={"translator": "odd"}).status_code == 201
    assert manager.post("/documents/3/assignments", json={"translator": "odd"}).status_code == 409

    answer = translator.put("/documents/3/translation", json={"text": "Bread, again."})
    assert (answer.status_code, answer.json["state"]) == (200, "translated")
    assert as_user("mill").get("/documents/3").json["translation"] == "Bread, again."

    assert manager.delete("/documents/3/assignments/odd").status_code == 204
    assert manager.delete("/documents/3/assignments/odd").status_code == 404


def test_notes_are_written_read_and_removed(as_user):
    client = as_user("mill")
    note = client.post("/documents/4/notes", json={"text": "Thank you."})

    assert (note.status_code, note.json["author"], note.json["internal"]) == (201, "mill", False)
    assert client.get(f"/documents/4/notes/{note.json['number']}").json == note.json
    assert [each["text"] for each in client.get("/documents/4/notes").json["notes"]] == [
        "Four languages next year?",
        "Thank you.",
    ]
    assert client.delete(f"/documents/4/notes/{note.json['number']}").status_code == 204


def test_the_bureau_writes_internal_notes(as_user):
    note = as_user("ines").post("/documents/1/notes", json={"text": "Asked.", "internal": True})

    assert (note.status_code, note.json["internal"]) == (201, True)
    assert as_user("quay").delete(f"/documents/1/notes/{note.json['number']}").status_code in (403, 404)


def test_a_client_lists_glossaries(as_user):
    (glossary,) = as_user("quay").get("/glossaries").json["glossaries"]

    assert glossary == {
        "number": 1,
        "owner": "quay",
        "name": "Ships",
        "terms": {"Ladung": "cargo", "Reeder": "shipowner"},
        "documents": 1,
    }


def test_a_manager_sees_figures(as_user):
    answer = as_user("ward").get("/figures").json

    assert answer["documents"] == 4
    assert answer["states"] == {"in work": 2, "new": 1, "translated": 1}
    assert answer["languages"] == {"de-en": 2, "es-en": 2}
    assert answer["notes"] == 3

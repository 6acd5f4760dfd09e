def test_without_the_gateway_there_is_nothing(app):
    answer = app.test_client().get("/documents")

    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "unauthorized"


def test_everyone_lists_documents_by_number(as_user):
    for login, numbers in (("quay", [1, 2]), ("mill", [3, 4]), ("ward", [1, 2, 3, 4])):
        answer = as_user(login).get("/documents").json
        assert [document["number"] for document in answer["documents"]] == numbers


def test_a_client_reads_a_document(as_user):
    assert as_user("mill").get("/documents/3").json == {
        "number": 3,
        "owner": "mill",
        "reference": "bread",
        "title": "Bread for the new season",
        "source": "es",
        "target": "en",
        "words": 10,
        "state": "new",
        "due_on": None,
        "notes": 0,
        "text": "Bread for the new season: the whole of the text.",
        "translation": None,
        "glossary": {"number": 2, "name": "Recipes", "terms": {"harina de fuerza": "strong flour"}},
    }


def test_a_document_that_does_not_exist(as_user):
    answer = as_user("quay").get("/documents/999")

    assert answer.status_code == 404
    assert answer.json == {"error": {"code": "document_not_found", "message": "There is no document 999."}}


UPLOAD = {"reference": "Q-3", "title": "Bill of lading", "source": "de", "target": "en", "text": "Zwei Kisten Tee."}


def test_a_client_uploads_a_document(as_user):
    answer = as_user("quay").post("/documents", json=UPLOAD)

    assert answer.status_code == 201
    assert (answer.json["owner"], answer.json["state"], answer.json["words"]) == ("quay", "new", 3)
    assert as_user("quay").get(answer.headers["Location"]).json == answer.json


def test_a_manager_uploads_for_a_client(as_user):
    answer = as_user("ward").post("/documents", json=UPLOAD | {"owner": "mill", "words": 5})

    assert (answer.status_code, answer.json["owner"], answer.json["words"]) == (201, "mill", 5)


def test_a_reference_is_used_once(as_user):
    answer = as_user("quay").post("/documents", json=UPLOAD | {"reference": "Q-1"})

    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "reference_taken"


def test_a_client_changes_a_document(as_user):
    answer = as_user("quay").patch("/documents/2", json={"title": "Crew", "due_on": "2026-05-01"})

    assert (answer.status_code, answer.json["title"], answer.json["due_on"]) == (200, "Crew", "2026-05-01")


def test_a_manager_corrects_the_words(as_user):
    assert as_user("ward").patch("/documents/2", json={"words": 900}).json["words"] == 900


def test_a_client_removes_and_archives_documents(as_user):
    assert as_user("mill").delete("/documents/3").status_code == 204
    assert as_user("mill").post("/documents/archive", json={"documents": [4, 999]}).json == {"archived": [4]}
    assert as_user("mill").get("/documents/4").json["state"] == "archived"


def test_a_translator_changes_nothing(as_user):
    answer = as_user("ines").patch("/documents/1", json={"title": "Mine"})

    assert answer.status_code == 403
    assert answer.json["error"]["code"] == "forbidden"

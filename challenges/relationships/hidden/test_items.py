"""R3: objects that are removed, and what else may go without them."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R3", "An object with photos, reports, labels and keywords does not go with them, or something else does.")
def test_an_object_goes_with_all_that_is_its_own(client, hall, register, agrees):
    assert client.delete(f"/items/{hall.rich}").status_code == 204

    left = register.without(items=[hall.rich])
    agrees(left, items=[hall.plain, hall.shared], exhibitions=[hall.main, hall.running])
    assert client.get(f"/items/{hall.rich}").status_code == 404
    assert client.get("/cases").json == {"cases": left.cases()}
    assert client.get(f"/lenders/{hall.lender}").json == left.lender(hall.lender)


@requirement("R3", "When an object without photos is removed, other objects lose a keyword, or a keyword is gone.")
def test_keywords_stay(client, hall, register, agrees):
    assert client.delete(f"/items/{hall.plain}").status_code == 204

    left = register.without(items=[hall.plain])
    rare = register.find("keywords", hall.rare)["word"]
    assert {"word": rare, "items": 0} in client.get("/keywords").json["keywords"]
    agrees(left, items=[hall.rich, hall.shared], exhibitions=[hall.main])


@requirement("R3", "A new object comes with reports, photos, labels or keywords of one that was removed.")
def test_a_new_object_has_nothing_of_a_removed_one(client, hall, register, agrees, word):
    latest = register.brief(hall.latest)
    for _ in range(2):
        assert client.delete(f"/items/{latest['id']}").status_code == 204
        sent = {"number": word(), "title": word()}
        answer = client.post("/items", json=sent)
        empty = {"lender": None, "case": None, "keywords": [], "labels": [], "photos": [], "reports": []}
        assert (answer.status_code, answer.json) == (201, sent | empty | {"id": answer.json["id"]})
        assert client.get(f"/items/{answer.json['id']}").json == answer.json
        latest = answer.json
        report = client.post(f"/items/{latest['id']}/reports", json={"text": word()})
        assert report.status_code == 201
    assert client.delete(f"/items/{latest['id']}").status_code == 204
    agrees(register.without(items=[hall.latest]))


@requirement("R3", "When all objects are removed, one after the other, parts of them are left, or more is gone.")
def test_all_objects_go(client, hall, register, agrees, rng):
    for number in rng.sample(hall.items, len(hall.items)):
        assert client.delete(f"/items/{number}").status_code == 204

    left = register.without(items=hall.items)
    agrees(left, exhibitions=[hall.main])
    assert client.get("/cases").json == {"cases": left.cases()}
    assert client.get(f"/lenders/{hall.lender}").json == left.lender(hall.lender)


@requirement("R3", "An object that has nothing of its own is not removed, or something else is.")
def test_an_object_that_has_nothing_goes(client, hall, register, agrees, word):
    new = client.post("/items", json={"number": word(), "title": word()}).json
    assert client.get(f"/items/{new['id']}").json == new

    assert client.delete(f"/items/{new['id']}").status_code == 204
    unknown = client.delete(f"/items/{new['id']}")

    assert (unknown.status_code, unknown.json["error"]["code"]) == (404, "unknown_item")
    agrees(register, items=[hall.rich])


@requirement("R3", "When a case is removed, what stood in it is not in the store.")
def test_a_case_goes_and_its_contents_stay(client, hall, register, agrees):
    for case in hall.cases[:2]:
        assert client.delete(f"/cases/{case}").status_code == 204
        register = register.without(cases=[case]).changed("items", {"case_id": case}, case_id=None)

    agrees(register, items=[hall.rich, hall.lent, hall.plain])
    assert client.get("/cases").json == {"cases": register.cases()}


@requirement("R3", "When a keyword is removed, or taken off an object, more than that is gone, or less.")
def test_a_keyword_goes_and_its_objects_stay(client, hall, register, agrees, word):
    tags = [link["keyword_id"] for link in register.of("item_keywords", item_id=hall.rich)]
    words = [register.find("keywords", tag)["word"] for tag in tags]
    assert client.delete(f"/keywords/{words[0]}").status_code == 204
    left = register.without(keywords=[tags[0]])

    answer = client.patch(f"/items/{hall.rich}", json={"keywords": words[2:]})

    left.rows["item_keywords"].remove({"item_id": hall.rich, "keyword_id": tags[1]})
    assert (answer.status_code, answer.json) == (200, left.item(hall.rich))
    agrees(left, items=[hall.plain, hall.shared, hall.lent])

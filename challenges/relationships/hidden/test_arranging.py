"""R2: exhibitions that are arranged anew."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement


@pytest.fixture
def arrange(client, hall, word):
    """Shows these objects in an exhibition, in this order, with new texts. Gives the answer and the texts by object."""

    def arrange(exhibition, items):
        texts = {item: word() for item in items}
        sent = {"labels": [{"item": item, "text": text} for item, text in texts.items()]}
        return client.put(f"/exhibitions/{exhibition}/labels", json=sent), texts

    return arrange


def after(register, exhibition, texts, *, new=None):
    """The register with only these objects in the exhibition, in this order. `new`: ids of labels made meanwhile."""
    old = register.of("labels", exhibition_id=exhibition)
    left = register.without(labels=[label["id"] for label in old if label["item_id"] not in texts])
    for place, (item, text) in enumerate(texts.items(), start=1):
        where = {"exhibition_id": exhibition, "item_id": item}
        if left.of("labels", **where):
            left = left.changed("labels", where, text=text, position=place)
        else:
            assert new is not None
            left.rows["labels"].append(where | {"id": new[item], "text": text, "position": place})
    return left


@requirement("R2", "An object without photos that was taken out of an exhibition has changed, or its label is there.")
def test_an_object_without_photos_is_taken_out(hall, register, agrees, arrange):
    items = [label["item_id"] for label in register.of("labels", exhibition_id=hall.main)]
    answer, texts = arrange(hall.main, [item for item in items if item != hall.plain])

    left = after(register, hall.main, texts)
    assert (answer.status_code, answer.json) == (200, left.exhibition(hall.main))
    agrees(left, items=[hall.plain], exhibitions=[hall.main])


@requirement("R2", "An object with photos that was taken out of an exhibition is not as it was, or its label is there.")
def test_an_object_with_photos_is_taken_out(hall, register, agrees, arrange):
    items = [label["item_id"] for label in register.of("labels", exhibition_id=hall.running)]
    answer, texts = arrange(hall.running, [item for item in items if item != hall.rich])

    left = after(register, hall.running, texts)
    assert (answer.status_code, answer.json) == (200, left.exhibition(hall.running))
    agrees(left, items=[hall.rich], exhibitions=[hall.main])


@requirement("R2", "After an exhibition was cleared there are labels left, or objects gone.")
def test_all_objects_are_taken_out(hall, register, agrees, arrange):
    for exhibition in (hall.main, hall.last):
        answer, _ = arrange(exhibition, [])
        assert (answer.status_code, answer.json["labels"]) == (200, [])

    left = after(after(register, hall.main, {}), hall.last, {})
    agrees(left, items=[hall.plain, hall.shared], exhibitions=[hall.last])


@requirement("R2", "What was taken out of an exhibition and what is new in it are not both right.")
def test_objects_are_exchanged_and_come_back(hall, register, agrees, arrange):
    answer, texts = arrange(hall.past, [hall.plain, hall.latest])
    new = {label["item"]["id"]: label["id"] for label in answer.json["labels"]}
    left = after(register, hall.past, texts, new=new)
    assert (answer.status_code, answer.json) == (200, left.exhibition(hall.past))

    answer, texts = arrange(hall.past, [hall.shared, hall.latest])
    new = {label["item"]["id"]: label["id"] for label in answer.json["labels"]}
    left = after(left, hall.past, texts, new=new)
    assert (answer.status_code, answer.json) == (200, left.exhibition(hall.past))
    agrees(left, items=[hall.plain, hall.shared])


@requirement("R2", "Labels that stay in an exhibition lose their number, their order or their text.")
def test_labels_that_stay_keep_their_ids(hall, register, agrees, arrange):
    labels = sorted(register.of("labels", exhibition_id=hall.main), key=lambda label: -label["position"])
    items = [label["item_id"] for label in labels]
    answer, texts = arrange(hall.main, [items[0], hall.latest, *items[1:]])

    ids = {label["item"]["id"]: label["id"] for label in answer.json["labels"]}
    assert answer.status_code == 200
    assert list(ids) == list(texts)
    assert {item: ids[item] for item in items} == {label["item_id"]: label["id"] for label in labels}
    agrees(after(register, hall.main, texts, new=ids), items=[hall.latest], exhibitions=[hall.main])


@requirement("R2", "An arrangement that makes no sense is no longer refused, or is half done.")
def test_a_refused_arrangement_changes_nothing(client, hall, register, agrees, arrange, word):
    unknown, _ = arrange(hall.main, [hall.latest, 90_000])
    twice = [{"item": hall.plain, "text": word()}, {"item": hall.plain, "text": word()}]
    double = client.put(f"/exhibitions/{hall.main}/labels", json={"labels": twice})

    for answer in (unknown, double):
        assert (answer.status_code, answer.json["error"]["code"]) == (400, "invalid")
    agrees(register, exhibitions=[hall.main])

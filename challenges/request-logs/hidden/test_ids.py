"""R2: an answer tells its request's id."""

from __future__ import annotations

import re

from mendbox.testing import requirement

CHARACTERS = "0123456789abcdef"
FORM = re.compile("[0-9a-f]{16,64}")
HEADER = "X-Request-ID"


def id_of(answer):
    (given,) = answer.headers.getlist(HEADER)
    return given


@requirement("R2", "An id that a caller sends in the form of the brief is not the one in the answer.")
def test_a_callers_id_is_taken(ask, new_id, new_word, rng):
    of_all = "".join(rng.sample(CHARACTERS, len(CHARACTERS)))
    for sent in (of_all, new_id(16), new_id(64), new_id(rng.randrange(17, 64)), of_all * 4):
        answer = ask("GET", "/health", query_string={"w": new_word()}, headers={HEADER: sent})
        assert (answer.json, id_of(answer)) == ({"ok": True}, sent)


@requirement("R2", "An id that has not the form of the brief is taken, or its request has none.")
def test_an_id_of_another_form_is_not_taken(ask, new_id, new_word, rng):
    sent = [
        *(new_id(15), new_id(65), new_id(500), ""),
        *(new_id(20) + "A" * 12, new_id(20) + rng.choice("ghxyz"), f"{new_word()}-{new_word()}"),
        # What Python takes for a number in hexadecimal digits.
        *(f"0x{new_id()}", f"{new_id(16)}_{new_id(15)}", f"-{new_id()}"),
        *(f"{new_id()}, {new_id()}", f"{new_id(16)}-{new_id(16)}", f'{new_id()}"', f"{new_id(16)} {new_id()}"),
    ]
    made = []
    for each in sent:
        answer = ask("GET", "/health", query_string={"w": new_word()}, headers={HEADER: each})
        assert answer.status_code == 200
        made.append(id_of(answer))
    assert all(FORM.fullmatch(each) for each in made)
    assert len({*made, *sent}) == len(made) + len(sent)


@requirement("R2", "A request without an id is given none, or one that another has.")
def test_a_request_without_an_id_is_given_one(ask, new_word, new_id):
    made = []
    for _ in range(4):
        made.append(id_of(ask("GET", "/health", query_string={"w": new_word()})))
        answer = ask("GET", "/health", query_string={"w": new_word()}, headers={HEADER: new_id()})
        made.append(id_of(answer))
    assert all(FORM.fullmatch(each) for each in made)
    assert len(set(made)) == len(made)


@requirement("R2", "An answer that is no success has not the id of its request.")
def test_every_answer_has_its_id(ask, new_id):
    for _, _, status, make in ask.kinds().values():
        sent = new_id()
        answer = make(headers={HEADER: sent})
        assert (answer.status_code, id_of(answer)) == (status, sent)
        assert FORM.fullmatch(id_of(make()))


@requirement("R2", "The answer to a request that a fault has ended has not its id.")
def test_a_fault_has_an_id(ask, lose, new_id, new_word):
    lose("prescriptions")
    ids = [new_id(), new_id()]
    answers = [
        ask("POST", "/desk/reminders", query_string={"w": new_word()}, headers={HEADER: ids[0]}),
        ask.prescribe_anew(query_string={"w": new_word()}, headers={HEADER: ids[1]}),
    ]
    assert [id_of(answer) for answer in answers] == ids
    for answer in answers:
        assert (answer.status_code, answer.json) == (500, {"error": "internal_server_error"})


@requirement("R2", "An answer is another one than before.")
def test_answers_are_what_they_were(ask, pharmacy, new_id, new_word):
    for sent in (new_id(), new_word(), None):
        headers = {HEADER: sent} if sent else {}
        patient, prescription = pharmacy.patients[0], pharmacy.prescriptions[0]
        answer = ask.api("GET", f"/api/patients/{patient.nhn}/prescriptions", headers=headers)
        kept = {name: prescription[name] for name in ("id", "medicine", "ean", "packs", "repeats_left")}
        assert (answer.status_code, answer.json) == (200, {"prescriptions": [kept | {"nhn": patient.grouped}]})
        answer = ask("GET", f"/{new_word()}", headers=headers)
        assert (answer.status_code, answer.json) == (404, {"error": "not_found"})

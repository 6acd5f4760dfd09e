"""Text from candidates' apps must not keep a grade from being recorded, on any database."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import BadToken
from store.records import NewToken, Role
from store.states import GradingState
from store.store import Store
from store.text import clean_json, clean_seconds, clean_text, dump_json
from tests.store.examples import add, claimed, make_grade, make_test

HOSTILE = "nul \0 surrogates \ud800\udfff\ud83d end \x1b[31m \u202e \U0001f9ea ' \" ; -- \\"
CLEAN = "nul \ufffd surrogates \ufffd\ufffd\ufffd end \x1b[31m \u202e \U0001f9ea ' \" ; -- \\"


def test_hostile_text_in_a_grade_is_recorded_cleaned(store: Store) -> None:
    claim = claimed(store, add(store).id)
    test = make_test(1, id=HOSTILE, message=HOSTILE, detail=HOSTILE, app_output=HOSTILE, duration_s=math.nan)
    grade = make_grade(claim, [test]).model_copy(update={"outcome_message": HOSTILE})
    assert store.claims.record_grade(claim, grade)
    stored = store.gradings.grade(claim.grading_id)
    assert stored is not None
    assert stored.outcome_message == CLEAN
    (found,) = stored.tests
    assert (found.id, found.message, found.detail, found.app_output, found.duration_s) == (CLEAN,) * 4 + (0.0,)


def test_hostile_text_in_events_and_errors_is_stored_cleaned(store: Store) -> None:
    claim = claimed(store, add(store).id, HOSTILE)
    assert store.events.append(claim, [("test", {HOSTILE: [HOSTILE, math.inf, {"a": HOSTILE}]})])
    assert store.events.since(claim.grading_id)[-1].data == {CLEAN: [CLEAN, None, {"a": CLEAN}]}
    assert store.claims.record_error(claim, HOSTILE) is GradingState.QUEUED
    assert store.gradings.get(claim.grading_id).error_message == CLEAN


@pytest.mark.parametrize("bad", ["\0", "a\nb", "\x1b[31m", "a\u2028b", "\ud800", "a\u202eb", "a\x85b", "x" * 201])
def test_a_token_has_a_name_and_a_reference_of_one_line(store: Store, bad: str) -> None:
    for new in (NewToken(bad, Role.CANDIDATE), NewToken("a", Role.CANDIDATE, candidate=bad)):
        with pytest.raises(BadToken, match="one line"):
            store.tokens.create(new)
    assert store.tokens.page().items == ()


def test_names_of_every_script_are_taken(store: Store) -> None:
    for name in ("Zoë Ångström", "علی\u200cرضا", "李小龍", "👩\u200d💻", "x" * 200):
        assert store.tokens.create(NewToken(name, Role.CANDIDATE)).record.name == name


@settings(deadline=None)
@given(st.text(st.characters()) | st.text(st.characters(categories=["Cs", "Cc", "Lu"])))
def test_clean_text_has_a_utf8_form_without_nul_and_clean_text_stays(text: str) -> None:
    cleaned = clean_text(text)
    assert b"\0" not in cleaned.encode()
    assert len(cleaned) == len(text)
    assert clean_text(cleaned) == cleaned


def test_numbers_that_json_has_not_become_null_and_seconds_nought() -> None:
    assert dump_json({"a": [math.nan, math.inf, 1.5, (2, True)]}) == '{"a":[null,null,1.5,[2,true]]}'
    assert [clean_seconds(value) for value in (math.nan, -math.inf, 0.25)] == [0.0, 0.0, 0.25]


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        dump_json({"a": b"bytes"})
    assert clean_json({1: "a"}) == {"1": "a"}

"""What a comparison of all submissions reads."""

from __future__ import annotations

from sqlalchemy import text

from runner.submissions.model import Submission
from store.records import NewToken, Origin, Role, SourceKind
from store.store import Store
from tests.store.conftest import Clock


def _add(store: Store, clock: Clock, files: dict[str, bytes], token: str | None, challenge: str = "one") -> str:
    clock.advance(1)
    origin = Origin(challenge, "sha256:c", SourceKind.ARCHIVE, token)
    return store.submissions.add(Submission(files), origin)[0].id


def _token(store: Store, role: Role = Role.CANDIDATE, candidate: str | None = None) -> str:
    challenges = ("one",) if role is Role.CANDIDATE else ()
    return store.tokens.create(NewToken("name", role, challenges, candidate)).record.id


def test_a_candidates_submissions_have_one_owner_and_all_others_one_each(store: Store, clock: Clock) -> None:
    first, second, third = (_token(store, candidate=name) for name in ("A-17", "A-17", None))
    recruiter = _token(store, Role.RECRUITER)
    for token in (first, second, third, third, recruiter, recruiter, None):
        _add(store, clock, {"a.py": b"x"}, token)

    owners = [one.owner for one in store.comparison.submissions("one", most=100)]

    assert owners[:4] == ["candidate A-17", "candidate A-17", f"token {third}", f"token {third}"]
    assert len(set(owners[4:])) == 3


def test_the_newest_of_one_challenge_are_given_the_oldest_first(store: Store, clock: Clock) -> None:
    made = [_add(store, clock, {"a.py": bytes([65 + n])}, None) for n in range(4)]
    _add(store, clock, {"a.py": b"x"}, None, challenge="another")

    assert [one.id for one in store.comparison.submissions("one", most=3)] == made[1:]


def test_contents_come_back_all_of_them(store: Store, clock: Clock) -> None:
    made = {_add(store, clock, {"a.py": str(n).encode()}, None): str(n).encode() for n in range(120)}

    found = dict(store.comparison.contents(list(made)))

    assert {identity: dict(one.files)["a.py"] for identity, one in found.items() if one is not None} == made


def test_a_damaged_content_is_none_and_the_others_are_there(store: Store, clock: Clock) -> None:
    bad, good = (_add(store, clock, {"a.py": data}, None) for data in (b"1", b"2"))
    with store.engine.begin() as connection:
        connection.execute(
            text("UPDATE submissions SET content = :rubbish WHERE id = :id"), {"rubbish": b"MBX1?", "id": bad}
        )

    found = dict(store.comparison.contents([bad, good]))

    assert found[bad] is None
    assert found[good] is not None

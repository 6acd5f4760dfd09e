"""The role of API and workers: all that they do works with it, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from runner.assessments.rubric import RUBRIC
from store import rights
from store.errors import StoreFault
from store.invited import NewInvitation
from store.records import DraftChange, NewToken, Role
from store.reviewed import Explanation, NoteKind, Place, Side
from store.rights import NoRoles
from store.store import Store
from tests.store.examples import add, claimed, make_grade, make_test
from tests.store.test_invitations import AREAS, ASSESSMENT, SLUGS
from tests.support.postgres import SUPERUSER, shared_server

ROLE = 'the "parts"'
PASSWORD = "it's a secret"


@pytest.fixture
def parts() -> Iterator[Store]:
    """The store as API and workers have it."""
    name = shared_server().create_database()
    url = shared_server().url(name)
    with Store.open(url) as owner:
        owner.upgrade()
        rights.grant(owner.engine, ROLE, PASSWORD)
        rights.grant(owner.engine, ROLE)
        with Store.open(url.replace(f"//{SUPERUSER}@", "//the%20%22parts%22@")) as store:
            yield store
        with owner.engine.begin() as connection:
            connection.execute(text('DROP OWNED BY "the ""parts"""'))
            connection.execute(text('DROP ROLE "the ""parts"""'))
    shared_server().drop_database(name)


def test_all_that_the_parts_do_works(parts: Store) -> None:
    parts.upgrade()  # no change to what is current
    parts.check()
    token = parts.tokens.create(NewToken("x", Role.ADMIN))
    assert parts.tokens.find(token.text) is not None
    parts.tokens.revoke(token.record.id)
    claim = claimed(parts, add(parts).id)
    assert parts.claims.heartbeat(claim)
    assert parts.claims.record_grade(claim, make_grade(claim, [make_test()]))
    assert parts.gradings.regrade(claim.submission_id).attempt == 2
    composed = parts.assessments.add(ASSESSMENT, author="x")
    parts.assessments.archive(composed.id, actor="x")
    invitation = NewInvitation("backend", ASSESSMENT, AREAS, 90)
    invited = parts.tokens.create(NewToken("y", Role.CANDIDATE, SLUGS, invitation=invitation)).record
    assert parts.tokens.find(parts.tokens.renew(invited.id).text) is not None
    parts.invitations.begin(invited.id)
    parts.invitations.allow(invited.id, 10, "agreed", actor="x")
    parts.invitations.finish(invited.id)
    parts.invitations.reopen(invited.id, "a mistake", actor="x")
    for cause in ("a", "b"):
        parts.explanations.save(invited.id, "late-fees", Explanation(cause))
    parts.reviews.add(invited.id, "x", {criterion.name: 2 for criterion in RUBRIC}, "")
    parts.reviews.note(invited.id, "x", NoteKind.HOLD, "later")
    remark = parts.comments.add(add(parts).submission_id, Place("a.py", Side.AFTER, 1), "x", author="x")
    submission = parts.submissions.page().items[0].submission.id
    parts.comments.edit(submission, remark, "y", author="x")
    parts.comments.delete(submission, remark, author="x")
    parts.exchanges.add_starter("sha256:c", "late-fees", {}, worker="w")
    shared = parts.shares.add(invited.id, 7, with_name=False, author="x")
    parts.shares.end(invited.id, shared.record.id, actor="x")
    for number, draft in enumerate(("one", None)):
        parts.drafts.save(token.record.id, "greeter", DraftChange("app.py", draft, number))
    assert parts.erasure.erase(invited.id, "asked", actor="x") == 0
    user = parts.users.add("ada", Role.ADMIN, None)
    changed = parts.codes.use("ada", parts.codes.issue("ada").text, "correct horse battery staple")
    assert changed is not None
    opened = parts.sessions.begin(changed, timedelta(hours=1))
    assert opened is not None
    assert parts.sessions.end_others(user.id, "", None) == 1
    parts.users.disable("ada")
    parts.users.enable("ada")
    assert len(parts.audit.page().items) > 8


@pytest.mark.parametrize(
    "statement",
    [
        *("UPDATE audit SET actor = 'nobody'", "DELETE FROM audit", "TRUNCATE audit", "DROP TABLE audit"),
        *("DELETE FROM gradings", "DELETE FROM submissions", "UPDATE submissions SET challenge = 'x'"),
        *(
            "UPDATE tokens SET role = 'admin'",
            "UPDATE invitations SET email = 'x@y.example'",
            "UPDATE line_comments SET author = 'x'",
            "UPDATE starter_exchanges SET challenge = 'x'",
            "DELETE FROM tokens",
            "UPDATE alembic_version SET version_num = 'x'",
        ),
        *(
            "CREATE TABLE x ()",
            "ALTER TABLE audit ADD COLUMN x int",
            "CREATE ROLE x",
        ),
        "SELECT setval(pg_get_serial_sequence('audit', 'id'), 1)",
    ],
)
def test_nothing_else_does(parts: Store, statement: str) -> None:
    parts.tokens.create(NewToken("x", Role.ADMIN))
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), parts.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_role_that_is_not_there_and_a_database_without_roles_are_refused(store: Store, backend: str) -> None:
    with pytest.raises(StoreFault if backend == "postgresql" else NoRoles):
        rights.grant(store.engine, "nobody at all")

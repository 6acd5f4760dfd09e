"""The role of API and workers: all that they do works with it, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from runner.assessments.rubric import RUBRIC
from store import rights
from store.errors import StoreFault
from store.identities import Proven
from store.invited import NewInvitation
from store.records import DraftChange, NewToken, Origin, Role, SourceKind, UserRecord
from store.regraded import NewRegrade
from store.reviewed import Explanation, NoteKind, Place, Side
from store.rights import NoRoles
from store.store import Store
from store.webhook_rules import Answer
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
    parts.webhooks.collect()
    parts.webhooks.test(actor="x")
    parts.reviews.note(invited.id, "x", NoteKind.HOLD, "later")
    parts.webhooks.collect()
    first, second = parts.webhooks.due()
    attempt = parts.webhooks.take(first)
    assert attempt is not None
    assert parts.webhooks.record(attempt, Answer(204)) is not None
    parts.webhooks.replay(first, actor="x")
    assert parts.webhooks.take(second) is not None
    assert parts.webhooks.forget_old() == 0
    asked = NewToken("z", Role.CANDIDATE, SLUGS, invitation=invitation)
    sent, _ = parts.partner.send(asked, "a" * 64, None, actor="x")
    parts.partner.told(sent.token_id)
    parts.tokens.revoke(sent.token_id)
    assert parts.partner.send(asked, "a" * 64, None, actor="x")[1] is not None
    sent = add(parts, origin=Origin("late-fees", "sha256:c", SourceKind.ARCHIVE, invited.id))
    first = claimed(parts, sent.id)
    assert parts.claims.record_grade(first, make_grade(first, [make_test()]))
    for end in (parts.regrades.drop, parts.regrades.apply):
        regrade = parts.regrades.begin(NewRegrade("late-fees", "sha256:c", "why"), actor="x")
        again = claimed(parts, parts.gradings.history(sent.submission_id)[0].id, max_tries=1)
        assert parts.claims.record_error(again, "the engine is away") is not None
        assert parts.regrades.retry(regrade.id, actor="x") == 1
        again = claimed(parts, parts.gradings.history(sent.submission_id)[0].id)
        assert parts.claims.record_grade(again, make_grade(again, [make_test()]))
        assert end(regrade.id, "looked at", actor="x").ended_by == "x"
    assert parts.erasure.erase(invited.id, "asked", actor="x") == 1
    user = parts.users.add("ada", Role.ADMIN, None)
    changed = parts.codes.use("ada", parts.codes.issue("ada").text, "correct horse battery staple")
    assert changed is not None
    opened = parts.sessions.begin(changed, timedelta(hours=1))
    assert opened is not None
    assert parts.sessions.end_others(user.id, "", None) == 1
    soon = datetime.now(UTC) + timedelta(days=1)
    own = parts.tokens.create(NewToken("mine", Role.ADMIN, expires_at=soon, owner=user.id))
    assert parts.tokens.find(own.text) is not None
    parts.users.disable("ada")
    assert parts.tokens.find(own.text) is None
    parts.users.enable("ada")
    arrived = parts.identities.arrive(Proven("https://id.example", "1", "b@example.org", Role.ADMIN), Role.RECRUITER)
    assert isinstance(arrived, UserRecord)
    parts.identities.unlink(arrived.account)
    assert len(parts.audit.page().items) > 8


@pytest.mark.parametrize(
    "statement",
    [
        *("UPDATE audit SET actor = 'nobody'", "DELETE FROM audit", "TRUNCATE audit", "DROP TABLE audit"),
        *("DELETE FROM gradings", "DELETE FROM submissions", "UPDATE submissions SET challenge = 'x'"),
        *(
            "UPDATE tokens SET role = 'admin'",
            "UPDATE tokens SET owner = NULL",
            "UPDATE tokens SET scope = 'all'",
            "UPDATE partner_tests SET application_url = 'https://evil.example'",
            "UPDATE invitations SET email = 'x@y.example'",
            "UPDATE regrades SET reason = 'x'",
            "UPDATE line_comments SET author = 'x'",
            "UPDATE starter_exchanges SET challenge = 'x'",
            "DELETE FROM tokens",
            "UPDATE webhook_deliveries SET token_id = NULL",
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

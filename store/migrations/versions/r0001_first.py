"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

# A migration says what the tables were at its time: it takes no types from `store.tables`, which go on changing.
ID = sa.String(32)
TIME = sa.DateTime(timezone=True)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=16)


def upgrade() -> None:
    """Make all tables."""
    _make_tokens()
    _make_submissions()
    _make_gradings()
    _make_what_gradings_leave()
    _make_audit()


def _make_tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", _words("role", "admin", "recruiter", "engineer", "candidate"), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("challenges", sa.JSON(), nullable=False),
        sa.Column("candidate", sa.Text()),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME),
        sa.Column("revoked_at", TIME),
        sa.Column("last_used_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("token_sha256", name="uq_tokens_token_sha256"),
    )
    op.create_index("ix_tokens_created_at_id", "tokens", ["created_at", "id"])


def _make_submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", ID, nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("challenge_digest", sa.Text(), nullable=False),
        sa.Column("submission_digest", sa.Text(), nullable=False),
        sa.Column("token_id", ID),
        sa.Column("source", _words("source", "archive", "patch", "directory", "api"), nullable=False),
        sa.Column("submitted_at", TIME, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_submissions_token_id"),
    )
    for first in ([], ["challenge"], ["token_id"]):
        columns = [*first, "submitted_at", "id"]
        op.create_index(f"ix_submissions_{'_'.join(columns)}", "submissions", columns)


def _make_gradings() -> None:
    op.create_table(
        "gradings",
        sa.Column("id", ID, nullable=False),
        sa.Column("submission_id", ID, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("reason", _words("reason", "submission", "regrade"), nullable=False),
        sa.Column("state", _words("state", "queued", "running", "graded", "error"), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("queued_at", TIME, nullable=False),
        sa.Column("started_at", TIME),
        sa.Column("finished_at", TIME),
        sa.Column("worker", sa.Text()),
        sa.Column("claim_token", ID),
        sa.Column("lease_until", TIME),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.Column("error_message", sa.Text()),
        sa.Column("score", sa.Integer()),
        sa.Column("verdict", sa.String(16)),
        sa.Column("outcome", sa.String(16)),
        sa.Column("grade", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_gradings"),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="fk_gradings_submission_id"),
        sa.UniqueConstraint("submission_id", "attempt", name="uq_gradings_submission_id_attempt"),
        sa.CheckConstraint("(state = 'graded') = (grade IS NOT NULL)", name=op.f("ck_gradings_graded_has_grade")),
        sa.CheckConstraint(
            "(state = 'running') = (claim_token IS NOT NULL)", name=op.f("ck_gradings_running_is_claimed")
        ),
    )
    columns = ["state", "priority", "queued_at", "id"]
    op.create_index(f"ix_gradings_{'_'.join(columns)}", "gradings", columns)


def _make_what_gradings_leave() -> None:
    op.create_table(
        "grading_tests",
        sa.Column("grading_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("test_id", sa.Text(), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("message", sa.Text()),
        sa.Column("detail", sa.Text()),
        sa.Column("app_output", sa.Text()),
        sa.PrimaryKeyConstraint("grading_id", "position", name="pk_grading_tests"),
        sa.ForeignKeyConstraint(["grading_id"], ["gradings.id"], name="fk_grading_tests_grading_id"),
    )
    op.create_table(
        "grading_events",
        sa.Column("grading_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("grading_id", "seq", name="pk_grading_events"),
        sa.ForeignKeyConstraint(["grading_id"], ["gradings.id"], name="fk_grading_events_grading_id"),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("object_kind", sa.String(32), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_object_kind_object_id_id", "audit", ["object_kind", "object_id", "id"])
    op.create_index("ix_audit_actor_id", "audit", ["actor", "id"])


def downgrade() -> None:
    """Drop all tables, with everything that they hold. What points to another table goes first."""
    for name in ("audit", "grading_events", "grading_tests", "gradings", "submissions", "tokens"):
        op.drop_table(name)

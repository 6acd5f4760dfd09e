"""Idempotency keys in a table of their own, where the database sees to it that each makes one submission."""

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None

ID = sa.String(32)


def upgrade() -> None:
    """Make the table. Keys sent before this version are forgotten: one that is sent again makes a new submission."""
    op.create_table(
        "idempotency_keys",
        sa.Column("token_id", ID, nullable=False),
        sa.Column("key_sha256", sa.String(64), nullable=False),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("submission_id", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_id", "key_sha256", name="pk_idempotency_keys"),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_idempotency_keys_token_id"),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name="fk_idempotency_keys_submission_id"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("idempotency_keys")

"""What candidates explain, how it is reviewed, what is noted and decided about them, and to whom it is shown."""

import sqlalchemy as sa
from alembic import op

revision = "r0009"
down_revision = "r0008"
branch_labels = None
depends_on = None

_ID = sa.String(32)
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Nobody has explained or reviewed anything so far."""
    op.create_table(
        "explanations",
        sa.Column("token_id", _ID, nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("outlook", sa.Text(), nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("token_id", "challenge", name="pk_explanations"),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_explanations_token_id_tokens"),
    )
    op.create_table(
        "reviews",
        sa.Column("token_id", _ID, nullable=False),
        sa.Column("reviewer", _ID, nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("token_id", "reviewer", name="pk_reviews"),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_reviews_token_id_tokens"),
    )
    op.create_table(
        "notes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("token_id", _ID, nullable=False),
        sa.Column("author", _ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_notes_token_id_tokens"),
    )
    op.create_index("ix_notes_token_id_at", "notes", ["token_id", "at"])
    op.create_table(
        "shares",
        sa.Column("id", _ID, nullable=False),
        sa.Column("token_id", _ID, nullable=False),
        sa.Column("digest", sa.String(140), nullable=False),
        sa.Column("author", _ID, nullable=False),
        sa.Column("with_name", sa.Boolean(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
        sa.UniqueConstraint("digest", name="uq_shares_digest"),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_shares_token_id_tokens"),
    )
    op.create_index("ix_shares_token_id", "shares", ["token_id"])


def downgrade() -> None:
    """What was written is gone."""
    for table in ("shares", "notes", "reviews", "explanations"):
        op.drop_table(table)

"""Assessments that recruiters compose, and who is invited to which."""

import sqlalchemy as sa
from alembic import op

revision = "r0008"
down_revision = "r0007"
branch_labels = None
depends_on = None

_ID = sa.String(32)
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Tokens that there are open no assessment: their challenges have no clock, as before."""
    op.create_table(
        "assessments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("assessment", sa.JSON(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("archived_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_assessments"),
    )
    op.create_index("ix_assessments_created_at_id", "assessments", ["created_at", "id"])
    op.create_table(
        "invitations",
        sa.Column("token_id", _ID, nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("assessment", sa.JSON(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("opens_at", _TIME, nullable=True),
        sa.Column("closes_at", _TIME, nullable=True),
        sa.Column("began_at", _TIME, nullable=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("token_id", name="pk_invitations"),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_invitations_token_id_tokens"),
    )
    op.create_index("ix_invitations_source_created_at_token_id", "invitations", ["source", "created_at", "token_id"])


def downgrade() -> None:
    """Their tokens stay, and have no clock any more."""
    op.drop_table("invitations")
    op.drop_table("assessments")

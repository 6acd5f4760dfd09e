"""What candidates work at in the browser and have not sent."""

import sqlalchemy as sa
from alembic import op

revision = "r0010"
down_revision = "r0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has a draft yet."""
    op.create_table(
        "drafts",
        sa.Column("token_id", sa.String(32), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_drafts_token_id"),
        sa.PrimaryKeyConstraint("token_id", "challenge", "path", name="pk_drafts"),
    )


def downgrade() -> None:
    """What was not sent is lost."""
    op.drop_table("drafts")

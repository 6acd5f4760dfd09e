"""Codes by which people choose a password."""

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "password_codes",
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("code_sha256", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_password_codes"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_password_codes_user_id"),
        sa.UniqueConstraint("code_sha256", name="uq_password_codes_code_sha256"),
    )


def downgrade() -> None:
    """Drop the table: codes that were not used yet have to be made anew."""
    op.drop_table("password_codes")

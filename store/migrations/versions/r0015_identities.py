"""Who users are at an OpenID provider, which of them have a password, and how a session was begun."""

import sqlalchemy as sa
from alembic import op

revision = "r0015"
down_revision = "r0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Everybody has a password so far, and every session began with one."""
    op.create_table(
        "user_identities",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_user_identities"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_user_identities_user_id"),
        sa.UniqueConstraint("user_id", "issuer", name="uq_user_identities_user_id_issuer"),
    )
    op.add_column("users", sa.Column("has_password", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("sessions", sa.Column("begun_by", sa.String(16), nullable=False, server_default="password"))


def downgrade() -> None:
    """Whoever came by a provider alone needs a code to choose a password by."""
    op.drop_column("sessions", "begun_by")
    op.drop_column("users", "has_password")
    op.drop_table("user_identities")

"""Tokens of people, tokens with a scope, and invitations that another system asked for."""

import sqlalchemy as sa
from alembic import op

revision = "r0016"
down_revision = "r0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tokens that there are belong to nobody with an account, and may do all that their role may."""
    op.add_column("tokens", sa.Column("owner", sa.String(32), nullable=True))
    op.add_column("tokens", sa.Column("scope", sa.String(16), nullable=False, server_default="all"))
    op.create_index("ix_tokens_owner", "tokens", ["owner"])
    op.create_table(
        "partner_tests",
        sa.Column("token_id", sa.String(32), nullable=False),
        sa.Column("key_sha256", sa.String(64), nullable=True),
        sa.Column("application_url", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_id", name="pk_partner_tests"),
        sa.UniqueConstraint("key_sha256", name="uq_partner_tests_key_sha256"),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], name="fk_partner_tests_token_id_tokens"),
    )


def downgrade() -> None:
    """Personal tokens and keys of a scope end for good: without a column that holds them to it they would be more."""
    op.drop_table("partner_tests")
    op.execute("UPDATE tokens SET revoked_at = CURRENT_TIMESTAMP WHERE revoked_at IS NULL AND scope <> 'all'")
    op.execute("UPDATE tokens SET revoked_at = CURRENT_TIMESTAMP WHERE revoked_at IS NULL AND owner IS NOT NULL")
    op.drop_index("ix_tokens_owner", "tokens")
    op.drop_column("tokens", "scope")
    op.drop_column("tokens", "owner")

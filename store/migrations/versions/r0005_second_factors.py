"""Second factors of accounts, and the codes that stand in for one."""

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("users", sa.Column("second_factor", sa.Text(), nullable=True))
    op.add_column("users", sa.Column("second_factor_step", sa.Integer(), nullable=True))
    op.add_column("users", sa.Column("second_factor_since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "recovery_codes",
        sa.Column("code_sha256", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("code_sha256", name="pk_recovery_codes"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_recovery_codes_user_id"),
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])


def downgrade() -> None:
    """Drop them: second factors have to be set up anew."""
    op.drop_table("recovery_codes")
    op.drop_column("users", "second_factor_since")
    op.drop_column("users", "second_factor_step")
    op.drop_column("users", "second_factor")

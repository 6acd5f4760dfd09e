"""Which variant of a challenge a candidate has, and a submission is for."""

import sqlalchemy as sa
from alembic import op

revision = "r0007"
down_revision = "r0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has a variant, and no submission is for one."""
    op.create_table(
        "variants",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "challenge", name="pk_variants"),
    )
    column = sa.Column("variant", sa.Text(), nullable=True)
    if op.get_bind().dialect.name != "sqlite":
        op.add_column("submissions", column)
        return
    # Before the content, which listings need then not step over.
    with op.batch_alter_table("submissions", recreate="always") as batch:
        batch.add_column(column, insert_after="challenge_digest")


def downgrade() -> None:
    """Submissions stay, and what their candidates had before them is forgotten."""
    with op.batch_alter_table("submissions") as batch:
        batch.drop_column("variant")
    op.drop_table("variants")

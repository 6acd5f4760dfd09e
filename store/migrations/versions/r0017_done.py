"""A candidate says that they are done, and may be let in again; what apps answered to hidden tests is kept."""

import sqlalchemy as sa
from alembic import op

revision = "r0017"
down_revision = "r0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has said so yet, and of gradings that there are nothing was kept."""
    op.add_column("invitations", sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitations", sa.Column("breaks", sa.JSON(), nullable=True))
    op.add_column("grading_tests", sa.Column("exchange", sa.JSON(), nullable=True))
    op.create_table(
        "starter_exchanges",
        sa.Column("challenge_digest", sa.String(140), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("exchanges", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("challenge_digest", name="pk_starter_exchanges"),
    )


def downgrade() -> None:
    """Everybody goes on, and what their time stood still for between being done and going on counts as used."""
    op.drop_table("starter_exchanges")
    op.drop_column("grading_tests", "exchange")
    op.drop_column("invitations", "breaks")
    op.drop_column("invitations", "done_at")

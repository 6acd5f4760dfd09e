"""A candidate says that they are done, and may be let in again; what apps answered to hidden tests, and
what assessors say of single lines, is kept."""

import sqlalchemy as sa
from alembic import op

revision = "r0017"
down_revision = "r0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has said so yet, and of gradings that there are nothing was kept."""
    op.add_column("invitations", sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("invitations", sa.Column("breaks", sa.JSON(), nullable=True))
    op.add_column("grading_tests", sa.Column("exchange", sa.JSON(), nullable=True))
    op.create_table(
        "line_comments",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("submission_id", sa.String(32), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("side", sa.String(16), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_line_comments"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name="fk_line_comments_submission_id_submissions"
        ),
    )
    op.create_index("ix_line_comments_submission_id_at", "line_comments", ["submission_id", "at"])
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
    op.drop_table("line_comments")
    op.drop_column("grading_tests", "exchange")
    op.drop_column("invitations", "breaks")
    op.drop_column("invitations", "done_at")

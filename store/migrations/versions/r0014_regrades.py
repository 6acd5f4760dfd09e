"""Many submissions graded again at once, whose grades wait until somebody applies them."""

import sqlalchemy as sa
from alembic import op

revision = "r0014"
down_revision = "r0013"
branch_labels = None
depends_on = None

_ID = sa.String(32)
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Every grading so far counts."""
    op.create_table(
        "regrades",
        sa.Column("id", _ID, nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("challenge_digest", sa.Text(), nullable=False),
        sa.Column("source", sa.String(100), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", _ID, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("submissions", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("ended_by", _ID, nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_regrades"),
        sa.CheckConstraint("state IN ('open', 'applied', 'dropped')", name=op.f("ck_regrades_state")),
    )
    op.create_index("ix_regrades_created_at_id", "regrades", ["created_at", "id"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_regrades_open", "regrades", ["challenge"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    op.add_column("gradings", sa.Column("regrade_id", _ID, nullable=True))
    is_of_one = sa.text("regrade_id IS NOT NULL")
    op.create_index(
        "ix_gradings_regrade_id", "gradings", ["regrade_id"], sqlite_where=is_of_one, postgresql_where=is_of_one
    )


def downgrade() -> None:
    """What was not applied must not count, and goes."""
    grading, regrade = sa.table("gradings", sa.column("id"), sa.column("regrade_id")), sa.table("regrades")
    id_of: sa.ColumnClause[object] = sa.column("id")
    kept = sa.select(id_of).select_from(regrade).where(sa.column("state") != "applied")
    held = sa.select(grading.c.id).where(grading.c.regrade_id.in_(kept))
    for name in ("grading_tests", "grading_events"):
        table = sa.table(name, sa.column("grading_id"))
        op.execute(table.delete().where(table.c.grading_id.in_(held)))
    op.execute(grading.delete().where(grading.c.regrade_id.in_(kept)))
    op.drop_index("ix_gradings_regrade_id", "gradings")
    op.drop_column("gradings", "regrade_id")
    op.drop_table("regrades")

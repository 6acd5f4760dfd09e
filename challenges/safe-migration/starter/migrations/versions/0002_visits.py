"""Visits of wardens to trees."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("tree_id", sa.Integer(), sa.ForeignKey("trees.id"), nullable=False, index=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("warden", sa.String(60), nullable=False),
        sa.Column("result", sa.Text()),
    )


def downgrade() -> None:
    op.drop_table("visits")

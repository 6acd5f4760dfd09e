"""Trees."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "trees",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(10), nullable=False, unique=True),
        sa.Column("species", sa.Text()),
        sa.Column("girth", sa.Text()),
        sa.Column("parish", sa.String(60), nullable=False, index=True),
        sa.Column("place", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("trees")

"""Where an invitation was sent, or is to be."""

import sqlalchemy as sa
from alembic import op

revision = "r0012"
down_revision = "r0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody's address is known so far."""
    op.add_column("invitations", sa.Column("email", sa.String(254), nullable=True))


def downgrade() -> None:
    """The addresses are gone."""
    op.drop_column("invitations", "email")

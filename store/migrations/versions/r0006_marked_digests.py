"""A token's digest says by which algorithm it was made."""

import sqlalchemy as sa
from alembic import op

revision = "r0006"
down_revision = "r0005"
branch_labels = None
depends_on = None

_MARK = "sha256:"


def upgrade() -> None:
    """Mark the digests that there are. The tokens stay as good as they were."""
    _change("token_sha256", "token_digest", 64, 140)
    op.execute(sa.text("UPDATE tokens SET token_digest = :mark || token_digest").bindparams(mark=_MARK))


def downgrade() -> None:
    """Take the marks off. Tokens whose digest is not SHA-256 are of no more use."""
    op.execute(
        sa.text(
            "UPDATE tokens SET token_digest = CASE WHEN token_digest LIKE :marked "
            "THEN substr(token_digest, :after) ELSE substr(id || id, 1, 64) END"
        ).bindparams(marked=f"{_MARK}%", after=len(_MARK) + 1)
    )
    _change("token_digest", "token_sha256", 140, 64)


def _change(old: str, new: str, before: int, after: int) -> None:
    with op.batch_alter_table("tokens") as batch:
        batch.drop_constraint(f"uq_tokens_{old}", type_="unique")
        batch.alter_column(
            old, new_column_name=new, existing_type=sa.String(before), type_=sa.String(after), existing_nullable=False
        )
    with op.batch_alter_table("tokens") as batch:
        batch.create_unique_constraint(f"uq_tokens_{new}", [new])

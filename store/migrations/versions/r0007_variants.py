"""Which variant of a challenge a candidate has, and a submission is for."""

import json

import sqlalchemy as sa
from alembic import op

revision = "r0007"
down_revision = "r0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever may submit to a challenge has it as it stands, and every submission is for that."""
    op.create_table(
        "variants",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "challenge", name="pk_variants"),
    )
    _keep_what_candidates_have()
    column = sa.Column("variant", sa.Text(), nullable=True)
    if op.get_bind().dialect.name != "sqlite":
        op.add_column("submissions", column)
        return
    # Before the content, which listings need then not step over.
    with op.batch_alter_table("submissions", recreate="always") as batch:
        batch.add_column(column, insert_after="challenge_digest")


def _keep_what_candidates_have() -> None:
    connection = op.get_bind()
    variants = sa.table("variants", *map(sa.column, ("owner", "challenge", "variant", "drawn_at")))
    columns: list[sa.ColumnClause[object]] = [
        sa.column(name) for name in ("id", "candidate", "challenges", "created_at")
    ]
    candidates = sa.select(*columns).select_from(sa.table("tokens")).where(sa.column("role") == "candidate")
    rows = connection.execute(candidates).all()
    had: dict[tuple[str, str], object] = {}
    for row in rows:
        owner = f"candidate {row.candidate}" if row.candidate else f"token {row.id}"
        challenges = json.loads(row.challenges) if isinstance(row.challenges, str) else row.challenges
        for challenge in challenges or ():
            had.setdefault((owner, challenge), row.created_at)
    for (owner, challenge), since in had.items():
        values = {"owner": owner, "challenge": challenge, "variant": "base", "drawn_at": since}
        connection.execute(variants.insert().values(values))


def downgrade() -> None:
    """Submissions stay, and what their candidates had before them is forgotten."""
    with op.batch_alter_table("submissions") as batch:
        batch.drop_column("variant")
    op.drop_table("variants")

"""Erasing a candidate also deletes what revisions since r0011 keep of them."""

from alembic import op

from store.migrations.versions import r0011_erasure

revision = "r0018"
down_revision = "r0017"
branch_labels = None
depends_on = None

_BEFORE = "  DELETE FROM idempotency_keys WHERE token_id = wanted;\n"
_MORE = """  DELETE FROM line_comments USING submissions
    WHERE line_comments.submission_id = submissions.id AND submissions.token_id = wanted;
  DELETE FROM partner_tests WHERE token_id = wanted;
  DELETE FROM webhook_deliveries WHERE token_id = wanted;
"""


def upgrade() -> None:
    """Who may call it stays as it was."""
    _replace(r0011_erasure.FUNCTION.replace(_BEFORE, _MORE + _BEFORE))


def downgrade() -> None:
    """As before: the tables that it named are dropped next."""
    _replace(r0011_erasure.FUNCTION)


def _replace(function: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))

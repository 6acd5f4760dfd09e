"""A candidate can be erased by parts that may delete nothing: a function of the tables' owner does it."""

from alembic import op

revision = "r0011"
down_revision = "r0010"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION mendbox_erase(wanted text, asked_by text, why text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  person text;
  sent integer;
BEGIN
  SELECT candidate INTO person FROM tokens WHERE id = wanted AND role = 'candidate' FOR UPDATE;
  IF NOT FOUND THEN
    RETURN -1;
  END IF;
  IF EXISTS (
    SELECT FROM gradings JOIN submissions ON submissions.id = gradings.submission_id
    WHERE submissions.token_id = wanted AND gradings.state NOT IN ('graded', 'error')
  ) THEN
    RETURN -2;
  END IF;
  DELETE FROM grading_tests USING gradings, submissions WHERE grading_tests.grading_id = gradings.id
    AND gradings.submission_id = submissions.id AND submissions.token_id = wanted;
  DELETE FROM grading_events USING gradings, submissions WHERE grading_events.grading_id = gradings.id
    AND gradings.submission_id = submissions.id AND submissions.token_id = wanted;
  DELETE FROM gradings USING submissions
    WHERE gradings.submission_id = submissions.id AND submissions.token_id = wanted;
  DELETE FROM idempotency_keys WHERE token_id = wanted;
  DELETE FROM submissions WHERE token_id = wanted;
  GET DIAGNOSTICS sent = ROW_COUNT;
  DELETE FROM drafts WHERE token_id = wanted;
  DELETE FROM explanations WHERE token_id = wanted;
  DELETE FROM reviews WHERE token_id = wanted;
  DELETE FROM notes WHERE token_id = wanted;
  DELETE FROM shares WHERE token_id = wanted;
  DELETE FROM invitations WHERE token_id = wanted;
  IF coalesce(person, '') = '' THEN
    DELETE FROM variants WHERE owner = 'token ' || wanted;
  ELSIF NOT EXISTS (SELECT FROM tokens WHERE candidate = person AND id <> wanted) THEN
    DELETE FROM variants WHERE owner = 'candidate ' || person;
  END IF;
  DELETE FROM tokens WHERE id = wanted;
  INSERT INTO audit (at, actor, action, object_kind, object_id, detail) VALUES (
    now(), asked_by, 'candidate.erase', 'token', wanted, json_build_object('submissions', sent, 'reason', why)
  );
  RETURN sent;
END $$
"""


def upgrade() -> None:
    """SQLite knows no functions and no roles: there the store deletes by itself."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION)
        op.execute("REVOKE ALL ON FUNCTION mendbox_erase(text, text, text) FROM PUBLIC")


def downgrade() -> None:
    """Nobody can be erased any more."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION mendbox_erase(text, text, text)")

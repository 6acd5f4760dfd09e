"""What the parts may do in the database that they share: PostgreSQL alone has roles to tell.

The API and the workers read and write rows. They make and alter no tables, and of the audit trail they append and read:
who has taken over a part can't rewrite what it did. A candidate is erased by a function that says so in the trail.
"""

from __future__ import annotations

from sqlalchemy import Engine, text

from runner.errors import MendboxError
from store.engine import naming_faults

#: Constant: names and the password go in as settings of the transaction, and are quoted by the server.
_GRANT = text(
    """
    DO $$
    DECLARE
      grantee text = current_setting('mendbox.role');
      secret text = current_setting('mendbox.password');
    BEGIN
      IF secret <> '' THEN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = grantee) THEN
          EXECUTE format('CREATE ROLE %I LOGIN', grantee);
        END IF;
        EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', grantee, secret);
      END IF;
      REVOKE CREATE ON SCHEMA public FROM PUBLIC;
      EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), grantee);
      EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', grantee);
      EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', grantee);
      EXECUTE format('GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO %I', grantee);
      EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I', grantee);
      EXECUTE format('GRANT EXECUTE ON FUNCTION mendbox_erase(text, text, text) TO %I', grantee);
      EXECUTE format('GRANT DELETE ON sessions, password_codes, recovery_codes, webhook_deliveries TO %I', grantee);
      EXECUTE format('REVOKE UPDATE ON audit, submissions, tokens, variants FROM %I', grantee);
      EXECUTE format('REVOKE UPDATE ON partner_tests FROM %I', grantee);
      EXECUTE format('REVOKE UPDATE ON invitations, assessments, reviews, notes, shares, regrades FROM %I', grantee);
      EXECUTE format('GRANT DELETE ON user_identities TO %I', grantee);
      EXECUTE format('REVOKE UPDATE ON user_identities FROM %I', grantee);
      EXECUTE format('GRANT UPDATE (revoked_at, last_used_at) ON tokens TO %I', grantee);
      -- A new text for the same token. Whoever may insert tokens gains nothing by it.
      EXECUTE format('GRANT UPDATE (token_digest, prefix) ON tokens TO %I', grantee);
      EXECUTE format('GRANT UPDATE (key_sha256, told_at) ON partner_tests TO %I', grantee);
      EXECUTE format('REVOKE UPDATE ON starter_exchanges, line_comments FROM %I', grantee);
      EXECUTE format('GRANT UPDATE (began_at, extra_minutes, done_at, breaks) ON invitations TO %I', grantee);
      EXECUTE format('GRANT UPDATE (ended_at) ON shares TO %I', grantee);
      EXECUTE format('GRANT UPDATE (text, changed_at, deleted_at) ON line_comments TO %I', grantee);
      EXECUTE format('GRANT UPDATE (archived_at) ON assessments TO %I', grantee);
      EXECUTE format('REVOKE UPDATE ON webhook_deliveries FROM %I', grantee);
      EXECUTE format(
        'GRANT UPDATE (state, attempts, due_at, tried_at, status, fault) ON webhook_deliveries TO %I', grantee
      );
      EXECUTE format('GRANT UPDATE (state, ended_at, ended_by, end_reason) ON regrades TO %I', grantee);
      -- A regrade locks its submission, and a lock needs the right to change something.
      EXECUTE format('GRANT UPDATE (source) ON submissions TO %I', grantee);
      EXECUTE format('REVOKE INSERT, UPDATE ON alembic_version FROM %I', grantee);
    END $$
    """
)


class NoRoles(MendboxError):
    """The database has no roles."""


def grant(engine: Engine, role: str, password: str = "") -> None:
    """Give a role what API and workers need and nothing else, also after an upgrade that made tables.

    With a password the role is made, or given it. Raises NoRoles, and StoreFault when the database refuses, as for a
    role that is not there.
    """
    if engine.dialect.name != "postgresql":
        raise NoRoles("only PostgreSQL has roles", hint="a SQLite file is for its owner alone")
    settings = text("SELECT set_config('mendbox.role', :role, true), set_config('mendbox.password', :password, true)")
    with naming_faults(), engine.begin() as connection:
        connection.execute(settings, {"role": role, "password": password})
        connection.execute(_GRANT)

"""`mendbox token create | list | revoke`: on the machine that has the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import click
from rich.table import Table

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.show import plain
from store.records import NewToken, Role, TokenRecord
from store.store import Store

_ACTOR = "command line"


@click.group()
def token() -> None:
    """Make, list and revoke API tokens."""


@token.command("create")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--challenge", "challenges", multiple=True, help="A candidate's: what it may submit to; repeat for more.")
@click.option("--candidate", default=None, help="Your reference for the person.")
@click.option("--days", type=click.IntRange(1, 3650), default=None, help="Valid so long; without it, until revoked.")
@json_option
@pass_context
@ends_well
def create_command(
    context: Context, name: str, role: str, challenges: tuple[str, ...], candidate: str | None, days: int | None
) -> None:
    """Make a token and print it, once: only its hash is stored."""
    expires = datetime.now(UTC) + timedelta(days=days) if days else None
    with _store(context) as store:
        issued = store.tokens.create(NewToken(name, Role(role), challenges, candidate, expires), actor=_ACTOR)
    if context.json:
        context.print_json({"token": issued.text, **_described(issued.record)})
        return
    context.out.print(issued.text)
    context.err.print(f"[dim]{role} token {issued.record.id}; it is shown only now[/dim]")


@token.command("list")
@json_option
@pass_context
@ends_well
def list_command(context: Context) -> None:
    """List tokens; never their text."""
    records: list[TokenRecord] = []
    with _store(context) as store:
        after: str | None = None
        while True:
            page = store.tokens.page(after=after)
            records.extend(page.items)
            after = page.after
            if after is None:
                break
    if context.json:
        context.print_json({"tokens": [_described(record) for record in records]})
        return
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for column in ("id", "starts with", "role", "name", "challenges", "state"):
        table.add_column(column)
    now = datetime.now(UTC)
    for record in records:
        state = "revoked" if record.revoked_at else ("valid" if record.usable_at(now) else "expired")
        challenges = ", ".join(record.challenges)
        table.add_row(record.id, record.prefix, record.role.value, plain(record.name), plain(challenges), state)
    context.out.print(table)


@token.command("revoke")
@click.argument("identity", metavar="ID")
@json_option
@pass_context
@ends_well
def revoke_command(context: Context, identity: str) -> None:
    """End a token for good."""
    with _store(context) as store:
        record = store.tokens.revoke(identity, actor=_ACTOR)
    if context.json:
        context.print_json(_described(record))
    else:
        context.out.print(f"revoked {record.id}")


def _store(context: Context) -> Store:
    context.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store.open(context.settings.effective_database_url)
    store.upgrade()
    return store


def _described(record: TokenRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "role": record.role.value,
        "prefix": record.prefix,
        "challenges": list(record.challenges),
        "candidate": record.candidate,
        "created_at": record.created_at.isoformat(),
        "expires_at": record.expires_at.isoformat() if record.expires_at else None,
        "revoked_at": record.revoked_at.isoformat() if record.revoked_at else None,
    }

"""`mendbox token create | list | revoke`: on the machine that has the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.show import plain
from runner.errors import ChallengeNotFound, MendboxError
from runner.packages.finder import find_challenge, slug_of
from runner.packages.loader import load_package
from runner.packages.variant import variant_named
from store.errors import NotFound
from store.records import NewToken, Role, TokenRecord
from store.scopes import Scope
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
@click.option(
    "--variant",
    "variants",
    multiple=True,
    metavar="SLUG:VARIANT",
    help="Which variant of a challenge they get; else drawn.",
)
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default=Scope.ALL.value,
    help="read: change nothing; partner: the partner API for recruiting systems, and nothing else.",
)
@click.option("--days", type=click.IntRange(1, 3650), default=None, help="Valid so long; without it, until revoked.")
@json_option
@pass_context
@ends_well
def create_command(context: Context, /, name: str, role: str, challenges: tuple[str, ...], **options: Any) -> None:
    """Make a token and print it, once: only its hash is stored."""
    for slug in challenges:
        _require_challenge(slug, context.settings.challenges)
    if role == Role.CANDIDATE and not challenges:
        raise MendboxError("a candidate's token must name the challenges it may submit to", hint="add --challenge SLUG")
    candidate, days = options["candidate"], options["days"]
    variants = dict(_variant(text, challenges, context.settings.challenges) for text in options["variants"])
    expires = datetime.now(UTC) + timedelta(days=days) if days else None
    with _store(context) as store:
        slugs, scope = tuple(dict.fromkeys(challenges)), Scope(options["scope"])
        wanted = NewToken(name, Role(role), slugs, candidate, expires, variants, scope=scope)
        issued = store.tokens.create(wanted, actor=_ACTOR)
    if context.json:
        context.print_json({"token": issued.text, **_described(issued.record)})
        return
    context.out.print(issued.text)
    context.err.print(f"[dim]{role} token {issued.record.id}; it is shown only now[/dim]")


def _variant(text: str, challenges: tuple[str, ...], root: Path) -> tuple[str, str]:
    """A challenge and the variant that somebody is to have of it. Raises MendboxError."""
    slug, colon, variant = text.partition(":")
    if not colon or slug not in challenges:
        raise MendboxError(
            f"--variant {text} names none of the token's challenges", hint="write it as --variant SLUG:VARIANT"
        )
    return slug, str(variant_named(variant, load_package(find_challenge(slug, root)).manifest))


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
    if not records:
        context.out.print("no token yet; make one: mendbox token create NAME --role admin")
        return
    table = Table(box=None, header_style="dim", padding=(0, 1, 0, 0))
    # Names and challenges alone are folded: an id is to be copied.
    for column in ("id", "starts", "role", "state"):
        table.add_column(column, no_wrap=True)
    for column in ("name", "challenges"):
        table.add_column(column, overflow="fold")
    now = datetime.now(UTC)
    for record in records:
        state = "revoked" if record.revoked_at else ("valid" if record.usable_at(now) else "expired")
        challenges = ", ".join(record.challenges)
        table.add_row(
            record.id, record.prefix, record.role.value, state, plain(" ".join(record.name.split())), plain(challenges)
        )
    context.out.print(table)


@token.command("revoke")
@click.argument("identity", metavar="ID")
@json_option
@pass_context
@ends_well
def revoke_command(context: Context, identity: str) -> None:
    """End a token for good."""
    with _store(context) as store:
        try:
            record = store.tokens.revoke(identity, actor=_ACTOR)
        except NotFound as error:
            raise MendboxError(error.message, hint="give an id that is there: mendbox token list") from None
    if context.json:
        context.print_json(_described(record))
    else:
        context.out.print(f"revoked {record.id}")


def _require_challenge(slug: str, root: Path) -> None:
    """Raises ChallengeNotFound. A package that is not valid will do: it can be mended before the candidate comes."""
    if find_challenge(slug, root).parent != root or slug_of(slug) != slug:
        raise ChallengeNotFound(f"{slug!r} is no slug under {root}", hint="give the slug: mendbox challenge list")


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
        "owner": record.owner,
        "scope": record.scope.value,
    }

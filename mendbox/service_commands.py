"""`mendbox api`, `worker`, `webhooks` and `db`: the parts of an installation on several machines."""

from __future__ import annotations

import os
import sys

import click

from api.server import gunicorn_command
from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.processes import environment_of, worker_command
from mendbox.show import plain
from runner.errors import MendboxError
from runner.packages.finder import require_challenges
from store import rights, schema
from store.settings import Settings
from store.store import Store
from worker.webhooks import target_of


def _require_redis(settings: Settings, command: str) -> None:
    if not settings.redis_url:
        raise MendboxError(
            f"mendbox {command} alone needs MENDBOX_REDIS_URL",
            hint="set it, or run everything on one machine with: mendbox up",
        )


@click.command("api")
@json_option
@pass_context
@ends_well
def api_command(context: Context) -> None:
    """Run the HTTP API alone, until SIGTERM. MENDBOX_REDIS_URL and the database's URL come from the environment."""
    _require_redis(context.settings, "api")
    command = gunicorn_command(context.settings)
    os.execve(command[0], command, {**os.environ, **environment_of(context.settings)})  # noqa: S606  becomes it


@click.command("worker")
@click.option(
    "--slots", type=click.IntRange(0, 64), default=0, help="Gradings at a time; 0: MENDBOX_SLOTS, or one for each core."
)
@json_option
@pass_context
@ends_well
def worker_command_line(context: Context, slots: int) -> None:
    """Run workers alone, until SIGTERM. As many hosts as needed may do so on the same Redis and database."""
    _require_redis(context.settings, "worker")
    require_challenges(context.settings.challenges)
    command = worker_command(["--slots", str(slots)])
    os.execve(command[0], command, {**os.environ, **environment_of(context.settings)})  # noqa: S606  becomes it


@click.command("webhooks")
@json_option
@pass_context
@ends_well
def webhooks_command(context: Context) -> None:
    """Deliver webhooks alone, until SIGTERM: where workers have no way to the outside. Needs the database alone."""
    target_of(context.settings)
    command = (sys.executable, "-m", "worker.webhooks")
    os.execve(command[0], command, {**os.environ, **environment_of(context.settings)})  # noqa: S606  becomes it


@click.group()
def db() -> None:
    """Create, upgrade and look at the database."""


@db.command("upgrade", short_help="Bring the tables to this version, or make them.")
@json_option
@pass_context
@ends_well
def upgrade_command(context: Context) -> None:
    """Bring the database's tables to this version; a new database is made."""
    context.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with Store.open(context.settings.effective_database_url) as store:
        before = schema.current(store.engine)
        store.upgrade()
        after = schema.current(store.engine)
    if context.json:
        context.print_json({"before": before, "after": after})
    else:
        context.out.print(f"at {after}" + ("" if before == after else f", was {before or 'empty'}"))


@db.command("grant", short_help="Give a role of PostgreSQL what the parts need.")
@click.argument("role")
@click.option("--make", is_flag=True, help="Make the role; its password is the first line of standard input.")
@json_option
@pass_context
@ends_well
def grant_command(context: Context, role: str, make: bool) -> None:
    """Give a role of PostgreSQL what API and workers need, and nothing else: no tables, no change of the trail."""
    password = sys.stdin.readline().rstrip("\r\n") if make else ""
    if make and not password:
        raise MendboxError("there is no password", hint="write it to standard input")
    with Store.open(context.settings.effective_database_url) as store:
        rights.grant(store.engine, role, password)
    if context.json:
        context.print_json({"role": role})
    else:
        context.out.print(f"granted to {plain(role)}", markup=False)


@db.command("status", short_help="Does it answer and fit; gradings by state.")
@json_option
@pass_context
@ends_well
def status_command(context: Context) -> None:
    """Say whether the database answers and fits this version, and how many gradings are in which state."""
    with Store.open(context.settings.effective_database_url) as store:
        store.check()
        revision = schema.current(store.engine)
        counts = {state.value: count for state, count in store.backlog.counts().items()}
    if context.json:
        context.print_json({"revision": revision, "gradings": counts})
        return
    context.out.print(f"at {revision}")
    for state, count in counts.items():
        context.out.print(f"  {state:<8} {count}")

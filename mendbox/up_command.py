"""`mendbox up`: API, worker, queue and database on one machine."""

from __future__ import annotations

import os
import shlex
import socket
from contextlib import closing
from pathlib import Path

import click
from rich.markup import escape

from api.server import gunicorn_command
from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.processes import Plan, Stack
from runner.errors import MendboxError
from runner.packages.finder import list_challenges, require_challenges
from runner.sandbox.engine import Engine
from runner.sandbox.image import ensure_images
from runner.sandbox.selftest import require_walls
from runner.sandbox.versions import known_holes, summary
from runner.services import SERVICES
from store.records import NewToken, Role
from store.settings import Settings
from store.store import Store
from worker.sandboxes import sandbox_settings, server_images, to_examine

#: Slots build no image here, but each starts its warm pairs before it takes gradings.
_SLOTS_READY_S = 120.0


def prepared(context: Context, settings: Settings) -> Settings:
    """The settings with image, address and port filled in: what must be known before anything starts.

    Raises ChallengeNotFound, SandboxUnavailable, SandboxUnconfined, and MendboxError for a port that is taken.
    """
    if settings.tls_certificate:
        raise MendboxError(
            "mendbox up serves this machine, and speaks no TLS itself",
            hint="unset MENDBOX_TLS_CERTIFICATE and put a proxy in front, or run mendbox api and mendbox worker",
        )
    require_challenges(settings.challenges)
    with closing(Engine(settings.docker_timeout_s)) as engine:
        given = settings.image, server_images(settings)
        images = ensure_images(engine.client, *given, progress=context.progress)
        # Each slot looks for itself, too, and would only say so in a log.
        require_walls(engine, to_examine(settings, sandbox_settings(settings, images, settings.warm_pairs)))
        if holes := known_holes(engine):
            context.progress(summary(holes))
    built = {"image": images[0], **{SERVICES[name].setting: tag for name, tag in images[1].items()}}
    port = settings.port or free_port(settings.host)
    _require_free(settings.host, port)
    public = settings.public_url or f"http://{settings.host}:{port}"
    return settings.model_copy(update={**built, "port": port, "public_url": public})


def free_port(host: str) -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise MendboxError(
                f"{host}:{port} can't be listened on: {error.strerror}",
                hint="stop what uses it, or choose another port: MENDBOX_PORT=8081 mendbox up",
            ) from None


def stack_of(context: Context, settings: Settings, *, slots: int = 0) -> Stack:
    """Everything on this machine, not started yet."""
    return Stack(
        Plan(
            settings=settings,
            api_command=tuple(gunicorn_command(settings)),
            api_url=f"http://{settings.host}:{settings.port}",
            say=context.progress,
            slots=slots,
            environ=dict(os.environ),
        )
    )


def first_admin(settings: Settings) -> str | None:
    """An admin's token when there is no token at all yet."""
    with Store.open(settings.effective_database_url) as store:
        store.upgrade()
        if store.tokens.page(limit=1).items:
            return None
        return store.tokens.create(NewToken("first admin", Role.ADMIN), actor="mendbox up").text


@click.command("up")
@click.option(
    "--slots", type=click.IntRange(0, 64), default=0, help="Gradings at a time; 0: MENDBOX_SLOTS, or one for each core."
)
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="Instead of MENDBOX_PORT; 0: a free one.")
@json_option
@pass_context
@ends_well
def up_command(context: Context, slots: int, port: int | None) -> None:
    """Run everything until Ctrl-C. Prints the address and, on the first start, an admin token."""
    settings = context.settings
    if port is not None:
        settings = settings.model_copy(update={"port": port})
    settings = prepared(context, settings)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = slots or settings.slots or os.cpu_count() or 1
    stack = stack_of(context, settings, slots=wanted)
    stack.start()
    try:
        ready = stack.wait_for_slots(wanted, _SLOTS_READY_S)
    except BaseException:
        stack.stop()
        raise

    def announce() -> None:
        # Not before all is up: one that was made and then not shown could not be had again.
        token = first_admin(settings)
        if context.json:
            context.print_json({"url": settings.public_url, "token": token, "slots": wanted, "ready": ready})
        else:
            _greet(context, settings, wanted if ready else 0)
            _tell_tokens(context, settings, token)
            context.out.print("\nCtrl-C stops it.")

    stack.run(announce)


def _greet(context: Context, settings: Settings, slots: int) -> None:
    out, url = context.out, escape(settings.public_url)
    out.print(f"[bold green]Mendbox is up[/bold green] at [bold]{url}[/bold]")
    out.print(f"  API and its documentation  {url}/api/v1/docs")
    out.print("  an account for the pages   mendbox user add NAME --role recruiter --code", markup=False)
    out.print(f"  gradings at a time         {slots or 'none yet: see the logs'}")
    out.print(f"  data and logs              {escape(str(settings.home))}")


def _tell_tokens(context: Context, settings: Settings, token: str | None) -> None:
    out = context.out
    if token is None:
        out.print("  another token              mendbox token create NAME --role …", markup=False)
        return
    out.print(f"  admin token                [bold]{token}[/bold]")
    out.print("                             [yellow]keep it: it is shown only now[/yellow]")
    if example := _example(settings.challenges):
        # Lines to copy: folded at any width they would break.
        lines = (
            "",
            "Try it in another terminal:",
            f"  export MENDBOX_TOKEN={token}",
            f"  export MENDBOX_URL={settings.public_url}",
        )
        out.print("\n".join((*lines, f"  mendbox submit {example}")), markup=False, soft_wrap=True)


def _example(challenges: Path) -> str:
    """A challenge and a fix of it that is there, for the command line; empty where there is none."""
    fixes = (fix for folder in list_challenges(challenges) for fix in sorted(folder.glob("fixes/*")))
    fix = next(fixes, None)
    if fix is None:
        return ""
    shown = fix.relative_to(Path.cwd()) if fix.is_relative_to(Path.cwd()) else fix
    return shlex.join([fix.parent.parent.name, str(shown)])

"""`mendbox submit`: the same as `grade`, through the API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.client import ApiClient, Submitted
from mendbox.show import grade_summary, left_out
from mendbox.variants import variant_option
from runner.errors import MendboxError, PlatformFault
from runner.packages.finder import slug_of


class GradingFailed(PlatformFault):
    """The platform could not grade a submission."""


@click.command("submit")
@click.argument("challenge")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--url", envvar="MENDBOX_URL", default=None, help="The API's address; here on this machine otherwise.")
@click.option("--token", envvar="MENDBOX_TOKEN", default=None, help="A bearer token; or set MENDBOX_TOKEN.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait for the grade and show progress.")
@variant_option
@json_option
@pass_context
@ends_well
def submit_command(context: Context, /, challenge: str, path: Path, **options: Any) -> None:
    """Send a directory, .zip, .tar.gz or .patch through the API.

    Exit 0 when it was taken (with --wait: graded, whatever the score), 2 when it was refused, 3 for a fault of the
    platform.
    """
    token, wait = options["token"], options["wait"]
    if not token:
        raise MendboxError(
            "a token is needed", hint="give --token or set MENDBOX_TOKEN; make one: mendbox token create"
        )
    settings = context.settings
    address = options["url"] or settings.public_url or settings.own_url
    with ApiClient(address, token) as client:
        submitted = client.submit(slug_of(challenge), path, variant=options["variant"])
        if not context.json:
            context.err.print(f"submitted [bold]{submitted.id}[/bold]  [dim]{submitted.url}[/dim]")
            context.err.print(left_out(submitted.left_out), end="")
        if wait:
            _follow(context, client, submitted)
        document = client.submission(submitted.id)
    if context.json:
        context.print_json(document)
    elif wait:
        context.out.print(grade_summary(document["grade"]))


def _follow(context: Context, client: ApiClient, submitted: Submitted) -> None:
    """Show progress until the grade. Raises GradingFailed."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with context.bar(*columns) as bar:
        task = bar.add_task("queued", total=None)
        for name, data in client.events(submitted.id):
            bar.update(task, **_shown(name, data))
            if name == "error":
                raise GradingFailed(str(data.get("message")), hint="nothing is lost: it can be graded again later")


def _shown(name: str, data: dict[str, Any]) -> dict[str, Any]:
    match name:
        case "queued":
            return {"description": f"queued, position {data.get('position')}"}
        case "started":
            return {"description": "grading", "completed": 0}
        case "test":
            return {"description": f"{data['requirement']} {data['status']}", "advance": 1}
    return {"description": name}

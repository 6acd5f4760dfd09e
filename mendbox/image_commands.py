"""`mendbox image build | show | prune`."""

from __future__ import annotations

import click

from mendbox.app import Context, ends_well, json_option, pass_context
from runner.sandbox.engine import Engine
from runner.sandbox.image import ensure_image, remove_other_images


@click.group()
def image() -> None:
    """Build and look at the sandbox image."""


@image.command("build")
@json_option
@pass_context
@ends_well
def build_command(context: Context) -> None:
    """Build the sandbox image of this version unless the engine has it; prints its tag."""
    engine = Engine(max(context.settings.docker_timeout_s, 300.0))
    try:
        built = ensure_image(engine.client, progress=context.progress)
    finally:
        engine.close()
    if context.json:
        context.print_json({"tag": built.tag, "id": built.id, "python": built.python})
    else:
        context.out.print(f"{built.tag}  [dim]Python {built.python}[/dim]")


@image.command("prune")
@json_option
@pass_context
@ends_well
def prune_command(context: Context) -> None:
    """Remove the sandbox images of other versions."""
    engine = Engine(context.settings.docker_timeout_s)
    try:
        removed = remove_other_images(engine.client, ensure_image(engine.client, progress=context.progress))
    finally:
        engine.close()
    if context.json:
        context.print_json({"removed": removed})
    else:
        context.out.print(f"removed {len(removed)} images")

"""`mendbox image build | prune`."""

from __future__ import annotations

import click

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.service_images import ensure_service_images, make_current, remove_other_service_images
from mendbox.show import counted
from runner.sandbox.build import ImageRef
from runner.sandbox.engine import Engine
from runner.sandbox.image import ensure_image, remove_other_images


@click.group()
def image() -> None:
    """Build the sandbox image and those that Compose starts; remove old ones."""


@image.command("build", short_help="Build the sandbox image, unless it is there.")
@click.option("--services", is_flag=True, help="Also the images that docker-compose.yml starts, tagged :current.")
@json_option
@pass_context
@ends_well
def build_command(context: Context, services: bool) -> None:
    """Build the sandbox image of this version unless the engine has it; prints its tag."""
    engine = Engine(max(context.settings.docker_timeout_s, 300.0))
    more: dict[str, ImageRef] = {}
    try:
        if services:
            images = ensure_service_images(engine, progress=context.progress)
            make_current(engine, images)
            built = images.sandbox
            more = {"service": images.service, "postgres": images.postgres}
        else:
            built = ensure_image(engine.client, progress=context.progress)
    finally:
        engine.close()
    if context.json:
        listed = {name: {"tag": image.tag, "id": image.id} for name, image in more.items()}
        document = {"tag": built.tag, "id": built.id, "python": built.python}
        context.print_json({**document, "services": listed} if services else document)
    else:
        context.out.print(f"{built.tag}  [dim]Python {built.python}[/dim]")
        for image in more.values():
            context.out.print(image.tag)


@image.command("prune", short_help="Remove the images of other versions.")
@json_option
@pass_context
@ends_well
def prune_command(context: Context) -> None:
    """Remove the images of other versions; those that Compose would start stay."""
    engine = Engine(context.settings.docker_timeout_s)
    try:
        removed = remove_other_images(engine.client, ensure_image(engine.client, progress=context.progress))
        removed += remove_other_service_images(engine)
    finally:
        engine.close()
    if context.json:
        context.print_json({"removed": removed})
    else:
        context.out.print(f"removed {counted(len(removed), 'image')}")

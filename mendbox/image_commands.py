"""`mendbox image build | prune | sbom`."""

from __future__ import annotations

from importlib.metadata import version

import click

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.compose_secrets import FILE, ensure_compose_secrets
from mendbox.service_images import (
    ensure_service_image,
    ensure_service_images,
    make_current,
    remove_other_service_images,
)
from mendbox.show import counted
from runner.sandbox.build import ImageRef
from runner.sandbox.contents import read_contents
from runner.sandbox.engine import Engine
from runner.sandbox.image import CHECKOUT, ensure_image, ensure_server_images, remove_other_images
from runner.sandbox.lock import read_lock
from runner.sandbox.sbom import bill_of_materials


@click.group()
def image() -> None:
    """Build the sandbox image and those that Compose starts, list what is in them, remove old ones."""


@image.command("build", short_help="Build the sandbox image, unless it is there.")
@click.option(
    "--services",
    is_flag=True,
    help="Also what docker-compose.yml needs: its images, tagged :current, and secrets in .env.",
)
@json_option
@pass_context
@ends_well
def build_command(context: Context, services: bool) -> None:
    """Build the sandbox image of this version unless the engine has it; prints its tag.

    With it come the images of challenges' own servers, which stand on it.
    """
    engine = Engine(max(context.settings.docker_timeout_s, 300.0))
    more: dict[str, ImageRef] = {}
    try:
        if services:
            made = ensure_compose_secrets(context.environ)
            if made:
                context.progress(f"made in {FILE}: {', '.join(made)}")
            images = ensure_service_images(engine, progress=context.progress)
            make_current(engine, images)
            built = images.sandbox
            more = {"service": images.service, "postgres": images.postgres}
        else:
            built = ensure_image(engine.client, progress=context.progress)
            ensure_server_images(engine.client, built, progress=context.progress)
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
        sandbox = ensure_image(engine.client, progress=context.progress)
        servers = ensure_server_images(engine.client, sandbox, progress=context.progress)
        removed = remove_other_images(engine.client, sandbox, *servers.values())
        removed += remove_other_service_images(engine)
    finally:
        engine.close()
    if context.json:
        context.print_json({"removed": removed})
    else:
        context.out.print(f"removed {counted(len(removed), 'image')}")


@image.command("sbom", short_help="List what others wrote that is in the image.")
@click.option("--service", is_flag=True, help="Of the service image, which Compose starts, not of the sandbox image.")
@json_option
@pass_context
@ends_well
def sbom_command(context: Context, service: bool) -> None:
    """The image's bill of materials: with --json as CycloneDX 1.6, else as a list of names, versions and licences.

    Build the image first unless the engine has it. The same image gives the same document.
    """
    engine = Engine(max(context.settings.docker_timeout_s, 300.0))
    try:
        if service:
            built = ensure_service_image(engine, progress=context.progress)
        else:
            built = ensure_image(engine.client, progress=context.progress)
        contents = read_contents(engine.client, built)
    finally:
        engine.close()
    document = bill_of_materials(contents, read_lock(CHECKOUT / "uv.lock"), version("mendbox"))
    if context.json:
        context.print_json(document)
        return
    for package in contents.python_packages:
        context.out.print(f"{package.name} {package.version}  {package.licence}", markup=False)
    for debian in contents.debian_packages:
        context.out.print(f"{debian.name} {debian.version}  Debian {contents.release}", markup=False)
    context.err.print("  [yellow]→[/yellow] with --json as CycloneDX")

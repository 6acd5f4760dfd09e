"""`mendbox challenge docs`: the library as a folder of HTML pages, for recruiters to browse."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.library import ASSETS, GENERATOR, INDEX
from runner.errors import MendboxError, PackageInvalid
from runner.packages.finder import list_challenges, require_challenges
from runner.packages.loader import load_package


@click.command("docs", short_help="Write the library as HTML pages.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("library"),
    show_default=True,
    help="The folder of pages, made where there is none.",
)
@json_option
@pass_context
@ends_well
def docs_command(context: Context, out: Path) -> None:
    """Write a catalogue of the library as HTML: brief, level, area, requirements, certificate; nothing that is hidden.

    Open index.html of the folder, or put the folder on any web server. Pages of challenges that are gone are removed.
    """
    # Not at the top: templates and Markdown take longer to import than most commands take.
    from mendbox.library.pages import site

    root = context.settings.challenges
    require_challenges(root)
    packages, left_out = [], []
    for folder in list_challenges(root):
        try:
            packages.append(load_package(folder))
        except PackageInvalid as error:
            left_out.append(error.slug)
    pages = site(packages)
    write_site(out, pages)
    if context.json:
        context.print_json({"folder": str(out), "pages": sorted(pages), "left_out": left_out})
    else:
        context.out.print(f"{len(packages)} challenges: {out / INDEX}", markup=False, highlight=False)
    if left_out:
        raise MendboxError(
            f"not in it, as they are not valid: {', '.join(left_out)}", hint=f"mendbox challenge check {left_out[0]}"
        )


def write_site(folder: Path, pages: Mapping[str, str]) -> None:
    """Write the pages, and remove those of an earlier time. Raises MendboxError for a folder with other things."""
    try:
        before = sorted(folder.iterdir()) if folder.exists() else []
        strangers = [path.name for path in before if not _is_ours(path)]
        if strangers:
            raise MendboxError(
                f"{folder} holds other things than a catalogue: {strangers[0]}", hint="name a new folder: --out FOLDER"
            )
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (folder / name).write_text(text, "utf-8")
        for path in before:
            if path.name not in pages:
                path.unlink()
    except OSError as error:
        raise MendboxError(
            f"{folder} can't be written: {error.strerror}", hint="name another folder: --out FOLDER"
        ) from error


def _is_ours(path: Path) -> bool:
    if path.name in ASSETS:
        return True
    return path.suffix == ".html" and path.is_file() and f'content="{GENERATOR}"' in path.read_text("utf-8", "replace")

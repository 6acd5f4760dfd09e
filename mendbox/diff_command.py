"""`mendbox challenge diff`: what reference fixes and mistakes change, as patches against the starter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import unified_diff

import click
from rich.syntax import Syntax

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.naming import picked
from mendbox.variants import load_variant, variant_option
from runner.packages.package import ChallengePackage, Files


@click.command("diff", short_help="Show what fixes and mistakes change.")
@click.argument("challenge")
@click.argument("names", nargs=-1)
@variant_option
@json_option
@pass_context
@ends_well
def diff_command(context: Context, challenge: str, names: Sequence[str], variant: str | None) -> None:
    """Show what reference fixes change against the starter: all of them, or the fixes and mistakes that are named.

    In a pipe it is a patch, as candidates may send it.
    """
    package = load_variant(context.settings.challenges, challenge, variant)
    chosen = _chosen(package, names)
    patches = {name: patch_of(package.starter, files) for name, files in chosen.items()}
    if context.json:
        context.print_json({"slug": package.slug, "patches": patches})
        return
    for name, patch in patches.items():
        if context.out.is_terminal:
            context.out.rule(name, align="left", style="dim")
            context.out.print(Syntax(patch, "diff", background_color="default", word_wrap=True))
        else:
            context.out.print(patch, markup=False, highlight=False, soft_wrap=True, end="")


def _chosen(package: ChallengePackage, names: Sequence[str]) -> Mapping[str, Files]:
    known: dict[str, Files] = {f"fixes/{name}": files for name, files in sorted(package.fixes.items())}
    if not names:
        return known
    known |= {f"mistakes/{name}": each.files for name, each in sorted(package.mistakes.items())}
    chosen: dict[str, Files] = {}
    for name in names:
        found = picked(list(known), name, f"{package.slug} has no fix or mistake {name!r}")
        chosen |= {each: known[each] for each in found}
    return chosen


def patch_of(before: Files, after: Files) -> str:
    """A unified diff of the files that `after` changes or adds. Pure. Bytes that are no UTF-8 are shown as such."""
    return "".join(_of_file(path, before.get(path), after[path]) for path in sorted(after))


def _of_file(path: str, before: bytes | None, after: bytes) -> str:
    old, new = ([] if data is None else _lines(data) for data in (before, after))
    heads = "/dev/null" if before is None else f"a/{path}", f"b/{path}"
    changed = "".join(unified_diff(old, new, *heads))
    return f"diff --git a/{path} b/{path}\n{'new file mode 100644' + chr(10) if before is None else ''}{changed}"


def _lines(data: bytes) -> list[str]:
    """Lines with their ends; one without says so as git does."""
    lines = data.decode("utf-8", "backslashreplace").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n\\ No newline at end of file\n"
    return lines

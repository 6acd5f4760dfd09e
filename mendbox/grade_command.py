"""`mendbox grade`: here and now, without API or queue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.packing import read_fix
from mendbox.sandboxes import open_sandbox
from mendbox.show import diffstat, failing_tests, grade_summary, heading, left_out
from runner.errors import MendboxError
from runner.grading.models import Grade, Receipt
from runner.grading.service import GradingOptions, grade_submission
from runner.limits import SubmissionLimits
from runner.packages.finder import find_challenge
from runner.packages.loader import load_package
from runner.submissions.normalise import normalise


@click.command("grade")
@click.argument("challenge")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--receipt", type=click.Path(path_type=Path), help="Grade again by this receipt (or grade) and compare.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=None, help="The grading's seed; drawn otherwise.")
@click.option("--output", type=click.Path(path_type=Path), help="Also write the grade as JSON to this file.")
@json_option
@pass_context
@ends_well
def grade_command(
    context: Context, challenge: str, path: Path, receipt: Path | None, seed: int | None, output: Path | None
) -> None:
    """Grade a directory, .zip, .tar.gz or .patch against CHALLENGE (a slug or a path to a package).

    Exit 0 when a grade was given, whatever the score; 2 for a rejected submission or an invalid package; 3 for a
    fault of the platform.
    """
    if receipt and seed is not None:
        raise MendboxError("--receipt and --seed don't go together", hint="leave out --seed: a receipt has its own")
    package = load_package(find_challenge(challenge, context.settings.challenges))
    limits = SubmissionLimits()
    upload = read_fix(path, package.slug, limits)
    submission = normalise(upload, package.starter, package.manifest.editable, package.slug, limits)
    old = read_receipt(receipt) if receipt else None
    if output and not output.absolute().parent.is_dir():
        raise MendboxError(f"there is no folder {output.absolute().parent}", hint="make it, or give another --output")
    if not context.json:
        context.err.print(heading(package))
        context.err.print(left_out(submission.left_out), end="")
        context.err.print(diffstat(submission, package.starter))
    with open_sandbox(context.settings, context.progress) as sandbox:
        options = GradingOptions(seed=old.seed if old else seed)
        grade = grade_submission(package, submission, sandbox, options)
    differences = compare(old, grade.receipt) if old else None
    document: dict[str, Any] = grade.model_dump(mode="json")
    if differences is not None:
        document["comparison"] = {"same": not differences, "differences": differences}
    if output:
        output.write_text(json.dumps(document, indent=2) + "\n")
    if context.json:
        context.print_json(document)
        return
    context.out.print(grade_summary(document))
    context.out.print(failing_tests(grade))
    if differences is not None:
        same = "the same grade again" if not differences else "NOT the same: " + "; ".join(differences)
        context.out.print(f"by the receipt: {same}", style="green" if not differences else "red")


def read_receipt(path: Path) -> Receipt:
    """A receipt from its own file or from a grade's. Raises MendboxError."""
    try:
        document = json.loads(path.read_text())
        return Receipt.model_validate(document.get("receipt", document))
    except (OSError, ValueError, AttributeError, ValidationError) as error:
        why = error.strerror if isinstance(error, OSError) else "it does not have a receipt's fields"
        raise MendboxError(
            f"{path} is no receipt: {why}", hint="give a file that `mendbox grade --json` or `--output` wrote"
        ) from None


def compare(old: Receipt, new: Receipt) -> list[str]:
    """What differs between two receipts of what should be the same grade."""
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    return [f"{name} was {before[name]}, is {after[name]}" for name in before if before[name] != after[name]]


__all__ = ["Grade", "compare", "grade_command", "read_receipt"]

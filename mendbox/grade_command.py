"""`mendbox grade`: here and now, without API or queue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from mendbox.app import Context, ends_well, json_option, pass_context
from mendbox.packing import read_fix
from mendbox.sandboxes import open_sandbox
from mendbox.show import diffstat, failing_tests, grade_summary, heading, left_out
from mendbox.variants import load_variant, variant_option
from runner.errors import MendboxError
from runner.grading.models import Grade, Receipt
from runner.grading.service import GradingOptions, grade_submission
from runner.limits import SubmissionLimits
from runner.submissions.normalise import normalise


@click.command("grade")
@click.argument("challenge")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--receipt", type=click.Path(path_type=Path), help="Grade again by this receipt (or grade) and compare.")
@variant_option
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=None, help="The grading's seed; drawn otherwise.")
@click.option("--output", type=click.Path(path_type=Path), help="Also write the grade as JSON to this file.")
@json_option
@pass_context
@ends_well
def grade_command(
    context: Context, /, challenge: str, path: Path, receipt: Path | None, output: Path | None, **drawn: Any
) -> None:
    """Grade a directory, .zip, .tar.gz or .patch against CHALLENGE (a slug or a path to a package).

    Exit 0 when a grade was given, whatever the score; 2 for a rejected submission or an invalid package; 3 for a
    fault of the platform.
    """
    for option in ("seed", "variant"):
        if receipt and drawn[option] is not None:
            said = f"--receipt and --{option} don't go together"
            raise MendboxError(said, hint=f"leave out --{option}: a receipt has its own")
    old = read_receipt(receipt) if receipt else None
    variant = old.receipt.variant if old else drawn["variant"]
    package = load_variant(context.settings.challenges, challenge, variant)
    limits = SubmissionLimits()
    upload = read_fix(path, package.slug, limits)
    submission = normalise(upload, package.starter, package.manifest.editable, package.slug, limits)
    if old and old.receipt.challenge != package.slug:
        raise MendboxError(
            f"{receipt} is a receipt of the challenge {old.receipt.challenge}, not of {package.slug}",
            hint="name that challenge, or give a receipt of this one",
        )
    if output and not output.absolute().parent.is_dir():
        raise MendboxError(f"there is no folder {output.absolute().parent}", hint="make it, or give another --output")
    if not context.json:
        context.err.print(heading(package))
        context.err.print(left_out(submission.left_out), end="")
        context.err.print(diffstat(submission, package.starter))
    with open_sandbox(context.settings, context.progress) as sandbox:
        options = GradingOptions(seed=old.receipt.seed if old else drawn["seed"])
        grade = grade_submission(package, submission, sandbox, options)
    differences = compare(old, grade) if old else None
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


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier grade: its receipt and, from a whole grade, how each hidden test ended."""

    receipt: Receipt
    statuses: Mapping[str, str]


def read_receipt(path: Path) -> Earlier:
    """A receipt from its own file, a grade's, or a submission's with its grade. Raises MendboxError."""
    try:
        document = json.loads(path.read_text())
        document = document.get("grade") or document
        tests = {test["id"]: test["status"] for test in document.get("tests", ())}
        return Earlier(Receipt.model_validate(document.get("receipt", document)), tests)
    except (OSError, ValueError, AttributeError, KeyError, TypeError, ValidationError) as error:
        why = error.strerror if isinstance(error, OSError) else "it does not have a receipt's fields"
        raise MendboxError(
            f"{path} is no receipt: {why}",
            hint="give a file that `mendbox grade --json`, `--output` or `mendbox submit --json` wrote",
        ) from None


def compare(old: Earlier, new: Grade) -> list[str]:
    """What differs between two grades that should be the same: what stands in the receipt and, where known, tests."""
    # A receipt from before the challenge had variants is of what is `base` now.
    before, after = (
        each.model_dump(mode="json") | {"variant": each.variant or "base"} for each in (old.receipt, new.receipt)
    )
    differences = [f"{name} was {before[name]}, is {after[name]}" for name in before if before[name] != after[name]]
    now = {test.id: test.status.value for test in new.tests}
    for test in {**old.statuses, **now} if old.statuses else {}:
        was, is_now = old.statuses.get(test, "not there"), now.get(test, "not there")
        if was != is_now:
            differences.append(f"{test} was {was}, is {is_now}")
    return differences


__all__ = ["Earlier", "Grade", "compare", "grade_command", "read_receipt"]

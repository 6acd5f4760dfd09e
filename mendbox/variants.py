"""`--variant`: which of a challenge's variants a command means."""

from __future__ import annotations

from pathlib import Path

import click

from runner.packages.finder import find_challenge
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage
from runner.packages.rewording import package_of
from runner.packages.variant import BASE, variant_named

variant_option = click.option(
    "--variant",
    metavar="VARIANT",
    default=None,
    help="Of a challenge with variants, which: such as house=1,bug=rounding, or a number, which draws one.",
)


def load_variant(root: Path, challenge: str, variant: str | None) -> ChallengePackage:
    """A package by slug or path, or the variant of it; without one, of a package that has variants, `base`.

    Raises ChallengeNotFound, PackageInvalid, and NoSuchVariant.
    """
    return as_variant(load_package(find_challenge(challenge, root)), variant)


def as_variant(package: ChallengePackage, variant: str | None) -> ChallengePackage:
    """The variant of a package that is loaded. Raises NoSuchVariant."""
    manifest = package.manifest
    return package_of(package, variant_named(variant, manifest) if variant is not None else BASE)

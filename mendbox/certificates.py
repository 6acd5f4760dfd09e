"""A certificate as commands make it, write it and tell it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.certification.trials import Tried, proposed_limits, timed
from runner.errors import PackageInvalid
from runner.limits import Limits
from runner.mutation.campaign import Campaign
from runner.packages.certificate import CERTIFICATE, Certificate, Certified, MutationScore, ProposedLimits
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage


@dataclass(frozen=True)
class Examined:
    """A package, with one bug seeded, and the trials it was put through."""

    package: ChallengePackage
    tried: Sequence[Tried]


def certificate_of(
    package: ChallengePackage,
    examined: Sequence[Examined],
    campaign: Campaign,
    *,
    variants: Sequence[str],
    mendbox_version: str,
) -> Certificate:
    """The certificate of a package that came through without a problem, and these variants with it. Pure.

    `campaign`: the mutants of all its bugs' fixes.
    """
    tried = [each for one in examined for each in one.tried]
    return Certificate(
        digest=package.content_digest,
        mendbox=mendbox_version,
        runs=min(len(one.tried) // len(one.package.fixes) for one in examined),
        surroundings=tuple(dict.fromkeys(each.trial.surroundings.name for each in tried)),
        variants=tuple(variants),
        values={each.name: each.values for each in package.manifest.variations},
        tests=timed(tried),
        proposed=proposed_limits(tried),
        mutation=MutationScore(killed=campaign.killed, survived=len(campaign.lived), equivalent=campaign.equivalent),
    )


def advice(limits: Limits, proposed: ProposedLimits) -> str:
    """The proposed deadlines beside those that hold. Pure."""
    fields = ProposedLimits.model_fields
    pairs = [f"{name} = {getattr(proposed, name):g} (now {getattr(limits, name):g})" for name in fields]
    return f"by what was measured, [limits] could say {', '.join(pairs)}"


def certified(folder: Path) -> Certified:
    """What a folder has for a certificate; one that can't be read, or is of a package that can't, is stale."""
    if not (folder / CERTIFICATE).is_file():
        return Certified.NONE
    try:
        return load_package(folder).certified
    except PackageInvalid:
        return Certified.STALE


def write_whole(path: Path, text: str) -> None:
    """Replace a file at once: never half of it."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)

"""Packages as pages tell of them: what a candidate may see, and what a challenge was put through. Pure.

Nothing of hidden suites, fixes, mistakes or notes is read here; of a certificate the numbers and no test's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from markdown_it import MarkdownIt

from runner.packages.certificate import Certificate, Certified
from runner.packages.manifest import Area, Level
from runner.packages.package import ChallengePackage
from runner.packages.variant import variants_of
from runner.services import SERVICES

_SERVICES = {name: service.title for name, service in SERVICES.items()}


def by_level(packages: Sequence[ChallengePackage]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Packages as `described`, the easier first, under each level's name."""
    rows = [described(package) for package in sorted(packages, key=_order)]
    return [(level, list(each)) for level, each in groupby(rows, key=lambda row: row["level"])]


def brief_html(brief: str) -> str:
    """A brief's Markdown as HTML, without its title. HTML in it is text, and no link leads to a script."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(brief)
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        tokens = tokens[3:]
    return str(parser.renderer.render(tokens, parser.options, {}))


def inline_html(text: str) -> str:
    """One line with `code` in it, as a requirement's message is, as HTML.

    Nothing else is taken for Markdown: where an app fails, a message may quote it, and so whoever wrote the app.
    """
    return str(MarkdownIt("zero").enable("backticks").renderInline(text))


def _order(package: ChallengePackage) -> tuple[int, int, str]:
    manifest = package.manifest
    return list(Level).index(manifest.level), list(Area).index(manifest.area), manifest.title


def described(package: ChallengePackage) -> dict[str, Any]:
    """What a template says of a package."""
    manifest = package.manifest
    return {
        "slug": package.slug,
        "title": manifest.title,
        "version": manifest.version,
        "summary": manifest.summary,
        "level": manifest.level.value,
        "area": manifest.area.value,
        "minutes": manifest.minutes,
        "editable": list(manifest.editable),
        "services": [_SERVICES.get(service, service) for service in manifest.services],
        "tests": len(package.inventory.tests) if package.inventory else 0,
        "variants": variants_of(manifest),
        "certified": package.certified is Certified.CURRENT,
        "digest": package.digest,
    }


def proof_of(package: ChallengePackage) -> dict[str, Any] | None:
    """What a reader wants to know of a package's certificate; None where it has none for its present content."""
    certificate: Certificate | None = package.certificate if package.certified is Certified.CURRENT else None
    if certificate is None:
        return None
    mutation = certificate.mutation
    mutants = mutation.killed + mutation.survived
    return {
        "runs": certificate.runs,
        "surroundings": list(certificate.surroundings),
        "killed": mutation.killed,
        "mutants": mutants,
        "percent": round(100 * mutation.killed / mutants) if mutants else None,
    }

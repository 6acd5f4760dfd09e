"""Packages as HTML: a list and a page each, of what a candidate may see and what the certificate tells. Pure.

Nothing of hidden suites, fixes, mistakes or notes is read here; of a certificate the numbers and no test's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape
from markdown_it import MarkdownIt

from mendbox.library import ASSETS, GENERATOR, INDEX
from runner.packages.certificate import Certificate, Certified
from runner.packages.manifest import Area, Level
from runner.packages.package import ChallengePackage
from runner.packages.variant import variants_of
from runner.services import SERVICES

_TEMPLATES = files("mendbox.library") / "templates"
_SERVICES = {name: service.title for name, service in SERVICES.items()}


def site(packages: Sequence[ChallengePackage]) -> Mapping[str, str]:
    """All files of the catalogue, by name."""
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=select_autoescape(["html"], default_for_string=True, default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    packages = sorted(packages, key=_order)
    described = [_described(package) for package in packages]
    common = {"generator": GENERATOR}
    made = {name: _template(name) for name in ASSETS}
    made[INDEX] = environment.get_template("list.html").render(
        **common,
        challenges=described,
        levels=[(level, list(rows)) for level, rows in groupby(described, key=lambda row: row["level"])],
    )
    page = environment.get_template("challenge.html")
    for package, row in zip(packages, described, strict=True):
        made[row["page"]] = page.render(
            **common,
            challenge=row,
            brief=brief_html(package.brief),
            requirements=package.manifest.requirements,
            proof=_proof(package.certificate if package.certified is Certified.CURRENT else None),
        )
    return made


def brief_html(brief: str) -> str:
    """A brief's Markdown as HTML, without its title. HTML in it is text, and no link leads to a script."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(brief)
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        tokens = tokens[3:]
    return str(parser.renderer.render(tokens, parser.options, {}))


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


def _order(package: ChallengePackage) -> tuple[int, int, str]:
    manifest = package.manifest
    return list(Level).index(manifest.level), list(Area).index(manifest.area), manifest.title


def _described(package: ChallengePackage) -> dict[str, Any]:
    manifest = package.manifest
    return {
        "page": f"{package.slug}.html",
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


def _proof(certificate: Certificate | None) -> dict[str, Any] | None:
    """What a reader wants to know of a certificate."""
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

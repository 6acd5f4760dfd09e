"""Packages as HTML: a list and a page each, of what a candidate may see and what the certificate tells. Pure.

Nothing of hidden suites, fixes, mistakes or notes is read here; of a certificate the numbers and no test's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

from api.pages.described import brief_html, by_level, proof_of
from mendbox.library import ASSETS, GENERATOR, INDEX
from runner.packages.package import ChallengePackage

_TEMPLATES = files("mendbox.library") / "templates"


def site(packages: Sequence[ChallengePackage]) -> Mapping[str, str]:
    """All files of the catalogue, by name."""
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=select_autoescape(["html"], default_for_string=True, default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    levels = by_level(packages)
    rows = {row["slug"]: row | {"page": f"{row['slug']}.html"} for _, each in levels for row in each}
    common = {"generator": GENERATOR}
    made = {name: _template(name) for name in ASSETS}
    made[INDEX] = environment.get_template("list.html").render(
        **common,
        challenges=list(rows.values()),
        levels=[(level, [rows[row["slug"]] for row in each]) for level, each in levels],
    )
    page = environment.get_template("challenge.html")
    for package in packages:
        row = rows[package.slug]
        made[row["page"]] = page.render(
            **common,
            challenge=row,
            brief=brief_html(package.brief),
            requirements=package.manifest.requirements,
            proof=proof_of(package),
        )
    return made


def _template(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")

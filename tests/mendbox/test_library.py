"""`mendbox challenge docs`: the catalogue tells what candidates may see, what was proved, and nothing hidden."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from api.pages.described import brief_html
from mendbox.library import INDEX
from mendbox.library.pages import site
from runner.packages.finder import list_challenges
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage
from tests.mendbox.cli import CHALLENGES, Cli

SLUGS = [folder.name for folder in list_challenges(CHALLENGES)]
#: Elements without an end tag.
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """A page's links, its anchors, its text, and whether its elements are closed as they were opened."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        assert self._open == [], f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [value for name in ("href", "src") if (value := given.get(name)) is not None]
        if identity := given.get("id"):
            assert identity not in self.anchors, f"twice: {identity}"
            self.anchors.add(identity)
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def packages() -> list[ChallengePackage]:
    return [load_package(CHALLENGES / slug) for slug in SLUGS]


@pytest.fixture(scope="module")
def pages(packages: list[ChallengePackage]) -> dict[str, str]:
    return dict(site(packages))


def test_each_challenge_has_a_page_that_the_list_leads_to(
    pages: dict[str, str], packages: list[ChallengePackage]
) -> None:
    listed = Page(pages[INDEX])
    for package in packages:
        assert f"{package.slug}.html" in listed.links
        assert package.manifest.title in listed.text
        assert package.manifest.summary in listed.text


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_has_the_requirements_and_the_brief(pages: dict[str, str], slug: str) -> None:
    package = load_package(CHALLENGES / slug)
    page = Page(pages[f"{slug}.html"])
    for requirement in package.manifest.requirements:
        assert requirement.title in page.text
    words = re.findall(r"[A-Za-z]{4,}", package.brief)
    assert len(words) > 100
    assert [word for word in words if word not in page.text] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_that_is_hidden_is_in_it(pages: dict[str, str], slug: str) -> None:
    package = load_package(CHALLENGES / slug)
    whole = "\n".join(pages.values())
    assert package.inventory is not None
    assert [test.id for test in package.inventory.tests if test.id.rpartition("::")[2] in whole] == []
    assert [name for name, mistake in package.mistakes.items() if mistake.summary in whole] == []
    assert [requirement.id for requirement in package.manifest.requirements if requirement.message in whole] == []
    assert [line for line in _lines(package.notes) if line in whole] == []
    hidden = {line for data in package.hidden.values() for line in _lines(data.decode())}
    public = set(_lines(package.brief))
    assert [line for line in hidden - public if line in whole] == []


def _lines(text: str) -> list[str]:
    """Lines that are long enough to be no coincidence."""
    return [line.strip() for line in text.splitlines() if len(line.strip()) > 40]


def test_every_link_leads_to_a_page_or_a_place_of_the_catalogue(pages: dict[str, str]) -> None:
    for name, html in pages.items():
        if not name.endswith(".html"):
            continue
        page = Page(html)
        for link in page.links:
            target, _, anchor = link.partition("#")
            assert not target or target in pages, f"{name}: {link}"
            assert not anchor or anchor in Page(pages[target or name]).anchors, f"{name}: {link}"


def test_a_certificate_is_told_in_words_and_its_absence_too(packages: list[ChallengePackage]) -> None:
    (certified,) = (package for package in packages if package.slug == "user-500")
    assert certified.certificate is not None
    told = site([certified])["user-500.html"]
    mutation = certified.certificate.mutation
    assert f"Of {mutation.killed + mutation.survived} small faults" in told
    assert f"noticed {mutation.killed}:" in told
    assert "Certified" in site([certified])[INDEX]

    bare = replace(certified, certificate=None)
    assert "mendbox challenge check user-500 --certify" in site([bare])["user-500.html"]
    assert "Not certified<" in site([bare])[INDEX]


def test_a_brief_can_hold_no_script_and_keeps_its_tables() -> None:
    html = brief_html(
        "# Title\n\n<script>alert(1)</script> [x](javascript:alert(1))\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "<td>1</td>" in html
    assert "Title" not in html


def test_on_the_command_line(mendbox: Cli, tmp_path: Path) -> None:
    out = tmp_path / "site"
    done = mendbox("challenge", "docs", "--out", out, "--json")
    assert done.code == 0, done.err
    assert set(done.json["pages"]) == {path.name for path in out.iterdir()}
    assert {INDEX, "user-500.html", "style.css"} <= set(done.json["pages"])

    (out / "gone.html").write_text((out / "user-500.html").read_text())
    again = mendbox("challenge", "docs", "--out", out)
    assert again.code == 0
    assert str(out / INDEX) in again.out.replace("\n", "")
    assert not (out / "gone.html").exists()


def test_a_folder_with_other_things_is_left_alone(mendbox: Cli, tmp_path: Path) -> None:
    (tmp_path / "thesis.html").write_text("<p>years of work")
    done = mendbox("challenge", "docs", "--out", tmp_path)
    assert done.code == 2
    assert "thesis.html" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.html"]


def test_a_broken_package_is_left_out_and_named(mendbox: Cli, tmp_path: Path) -> None:
    library = tmp_path / "challenges"
    for slug in ("user-500", "pagination"):
        shutil.copytree(CHALLENGES / slug, library / slug)
    (library / "pagination" / "challenge.toml").write_text("format = 1\n")
    done = mendbox("challenge", "docs", "--out", tmp_path / "site", MENDBOX_CHALLENGES=str(library))
    assert done.code == 2
    assert "mendbox challenge check pagination" in done.err
    assert (tmp_path / "site" / "user-500.html").exists()
    assert not (tmp_path / "site" / "pagination.html").exists()

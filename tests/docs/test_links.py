"""What the pages point to is there: files, headings, modules, tests, addresses of the API, metrics."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest
from werkzeug.exceptions import MethodNotAllowed

from api.app import create_app
from store.progress import Progress
from store.queue import GradingQueue, connect
from store.settings import Settings
from store.store import Store
from tests.docs.pages import ROOT, Page, pages

PAGES = pages()
FOLDERS = ("api", "challenges", "docs", "mendbox", "runner", "scripts", "store", "tests", "worker", ".ci")
_PATH = re.compile(rf"(?:{'|'.join(map(re.escape, FOLDERS))})/[\w./-]*(?:::\w+)?")
_NAME = re.compile(r"(?:api|mendbox|runner|store|worker)(?:\.\w+)+")
_ADDRESS = re.compile(r"(?:(?P<method>GET|POST|DELETE) )?(?P<path>/api/v1/[\w/{}$.-]+|/healthz|/readyz|/metrics)")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@each_page
def test_every_link_leads_somewhere(page: Page) -> None:
    for link in page.links:
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.path.parent / path).resolve() if path else page.path
        assert target.exists(), link
        if anchor:
            assert anchor in Page(target).anchors, link


@each_page
def test_every_path_that_is_named_is_there_and_every_test_in_it(page: Page) -> None:
    for span in page.code:
        if not _PATH.fullmatch(span):
            continue
        path, _, name = span.partition("::")
        assert (ROOT / path).exists(), span
        if name:
            assert name in functions(ROOT / path), span


def functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


@each_page
def test_every_name_of_the_code_resolves(page: Page) -> None:
    for span in page.code:
        if _NAME.fullmatch(span) and not span.endswith((".md", ".toml", ".db", ".log")):
            resolve(span)


def resolve(dotted: str) -> None:
    parts = dotted.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            found = getattr(found, part)
        return
    raise AssertionError(f"there is no {dotted}")


def test_every_address_of_the_api_that_is_named_is_there(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, redis_url="unix:///nowhere")
    redis = connect(settings.redis_url)
    with Store.open(f"sqlite:///{tmp_path / 'docs.db'}") as store:
        app = create_app(settings, store, GradingQueue(redis, settings), Progress(redis, settings))
        adapter = app.url_map.bind("localhost")
        named = 0
        for page in PAGES:
            for match in _ADDRESS.finditer(page.text):
                path = re.sub(r"\{\w+\}|\$\w+", "0" * 32, match["path"]).rstrip(".")
                try:
                    adapter.match(path, method=match["method"] or "GET")
                except MethodNotAllowed:
                    assert match["method"] is None, match[0]
                named += 1
    assert named > 20


def test_the_metrics_that_are_named_are_those_that_there_are() -> None:
    operations = next(page for page in PAGES if page.name == "docs/operations.md")
    named = {span.removesuffix("_total") for span in operations.code if re.fullmatch(r"mendbox_\w+", span)}
    source = (ROOT / "api" / "metrics.py").read_text()
    assert named == set(re.findall(r'"(mendbox_\w+)"', source))


@each_page
def test_every_decision_is_in_the_list_of_decisions(page: Page) -> None:
    if page.path.parent.name == "adr" and page.path.name != "README.md":
        listed = next(other for other in PAGES if other.name == "docs/adr/README.md")
        assert page.path.name in listed.links
        assert re.match(rf"# {page.path.name[:4]}: ", page.text)
        assert "## Decision" in page.text
        assert "## Consequences" in page.text

"""The inventories name what the code has, all of it and nothing else."""

from __future__ import annotations

import re

import pytest

from docs.build import block
from docs.inventory import cryptography, uses
from mendbox.services import LOG_BYTES
from store.tables import TokenRow
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "inventories.md").read_text()
CLASSES = {"secret", "personal", "internal", "public"}


def rows(heading: str) -> list[list[str]]:
    """The cells of every line of tables below a heading of the second level."""
    part = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line[:2] == "| "]


def test_every_table_of_the_database_is_classified() -> None:
    classified = {cells[0].strip("`"): cells[1].partition(",")[0] for cells in rows("Data") if cells[0][0] == "`"}
    assert set(classified) == set(TokenRow.metadata.tables), "say in docs/inventories.md what is in the new table"
    assert set(classified.values()) <= CLASSES


def test_every_class_has_its_rules() -> None:
    rules = {cells[0]: cells[2] for cells in rows("Data") if cells[0] in CLASSES}
    assert set(rules) == CLASSES
    assert all(rules.values())


def test_the_table_of_cryptography_is_current() -> None:
    assert block(PAGE, "cryptography") == cryptography(), "run: python -m docs.build cryptography"


@pytest.mark.parametrize(
    ("source", "called"),
    [
        ("import hashlib\nhashlib.sha256(b'')\n", ["hashlib.sha256"]),
        ("from hashlib import sha256 as digest\ndigest(b'')\n", ["hashlib.sha256"]),
        ("import uuid\nuuid.uuid4()\nuuid.uuid5(a, b)\n", ["uuid.uuid4"]),
        ("import secrets, hmac as h\nsecrets.token_hex(4)\nh.new(k, m, d)\n", ["hmac.new", "secrets.token_hex"]),
        ("import json\njson.loads('')\nhashlib.sha256(b'')\n", []),
    ],
)
def test_a_use_of_cryptography_is_seen_by_whatever_name(source: str, called: list[str]) -> None:
    assert uses(source) == called


def test_logs_are_kept_as_long_as_the_page_says() -> None:
    kept = {cells[0]: cells[3] for cells in rows("Logs")}
    assert f"more than {LOG_BYTES // 1_000_000} MB" in kept["the API's requests and faults"]
    compose = (ROOT / "docker-compose.yml").read_text()
    size, count = re.findall(r'max-size: (\d+)m, max-file: "(\d+)"', compose)[0]
    assert kept["each part with Compose"] == f"{count} files of {size} MB"

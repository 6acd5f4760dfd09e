"""The addresses that the app gives: all of them are made here."""

from __future__ import annotations

from typing import Any

from flask import url_for

from seedbank.models import Accession


def accession_url(accession: Accession, view: str = "show", **values: Any) -> str:
    """The address of an accession's page, or of another of its views. Older numbers take two parts of it."""
    year, slash, serial = accession.number.partition("/")
    parts = {"year": year, "serial": serial} if slash else {"number": accession.number}
    return url_for(f"{accession.section}.{view}", **parts, **values)


def section_url(section: str, **values: Any) -> str:
    return url_for(f"{section}.index", **values)

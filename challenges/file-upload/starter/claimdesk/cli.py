"""`flask seed`: a few claims to develop against."""

from __future__ import annotations

import os

import click
from flask import Flask

from claimdesk.extensions import db
from claimdesk.models import Attachment, Claim
from claimdesk.storage import full_path

#: The smallest there are: one grey pixel, and a page without anything on it.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636800000082008177cd72b60000000049454e44ae426082"
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


def add_demo_claims() -> None:
    """Store three claims in an empty database, and the files of one of them."""
    claims = [
        Claim(number="HM-2041", holder="Lotte Aarden", subject="Hail on a roof window"),
        Claim(number="HM-2042", holder="Samir Haddad", subject="Rear bumper, car park"),
        Claim(number="HM-1987", holder="Ingrid Moe", subject="Burst pipe in the cellar", closed=True),
    ]
    db.session.add_all(claims)
    first = claims[0]
    _attach(first, "photo", "window.png", f"{first.number}/window.png", "image/png", PNG)
    _attach(first, "estimate", "offer 17.pdf", "estimates/offer 17.pdf", "application/pdf", PDF)
    db.session.commit()


def _attach(claim: Claim, role: str, name: str, path: str, content_type: str, data: bytes) -> None:
    target = full_path(path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(data)
    db.session.add(
        Attachment(claim=claim, role=role, name=name, path=path, content_type=content_type, size=len(data))
    )


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo claims."""
        db.drop_all()
        db.create_all()
        add_demo_claims()
        click.echo("The claims desk has 3 claims.")

"""`flask seed`: a small archive to look around in."""

import click
from flask import Flask

from coreshed.extensions import db
from coreshed.models import Company, Core, Interval, Person, Share, token_digest


def add_demo_archive() -> None:
    """Store the demo archive in empty tables. The token of Ada Berg is `ada`, and so on."""
    granberget, lappland = Company(id=1, name="Granberget Mining"), Company(id=2, name="Lappland Copper")
    db.session.add_all([granberget, lappland])
    for number, (name, company) in enumerate(
        [("Ada Berg", granberget), ("Bo Lind", granberget), ("Cleo Sandvik", lappland)], 1
    ):
        token = name.split()[0].lower()
        db.session.add(Person(id=number, name=name, company=company, token_digest=token_digest(token)))
    for number, (hole, company) in enumerate([("GB-01", granberget), ("GB-02", granberget), ("LC-07", lappland)], 1):
        core = Core(id=number, hole=hole, field="Granberget", company=company, bottom_mm=30_480 * number)
        core.intervals = [
            Interval(top_mm=0, bottom_mm=3048, rock="till"),
            Interval(top_mm=3048, bottom_mm=30_480 * number, rock="greenstone"),
        ]
        db.session.add(core)
    db.session.flush()
    db.session.add(Share(core_id=2, company_id=2))
    db.session.commit()


def register(app: Flask) -> None:
    """Add the command to `app`."""

    @app.cli.command("seed")
    def seed() -> None:
        """Empty the database and store the demo archive."""
        db.drop_all()
        db.create_all()
        add_demo_archive()
        click.echo("The archive holds 3 cores. Tokens are ada, bo and cleo.")

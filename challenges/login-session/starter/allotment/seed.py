"""A small association to work with: `flask seed`."""

from datetime import date, timedelta

import click
from flask.cli import with_appcontext

from allotment.extensions import db
from allotment.models import Member, Notice, Plot, Shift, Site

MEMBERS = (
    ("ada@riverside.example", "Ada Byrne", "Runner beans!", "A-1"),
    ("tomasz@riverside.example", "Tomasz Zieliński", "żółw i żaba", "A-7"),
    ("grace@riverside.example", "Grace Okafor", "8d$Kq$pumpkin", "B-3"),
)


def store_association() -> None:
    upper, lower = Site(slug="weir", name="At the Weir"), Site(slug="mill", name="Mill Meadow")
    upper.notices = [Notice(text="The pump is off until Thursday."), Notice(text="Slugs: copper tape is in the shed.")]
    lower.notices = [Notice(text="The gate sticks. Lift, then push.")]
    db.session.add_all([upper, lower])
    for email, name, password, label in MEMBERS:
        plot = Plot(label=label, square_metres=240, meter=17, site=upper if label.startswith("A") else lower)
        db.session.add(Member(email=email, name=name, password=password, plot=plot))
    for days, task in ((6, "Mow the paths"), (13, "Mend the fence"), (20, "Turn the compost")):
        db.session.add(Shift(day=date.today() + timedelta(days=days), task=task, places=4))
    db.session.commit()


@click.command("seed")
@with_appcontext
def seed_command() -> None:
    """Empty the database and store a small association."""
    db.drop_all()
    db.create_all()
    store_association()
    click.echo("Stored two sites and three members.")

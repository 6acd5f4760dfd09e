"""`python -m cafe` serves the café's book on port 5000; `python -m cafe seed` empties it and stores a demo evening."""

import datetime
import decimal
import sys

from werkzeug.security import generate_password_hash

from cafe import create_app
from cafe.database import Base
from cafe.models import Item, Note, Rate, Visitor


def add_demo_evening(session):
    inge = Visitor(name=u"Inge Hölzl", email="inge@example.org", street=u"Café-Gasse 5/7: Hof", password=hashed("kettle and pot"))
    bo = Visitor(name="Bo <Bobby> Lund", email="bo@example.org", password=hashed("two left feet"))
    day = datetime.date(2018, 11, 3)
    kettle = Item(kind="kettle", fault=u"leaks,\nand smells of “fish”", brought_on=day, estimate=decimal.Decimal("12.50"))
    kettle.visitor = inge
    radio = Item(kind="radio", fault="hums & crackles", state="mended", brought_on=day)
    radio.visitor = inge
    toy = Item(kind="toy", fault="no <wheel>", brought_on=day, estimate=decimal.Decimal("4"))
    toy.visitor = bo
    note = Note(text=u"capacitor gets hot – replaced", written_at=datetime.datetime(2018, 11, 3, 18, 5, 40))
    note.item = radio
    session.add_all([inge, bo, kettle, radio, toy, note, Rate(kind="kettle", cents=1500), Rate(kind="radio", cents=2250), Rate(kind="toy", cents=800)])
    session.commit()


def hashed(password):
    return generate_password_hash(password)


def main():
    app = create_app()
    if sys.argv[1:] == ["seed"]:
        from sqlalchemy.orm import sessionmaker

        Base.metadata.drop_all(app.engine)
        Base.metadata.create_all(app.engine)
        add_demo_evening(sessionmaker(app.engine)())
    else:
        app.run(port=5000)


if __name__ == "__main__":
    main()

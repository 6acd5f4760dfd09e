"""Builds and seeds the candidate's app. Runs beside the candidate's code, so it holds no secrets.

`build` runs once for a grading. Every hidden test then gets a fork of that process: each starts from the same data, and
nothing that one test writes is seen by another.

The data is drawn from the grading's seed, so that no two gradings have the same and nobody can answer from what an
earlier one was told. The hidden suite draws the same by `from mendbox_harness import Library`: what only the app's side
needs is therefore imported where it is used.
"""

import random
from datetime import date, timedelta

TITLES = ("The Left Hand of Darkness", "Middlemarch", "Invisible Cities", "Beloved", "Austerlitz", "Kindred", "Solaris")
READERS = ("Ines", "Tomasz", "Ayo", "Mira", "Jonas", "Leila", "Pavel", "Greta")


class Library:
    """Four loans: `out` and `other_out` are not back yet, `old` came back more than a year late, `early` early."""

    def __init__(self, seed):
        rng = random.Random(f"library {seed}")
        numbers = rng.sample(range(100, 10_000), 4)
        titles, readers = rng.sample(TITLES, 4), rng.sample(READERS, 4)
        start = date(2024, 1, 1) + timedelta(days=rng.randrange(300))

        def loan(due, returned=None):
            return {"id": numbers.pop(), "title": titles.pop(), "reader": readers.pop(), "due": due, "returned": returned}

        def later(day, least, most):
            return day + timedelta(days=rng.randrange(least, most))

        lent_first = later(start, 0, 30)
        self.old = loan(lent_first, later(lent_first, 370, 400))
        due = later(start, 40, 80)
        self.early = loan(due, due - timedelta(days=rng.randrange(1, 10)))
        self.out, self.other_out = loan(later(start, 90, 120)), loan(later(start, 130, 160))
        self.loans = [self.old, self.early, self.out, self.other_out]
        rng.shuffle(self.loans)


def build(context):
    create_app = context.load()  # the entry of challenge.toml, imported from the candidate's files
    # In memory is best where it will do. For two processes on the same data use a file in context.data_dir, and close
    # its connections before you return: db.engine.dispose().
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
    from library.models import Loan, db

    with app.app_context():
        db.create_all()
        db.session.add_all([Loan(**loan) for loan in Library(context.seed).loans])
        db.session.commit()
    return app

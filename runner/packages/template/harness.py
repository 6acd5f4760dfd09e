"""Builds and seeds the candidate's app. Runs beside the candidate's code, so it holds no secrets.

`build` runs once for a grading. Every hidden test then gets a fork of that process: each starts from the same data, and
nothing that one test writes is seen by another.
"""

from datetime import date


def build(context):
    create_app = context.load()  # the entry of challenge.toml, imported from the candidate's files
    # In memory is best where it will do. For two processes on the same data use a file in context.data_dir, and close
    # its connections before you return: db.engine.dispose().
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
    from library.models import Loan, db

    with app.app_context():
        db.create_all()
        db.session.add_all(
            [
                Loan(title="The Left Hand of Darkness", reader="Ines", due=date(2026, 3, 10)),
                Loan(title="Middlemarch", reader="Tomasz", due=date(2026, 3, 12)),
                Loan(title="Invisible Cities", reader="Ayo", due=date(2025, 3, 1), returned=date(2026, 3, 1)),
                Loan(title="Beloved", reader="Mira", due=date(2026, 2, 20), returned=date(2026, 2, 11)),
            ]
        )
        db.session.commit()
    return app

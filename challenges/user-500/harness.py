"""Builds the directory and fills it with a company that is not the starter's demo company.

Rows are inserted by table, not through the models, so that people come without a profile as they do in production,
whatever a submission does when a `User` is made.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import text

OFFICES = [(1, "BRS", "Bristol"), (2, "GOT", "Göteborg"), (3, "TLN", "Tallinn")]
TEAMS = [
    (1, "leadership", "Leadership"),
    (2, "firmware", "Firmware"),
    (3, "field", "Field Service, North"),
    (4, "finance", "Finance"),
]
# id, username, name, team, manager, active
USERS = [
    (11, "m.brandt", "Matilda Brandt", 1, None, True),
    (23, "o.salonen", "Oskar Salonen", 2, 11, True),
    (24, "p.dacosta", "Pia da Costa", 2, 23, True),
    (27, "r.iqbal", "Rafi Iqbal", 2, 23, True),
    (31, "s.okafor", "Selma Okafor", 3, 11, True),
    (35, "t.young", "Tobias Young", 3, 31, True),
    (36, "u.weiss", "Ulla Weiss", 3, 31, False),
    (38, "v.marsh", "Vera Marsh", 4, 11, True),
    (39, "w.abara", "Will Abara", 4, 38, True),
    (40, "x.chen", "Xin Chen", 4, 38, True),
]
# user, title, phone, pronouns, bio, started on, office
PROFILES = [
    (11, "Chief Executive", None, "she/her", None, date(2009, 1, 5), 1),
    (23, "Head of Firmware", "+46 31 555 0123", "he/him", "Soldering since 1994.", date(2014, 8, 18), 2),
    (24, "Firmware Engineer", "+372 555 0124", None, None, None, 3),
    (27, None, None, None, None, None, None),
    (31, "Head of Field Service", "+44 117 555 0131", "she/her", None, date(2012, 11, 1), 1),
    (35, "Technician; Pumps, Valves", None, None, None, date(2021, 2, 1), None),
    (36, "Technician", "+44 117 555 0136", None, None, date(2017, 6, 12), 1),
    (39, "Accountant", None, None, "Also runs the choir.", None, 3),
]


def build(context: Any) -> Any:
    """The candidate's app with ten people, two of them without a profile, one without a manager, one who left."""
    create_app = context.load()
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://", "COMPANY_NAME": "Fernhill Robotics, Ltd"})
    with app.app_context():
        _store(app.extensions["sqlalchemy"])
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query; then start afresh."""
    client = app.test_client()
    for number in range(3):
        new = {"username": f"w.{number}", "name": "Warm", "email": f"{number}@fernhill.example", "team": "field"}
        client.post("/users", json=new)
        client.patch("/users/24/profile", json={"title": "Warm", "office": "TLN"})
        for path in ("/users/24", "/users/24/manager", "/users/23/reports", "/users/24/card", "/users/999"):
            client.get(path)
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.session.remove()
        db.drop_all()
        _store(db)


def lose_the_users() -> None:
    """Make every query for users fail, as a database in trouble would. Hidden tests call this."""
    db = current_app.extensions["sqlalchemy"]
    db.session.execute(text("DROP TABLE users"))
    db.session.commit()


def _store(db: Any) -> None:
    db.create_all()
    rows: dict[str, list[dict[str, Any]]] = {
        "offices": [{"id": number, "code": code, "city": city} for number, code, city in OFFICES],
        "teams": [{"id": number, "slug": slug, "name": name} for number, slug, name in TEAMS],
        "users": [
            {
                "id": number,
                "username": username,
                "name": name,
                "email": f"{username}@fernhill.example",
                "team_id": team,
                "manager_id": manager,
                "active": active,
            }
            for number, username, name, team, manager, active in USERS
        ],
        "profiles": [
            {
                "user_id": user,
                "title": title,
                "phone": phone,
                "pronouns": pronouns,
                "bio": bio,
                "started_on": started_on,
                "office_id": office,
            }
            for user, title, phone, pronouns, bio, started_on, office in PROFILES
        ],
    }
    for table, values in rows.items():
        db.session.execute(db.metadata.tables[table].insert(), values)
    db.session.commit()
    db.session.remove()

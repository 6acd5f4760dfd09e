"""Builds the directory and fills it with a company drawn from the grading's seed: no two gradings have the same people.

Rows are inserted by table, not through the models, so that people come without a profile as they do in production,
whatever a submission does when a `User` is made. The hidden suite draws the same company by `Company(seed)`; what only
the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

FIRST = (
    *("Matilda", "Oskar", "Pia", "Rafi", "Selma", "Tobias", "Ulla", "Vera", "Will", "Xin", "Hanne", "Idris", "Jovan"),
    *("Kaisa", "Lorenz", "Maren", "Nadim", "Odile", "Priya", "Quentin", "Ramona", "Silvan", "Thea", "Yusuf"),
)
LAST = (
    *("Brandt", "Salonen", "da Costa", "Iqbal", "Okafor", "Young", "Weiss", "Marsh", "Abara", "Chen", "Almeida"),
    *("Benning", "Carlsen", "Duarte", "Eklund", "Farkas", "Gundersen", "Halloran", "Ionescu", "Jansen", "Kowal"),
)
CITIES = ("Bristol", "Göteborg", "Tallinn", "Århus", "Kraków", "Málaga", "Zürich", "Brno", "Turku", "Łódź", "Reykjavík")
#: What teams do; one with a comma and one with a semicolon, which a contact card must escape.
FIELDS = ("Firmware", "Finance", "Logistics", "Optics", "Legal", "Purchasing", "Hydraulics", "Tooling")
REGIONS = ("North", "South", "Coast", "Islands")
TRADES = ("Technician", "Accountant", "Engineer", "Planner", "Buyer", "Fitter", "Analyst", "Welder")
COMPANIES = ("Fernhill Robotics", "Larkspur Pumps", "Quarry Street Instruments", "Tern Island Cranes", "Ashdown Valves")
PRONOUNS = ("she/her", "he/him", "they/them")


class Person:
    """A row of `users`, and of `profiles` if there is one."""

    def __init__(self, number: int, name: str, username: str, domain: str, team: Team, manager: Person | None) -> None:
        self.id = number
        self.name = name
        self.username = username
        self.email = f"{username}@{domain}"
        self.team = team
        self.manager = manager
        self.active = True
        self.profile: dict[str, Any] | None = None


class Office:
    """A row of `offices`."""

    def __init__(self, number: int, city: str) -> None:
        self.id = number
        self.city = city
        self.code = "".join(letter for letter in city.upper() if letter.isascii())[:3] + str(number % 10)


class Team:
    """A row of `teams`."""

    def __init__(self, number: int, name: str) -> None:
        self.id = number
        self.name = name
        self.slug = name.lower().replace(",", "").replace(" ", "-")


class Company:
    """Ten to fourteen people in four teams, drawn from a seed.

    `head` leads the company and has no manager. `chief` reports to her and leads `lead_team`, where `engineer` and
    `blank` report to him. `leader` leads `field_team`, where `technician` and `leaver` report to her; the latter has
    left. `newcomer` leads `small_team`, where `clerk` and `other_newcomer` report to her. Both newcomers have no
    profile, and the blank one's is empty. The others, in `lead_team`, report to the engineer.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"company {seed}")
        self._rng = rng
        self.name = f"{rng.choice(COMPANIES)}, {rng.choice(('Ltd', 'Inc.', 'AB'))}"
        self.domain = f"{self.name.split()[0].lower()}{rng.randrange(10, 99)}.example"
        self.offices = [
            Office(number, city)
            for number, city in zip(rng.sample(range(1, 60), 3), rng.sample(CITIES, 3), strict=True)
        ]
        lead, small, field = rng.sample(FIELDS, 3)
        names = ("Leadership", lead, f"{field} Service, {rng.choice(REGIONS)}", small)
        numbers = rng.sample(range(1, 90), len(names))
        self.teams = [Team(number, name) for number, name in zip(numbers, names, strict=True)]
        board, self.lead_team, self.field_team, self.small_team = self.teams

        others = rng.randrange(5)
        self._names = [
            (first, last)
            for first, last in zip(rng.sample(FIRST, 10 + others), rng.sample(LAST, 10 + others), strict=True)
        ]
        self._numbers = rng.sample(range(1_000, 10_000), 10 + others)
        self.people: list[Person] = []

        self.head = self._person(board, None)
        self.chief = self._person(self.lead_team, self.head)
        self.engineer = self._person(self.lead_team, self.chief)
        self.blank = self._person(self.lead_team, self.chief)
        self.leader = self._person(self.field_team, self.head)
        self.technician = self._person(self.field_team, self.leader)
        self.leaver = self._person(self.field_team, self.leader)
        self.newcomer = self._person(self.small_team, self.head)
        self.clerk = self._person(self.small_team, self.newcomer)
        self.other_newcomer = self._person(self.small_team, self.newcomer)
        self.leaver.active = False

        self._profile(
            self.head, title="Chief Executive", pronouns=rng.choice(PRONOUNS), office=rng.choice(self.offices)
        )
        self._profile(
            self.chief,
            title=f"Head of {lead}",
            phone=self._phone(),
            pronouns=rng.choice(PRONOUNS),
            bio=f"Soldering since {rng.randrange(1980, 2010)}.",
            office=rng.choice(self.offices),
        )
        self._profile(self.engineer, title=rng.choice(TRADES), phone=self._phone(), office=rng.choice(self.offices))
        self._profile(self.blank, started_on=None)
        self._profile(self.leader, title=f"Head of {field}", phone=self._phone(), office=rng.choice(self.offices))
        self._profile(self.technician, title=f"{rng.choice(TRADES)}; Pumps, Valves")
        self._profile(self.leaver, title=rng.choice(TRADES), phone=self._phone(), office=rng.choice(self.offices))
        self._profile(self.clerk, title=rng.choice(TRADES), bio="Also runs the choir.", started_on=None)
        for _ in range(others):
            self._profile(self._person(self.lead_team, self.engineer), title=rng.choice(TRADES))
        rng.shuffle(self.people)

    def _person(self, team: Team, manager: Person | None) -> Person:
        first, last = self._names.pop()
        username = f"{first[0]}.{last}".lower().replace(" ", "")
        person = Person(self._numbers.pop(), f"{first} {last}", username, self.domain, team, manager)
        self.people.append(person)
        return person

    def _phone(self) -> str:
        return (
            f"+{self._rng.choice((44, 46, 372, 48))} {self._rng.randrange(10, 99)} 555 {self._rng.randrange(10_000):04}"
        )

    def _profile(self, person: Person, **fields: Any) -> None:
        day = date(2008, 1, 7) + timedelta(days=self._rng.randrange(6_000))
        empty = {"title": None, "phone": None, "pronouns": None, "bio": None, "started_on": day, "office": None}
        person.profile = empty | fields

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table. Managers come before those who report to them."""
        by_manager = sorted(self.people, key=_depth)
        return {
            "offices": [{"id": office.id, "code": office.code, "city": office.city} for office in self.offices],
            "teams": [{"id": team.id, "slug": team.slug, "name": team.name} for team in self.teams],
            "users": [
                {
                    "id": person.id,
                    "username": person.username,
                    "name": person.name,
                    "email": person.email,
                    "team_id": person.team.id,
                    "manager_id": person.manager.id if person.manager else None,
                    "active": person.active,
                }
                for person in by_manager
            ],
            "profiles": [
                {key: value for key, value in person.profile.items() if key != "office"}
                | {"user_id": person.id, "office_id": person.profile["office"] and person.profile["office"].id}
                for person in self.people
                if person.profile is not None
            ],
        }


def _depth(person: Person) -> int:
    return _depth(person.manager) + 1 if person.manager else 0


_company = Company(0)


def build(context: Any) -> Any:
    """The candidate's app with the seed's company in its database."""
    global _company  # noqa: PLW0603  one app in one process
    _company = Company(context.seed)
    create_app = context.load()
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://", "COMPANY_NAME": _company.name})
    with app.app_context():
        _store(app.extensions["sqlalchemy"])
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query; then start afresh."""
    client = app.test_client()
    known, office, team = _company.engineer.id, _company.offices[0].code, _company.field_team.slug
    for number in range(3):
        new = {"username": f"w.{number}", "name": "Warm", "email": f"{number}@{_company.domain}", "team": team}
        client.post("/users", json=new)
        client.patch(f"/users/{known}/profile", json={"title": "Warm", "office": office})
        for path in (known, f"{known}/manager", f"{_company.chief.id}/reports", f"{known}/card", 999):
            client.get(f"/users/{path}")
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.session.remove()
        db.drop_all()
        _store(db)


def lose_the_users() -> None:
    """Make every query for users fail, as a database in trouble would. Hidden tests call this."""
    from flask import current_app
    from sqlalchemy import text

    db = current_app.extensions["sqlalchemy"]
    db.session.execute(text("DROP TABLE users"))
    db.session.commit()


def _store(db: Any) -> None:
    db.create_all()
    for table, values in _company.rows().items():
        db.session.execute(db.metadata.tables[table].insert(), values)
    db.session.commit()
    db.session.remove()

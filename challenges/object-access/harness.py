"""Builds the API and fills it with a bureau drawn from the grading's seed: no two gradings have the same.

Rows are inserted by table, not through the models. The hidden suite draws the same bureau by `Bureau(seed)`; what only
the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

HEADER = "X-Vellum-User"
FIRMS = ("Harrow Tiles", "Ostrich Press", "Sable Motors", "Plover Clinics", "Juniper Gin", "Cobalt Law", "Teal Cruises")
NAMES = ("Aino", "Bruno", "Celia", "Dario", "Elif", "Fedor", "Greta", "Hilde", "Ivo", "Jana", "Koen", "Livia", "Mirja")
KINDS = ("Lease", "Manual", "Patent", "Minutes", "Menu", "Leaflet", "Tender", "Will", "Recall", "Speech")
OURS = ("de-en", "fi-en", "it-sv", "pl-de", "fr-en")
THEIRS = ("es-pt", "ja-fr", "nl-da", "el-it", "cs-no")
SYLLABLES = ("ba", "do", "fe", "gu", "ka", "li", "mo", "ne", "pi", "ra", "so", "tu", "ve", "zo")


@dataclass(eq=False)
class Person:
    """A row of `users`."""

    id: int
    login: str
    name: str
    role: str


@dataclass(eq=False)
class Glossary:
    """A row of `glossaries`."""

    id: int
    owner: Person
    name: str
    terms: dict[str, str]


@dataclass(eq=False)
class Note:
    """A row of `notes`."""

    id: int
    author: Person
    text: str
    internal: bool


@dataclass(eq=False)
class Document:
    """A row of `documents`, with its notes, the oldest first, and who was assigned to it, in which state."""

    id: int
    owner: Person
    reference: str
    title: str
    source: str
    target: str
    text: str
    translation: str | None
    words: int
    state: str
    due_on: date | None
    glossary: Glossary | None = None
    notes: list[Note] = field(default_factory=list)
    assignments: list[tuple[Person, str]] = field(default_factory=list)


class Bureau:
    """Nine to eleven documents of two clients, drawn from a seed; a third client has none, a third translator no work.

    The `client`'s: `opened`, on which the `translator` is at work, with a glossary and notes of all kinds; `done`,
    which she has translated and the `colleague` is at work on; `withdrawn`, which was taken from her and given to the
    colleague, with the same glossary as `opened`; `plain`, which was taken from her and is nobody's now, with the
    glossary `spare`. The `other` client's: `again`, withdrawn from the translator and given to her again, with a
    glossary; `revised`, which she translated and is at work on again; `foreign`, translated by the colleague. `plain`
    and `revised` have the same reference. Titles of `opened`, `plain`, `again` and `foreign` begin with `topic`, no
    others do. No two clients have a pair of languages in common.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"bureau {seed}")
        self._rng = rng
        people = iter(rng.sample(range(1, 900), 7))
        firms, names = iter(rng.sample(FIRMS, 3)), iter(rng.sample(NAMES, 4))

        def person(role: str) -> Person:
            name = next(firms) if role == "client" else f"{next(names)} {self._word().title()}"
            return Person(next(people), f"{name.split()[0].lower()}{rng.randrange(100, 1000)}", name, role)

        self.client, self.other, self.newcomer = (person("client") for _ in range(3))
        self.translator, self.colleague, self.idle = (person("translator") for _ in range(3))
        self.manager = person("manager")
        self.people = [self.client, self.other, self.newcomer, self.translator, self.colleague, self.idle, self.manager]

        glossaries = iter(rng.sample(range(1, 900), 4))
        self.shared, self.spare = (self._glossary(next(glossaries), self.client) for _ in range(2))
        self.theirs, self.unused = (self._glossary(next(glossaries), self.other) for _ in range(2))
        self.glossaries = [self.shared, self.spare, self.theirs, self.unused]

        more = [(self.client, OURS)] * rng.randrange(1, 3) + [(self.other, THEIRS)] * rng.randrange(1, 3)
        self._numbers = iter(rng.sample(range(10, 5_000), 7 + len(more)))
        self.topic, *kinds = rng.sample(KINDS, 5)
        ours, theirs = rng.sample(OURS, 3), rng.sample(THEIRS, 3)
        self.documents: list[Document] = []
        self.opened = self._document(self.client, self.topic, ours[0], "in work")
        self.done = self._document(self.client, kinds[0], ours[1], "in work")
        self.withdrawn = self._document(self.client, kinds[1], ours[2], "in work")
        self.plain = self._document(self.client, self.topic, ours[0], "new")
        self.again = self._document(self.other, self.topic, theirs[0], "in work")
        self.revised = self._document(self.other, kinds[2], theirs[1], "in work")
        self.foreign = self._document(self.other, self.topic, theirs[2], "translated")
        for owner, pairs in more:
            self._document(owner, rng.choice(kinds), rng.choice(pairs), rng.choice(("new", "archived")))

        self.opened.glossary = self.withdrawn.glossary = self.shared
        self.plain.glossary, self.again.glossary, self.foreign.glossary = self.spare, self.theirs, self.unused
        self.plain.reference = self.revised.reference
        self.opened.assignments = [(self.translator, "open")]
        self.done.assignments = [(self.translator, "done"), (self.colleague, "open")]
        self.withdrawn.assignments = [(self.translator, "withdrawn"), (self.colleague, "open")]
        self.plain.assignments = [(self.translator, "withdrawn")]
        self.again.assignments = [(self.translator, "withdrawn"), (self.translator, "open")]
        self.revised.assignments = [(self.translator, "done"), (self.translator, "open")]
        self.foreign.assignments = [(self.colleague, "done")]

        notes = iter(sorted(rng.sample(range(1, 9_000), 12)))
        for document, author, internal in (
            (self.opened, self.client, False),
            (self.opened, self.translator, True),
            (self.opened, self.manager, True),
            (self.opened, self.translator, False),
            (self.done, self.translator, False),
            (self.withdrawn, self.translator, False),
            (self.withdrawn, self.colleague, True),
            (self.plain, self.client, False),
            (self.plain, self.manager, True),
            (self.again, self.translator, True),
            (self.foreign, self.other, False),
            (self.foreign, self.colleague, True),
        ):
            document.notes.append(Note(next(notes), author, f"About {self._word()}: {self._word()}.", internal))

    def _word(self) -> str:
        return "".join(self._rng.choice(SYLLABLES) for _ in range(4))

    def _glossary(self, number: int, owner: Person) -> Glossary:
        terms = {self._word(): self._word() for _ in range(self._rng.randrange(2, 4))}
        return Glossary(number, owner, f"{self._word().title()} {number}", terms)

    def _document(self, owner: Person, kind: str, pair: str, state: str) -> Document:
        rng, number = self._rng, next(self._numbers)
        document = Document(
            number,
            owner,
            f"{self._word()}-{number}",
            f"{kind} {self._word()}",
            pair[:2],
            pair[3:],
            " ".join(self._word() for _ in range(rng.randrange(4, 9))),
            f"{self._word()} {self._word()}." if state == "translated" else None,
            rng.randrange(100, 9_000),
            state,
            rng.choice((None, date(2027, 1, 4) + timedelta(days=rng.randrange(900)))),
        )
        self.documents.append(document)
        return document

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table."""
        owned = ("id", "reference", "title", "source", "target", "text", "translation", "words", "state", "due_on")
        return {
            "users": [vars(person) for person in self.people],
            "glossaries": [
                {"id": each.id, "owner_id": each.owner.id, "name": each.name, "terms": each.terms}
                for each in self.glossaries
            ],
            "documents": [
                {name: getattr(each, name) for name in owned}
                | {"owner_id": each.owner.id, "glossary_id": each.glossary.id if each.glossary else None}
                for each in self.documents
            ],
            "assignments": [
                {"document_id": document.id, "translator_id": translator.id, "state": state}
                for document in self.documents
                for translator, state in document.assignments
            ],
            "notes": [
                {"id": each.id, "document_id": document.id, "author_id": each.author.id, "text": each.text}
                | {"internal": each.internal}
                for document in self.documents
                for each in document.notes
            ],
        }


_bureau = Bureau(0)


def build(context: Any) -> Any:
    """The candidate's app with the seed's bureau in its database."""
    global _bureau  # noqa: PLW0603  one app in one process
    _bureau = Bureau(context.seed)
    create_app = context.load()
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        _store(app.extensions["sqlalchemy"])
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query; then start afresh."""
    client = app.test_client()
    opened = f"/documents/{_bureau.opened.id}"
    for person in (_bureau.client, _bureau.translator, _bureau.manager):
        who = {HEADER: person.login}
        for path in (opened, f"{opened}/notes", "/documents?q=a&owner=b", "/documents", "/figures", "/glossaries"):
            client.get(path, headers=who)
        client.get(f"{opened}/notes/{_bureau.opened.notes[0].id}", headers=who)
        client.get(f"/glossaries/{_bureau.shared.id}", headers=who)
        client.patch(opened, json={"title": "Warm", "reference": "warm", "glossary": _bureau.shared.id}, headers=who)
        client.post(f"{opened}/notes", json={"text": "Warm"}, headers=who)
        client.put(f"{opened}/translation", json={"text": "Warm"}, headers=who)
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.session.remove()
        db.drop_all()
        _store(db)


def _store(db: Any) -> None:
    db.create_all()
    for table, rows in _bureau.rows().items():
        db.session.execute(db.metadata.tables[table].insert(), rows)
    db.session.commit()
    db.session.remove()

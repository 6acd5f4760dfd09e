"""The house's rules for what is written into a form, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import ColumnElement, exists, select
from werkzeug.datastructures import MultiDict

from longtable.choices import DIETS, MOST_GUESTS, find_evening
from longtable.days import is_of_age
from longtable.extensions import db
from longtable.models import Member


class Answers:
    """What somebody has filled in: texts without spaces around, "" for what was not sent."""

    def __init__(self, texts: dict[str, str], diet: list[str]) -> None:
        self.texts = texts
        self.diet = diet

    def __getattr__(self, name: str) -> str:
        return self.texts.get(name, "")

    @classmethod
    def of_form(cls, form: MultiDict[str, str]) -> Answers:
        secret = {key: form[key] for key in ("pin", "pin_again") if key in form}
        return cls({key: value.strip() for key, value in form.items()} | secret, form.getlist("diet"))

    @classmethod
    def of_member(cls, member: Member) -> Answers:
        known = {"name": member.name, "email": member.email, "guests": str(member.guests), "notes": member.notes}
        return cls(known | {"evening": member.evening.slug}, member.diets)

    @property
    def birthday(self) -> date | None:
        try:
            return date.fromisoformat(self.born)
        except ValueError:
            return None

    def columns(self) -> dict[str, object]:
        """What is stored of them, by column, where the rules are kept."""
        return {
            "name": self.name,
            "email": self.email,
            "evening_id": find_evening(self.evening).id,
            "guests": int(self.guests),
            "diet": ",".join(self.diet),
            "notes": self.notes,
        }


def looks_like_an_address(text: str) -> bool:
    user, at, host = text.partition("@")
    return bool(user and at) and "@" not in host and "." in host and text.split() == [text] and len(text) <= 120


Rule = tuple[str, object, str]


def personal(a: Answers) -> Iterator[Rule]:
    """Of each rule for what the desk may change: the field, whether it is kept, what to say if not."""
    yield "name", 0 < len(a.name) <= 80, "A name has 1 to 80 characters."
    yield "email", looks_like_an_address(a.email), "This does not look like an e-mail address."
    yield "guests", re.fullmatch(f"[0-{MOST_GUESTS}]", a.guests), "Nobody, or one to three."
    yield "diet", all(key in DIETS for key in a.diet), "Please keep to what the kitchen offers."
    yield "notes", len(a.notes) <= 500, "Please keep to 500 characters."


def on_joining(a: Answers) -> Iterator[Rule]:
    """The same, and of the rules for what is said once and for all."""
    yield from personal(a)
    yield "handle", re.fullmatch("[a-zA-Z][a-zA-Z0-9-]{2,19}", a.handle), "3 to 20 letters, digits or hyphens."
    if a.birthday is None:
        yield "born", False, "There is no such day. Write it like 2001-05-31."
    else:
        yield "born", is_of_age(a.birthday), "Members are 18 years old at least."
    yield "pin", re.fullmatch("[0-9]{4,8}", a.pin), "4 to 8 digits, please."
    yield "pin_again", a.pin_again == a.pin, "This is another PIN than the first."
    yield "rules", a.rules, "You have to know the house rules."


def broken(rules: Iterable[Rule], answers: Answers, kept_evening: str = "") -> dict[str, str]:
    """The sentence for each field that breaks a rule. One evening may be kept though it is not open any more."""
    sentences = {field: sentence for field, kept, sentence in rules if not kept}
    evening = find_evening(answers.evening)
    if evening is None or (not evening.open and evening.slug != kept_evening):
        sentences["evening"] = "There is no table on this evening."
    return sentences


def doubles(answers: Answers, apart_from: int | None = None) -> dict[str, str]:
    """The sentence for each field with something that another member has."""
    sentences = {}
    if _has_someone(Member.handle == answers.handle, Member.id != apart_from):
        sentences["handle"] = "Somebody has this name already."
    if _has_someone(Member.email == answers.email, Member.id != apart_from):
        sentences["email"] = "Somebody with this address is a member."
    return sentences


def _has_someone(*conditions: ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(select(exists().where(*conditions))))

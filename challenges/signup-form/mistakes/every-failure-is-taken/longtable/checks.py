"""What a form may hold, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.datastructures import MultiDict

from longtable.choices import DIETS, MOST_GUESTS, find_evening
from longtable.days import age
from longtable.extensions import db
from longtable.models import Evening, Member

HANDLE = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,19}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]*\.[^@\s]*")
PIN = re.compile(r"[0-9]{4,8}")
OF_AGE = 18

Form = MultiDict[str, str]


class Fault(Exception):
    """A field breaks a rule. The text is for whoever filled in the form."""


def read(form: Form, fields: Iterable[str], member: Member | None = None) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of these fields, and what is wrong with those that have none. `member`: whom the form is about."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for field in fields:
        try:
            values[field] = _CHECKS[field](form, member)
        except Fault as fault:
            faults[field] = str(fault)
    return values, faults


def _text(form: Form, field: str) -> str:
    return form.get(field, "").strip()


def _taken(column: InstrumentedAttribute[str], text: str, member: Member | None) -> bool:
    query = select(Member.id).where(func.lower(column) == func.lower(text))
    if member is not None:
        query = query.where(Member.id != member.id)
    return db.session.scalar(query) is not None


def _handle(form: Form, member: Member | None) -> str:
    handle = _text(form, "handle")
    if not HANDLE.fullmatch(handle):
        raise Fault("A table name has 3 to 20 letters, digits and hyphens, and begins with a letter.")
    if _taken(Member.handle, handle, member):
        raise Fault("That table name is taken.")
    return handle


def _name(form: Form, member: Member | None) -> str:
    name = _text(form, "name")
    if not 1 <= len(name) <= 80:
        raise Fault("Please tell us your name, in 80 characters at most.")
    return name


def _email(form: Form, member: Member | None) -> str:
    email = _text(form, "email")
    if len(email) > 120 or not EMAIL.fullmatch(email):
        raise Fault("That is no e-mail address.")
    if _taken(Member.email, email, member):
        raise Fault("That e-mail address belongs to a member.")
    return email


def _born(form: Form, member: Member | None) -> date:
    try:
        born = date.fromisoformat(form.get("born", ""))
    except ValueError:
        raise Fault("Please write the day like 2001-05-31.") from None
    if age(born) < OF_AGE:
        raise Fault("The long table is for guests of 18 years and more.")
    return born


def _evening(form: Form, member: Member | None) -> Evening:
    evening = find_evening(form.get("evening", ""))
    kept = member is not None and evening is member.evening
    if evening is None or not (evening.open or kept):
        raise Fault("Please choose one of the evenings.")
    return evening


def _guests(form: Form, member: Member | None) -> int:
    text = _text(form, "guests")
    if text not in map(str, range(MOST_GUESTS + 1)):
        raise Fault(f"You may bring up to {MOST_GUESTS} guests.")
    return int(text)


def _diet(form: Form, member: Member | None) -> str:
    chosen = form.getlist("diet")
    if not DIETS.keys() >= set(chosen):
        raise Fault("The kitchen does not know this diet.")
    return ",".join(chosen)


def _notes(form: Form, member: Member | None) -> str:
    notes = _text(form, "notes")
    if len(notes) > 500:
        raise Fault("That is more than 500 characters.")
    return notes


def _pin(form: Form, member: Member | None) -> str:
    pin = form.get("pin", "")
    if not PIN.fullmatch(pin):
        raise Fault("A PIN has 4 to 8 digits.")
    return pin


def _pin_again(form: Form, member: Member | None) -> None:
    if form.get("pin_again", "") != form.get("pin", ""):
        raise Fault("The two PINs are not the same.")


def _rules(form: Form, member: Member | None) -> None:
    if form.get("rules") != "yes":
        raise Fault("Please read the house rules.")


_CHECKS: dict[str, Callable[[Form, Member | None], Any]] = {
    "handle": _handle,
    "name": _name,
    "email": _email,
    "born": _born,
    "evening": _evening,
    "guests": _guests,
    "diet": _diet,
    "notes": _notes,
    "pin": _pin,
    "pin_again": _pin_again,
    "rules": _rules,
}

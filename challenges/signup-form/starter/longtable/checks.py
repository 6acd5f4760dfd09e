"""What is asked of a form before anything is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from longtable.choices import MOST_GUESTS
from longtable.days import age

HANDLE = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,19}")
OF_AGE = 18


def first_fault(form: Mapping[str, str]) -> str | None:
    """What is wrong with a form of someone who wants to join; None if nothing is."""
    if not HANDLE.match(form["handle"].strip()):
        return "A table name has 3 to 20 letters, digits and hyphens, and begins with a letter."
    if not form["name"]:
        return "Please tell us your name."
    if "@" not in form["email"]:
        return "That is no e-mail address."
    if age(date.fromisoformat(form["born"])) < OF_AGE:
        return "The long table is for guests of 18 years and more."
    if int(form["guests"]) > MOST_GUESTS:
        return "There is room for 3 guests of yours."
    if len(form["pin"]) < 4:
        return "A PIN has 4 to 8 digits."
    if form["pin"] != form["pin_again"]:
        return "The two PINs are not the same."
    return None

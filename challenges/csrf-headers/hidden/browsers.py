"""A browser: it reads pages, presses their buttons, asks as the pages' script does. And what can be changed by it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mendbox_harness import Resident, Town, draw_plate
from pages import FIELD, Page, Sending

HEADER = "X-CSRF-Token"
FORMS, JSON = ("apply", "add a vehicle", "cancel", "remind"), ("book", "end", "change")


@dataclass(frozen=True)
class Request:
    """A request that changes something, without its token. `sent` is an object for JSON, or the fields of a form."""

    method: str
    path: str
    sent: dict[str, Any] = field(default_factory=dict)

    @property
    def is_json(self) -> bool:
        return self.path.startswith("/api/")


def request_for(what: str, resident: Resident, town: Town, rng: random.Random) -> Request:
    """To sign in or out, or one of FORMS or JSON, on what is the resident's."""
    permit, visit = rng.choice(resident.permits), rng.choice(resident.visits)
    vehicle = next(each for each in resident.vehicles if each["plate"] != permit["plate"])
    choice = "off" if resident.me["reminders"] else "on"
    requests = {
        "sign in": Request("POST", "/login", {"email": resident.email, "password": resident.password}),
        "sign out": Request("POST", "/logout"),
        "apply": Request("POST", "/permits", {"zone": rng.choice(town.zones).letter, "vehicle": str(vehicle["id"])}),
        "add a vehicle": Request("POST", "/vehicles/new", {"plate": draw_plate(rng)}),
        "cancel": Request("POST", f"/permits/{permit['id']}/cancel"),
        "remind": Request("POST", f"/reminders/{choice}"),
        "book": Request("POST", "/api/visits", {"plate": draw_plate(rng), "hours": rng.randrange(1, 25)}),
        "end": Request("DELETE", f"/api/visits/{visit['id']}"),
        "change": Request("PATCH", f"/api/permits/{permit['id']}", {"vehicle": vehicle["id"]}),
    }
    return requests[what]


class Browser:
    """Someone's browser, on one process of the app."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self._cookies: set[str] = set()

    def open(self, path: str, **options: Any) -> Any:
        answer = self.client.open(path, **options)
        self._cookies |= {each.partition("=")[0].strip() for each in answer.headers.getlist("Set-Cookie")}
        return answer

    def get(self, path: str) -> Any:
        return self.open(path)

    def page(self, path: str) -> Page:
        return self.read(self.get(path), path)

    def read(self, answer: Any, path: str) -> Page:
        return Page(answer, self.client.base_url.rstrip("/") + path)

    def token(self, path: str = "/") -> str:
        return self.page(path).token

    def press(self, sending: Sending, **typed: str) -> Any:
        """Send a form as the page has it, with what was typed."""
        path = "/" + sending.action.removeprefix(self.client.base_url)
        return self.open(path, method="POST", data=sending.fields | typed)

    def send(self, request: Request, token: str | None, **options: Any) -> Any:
        """With that token, where this request has its token. None: without."""
        if request.is_json:
            options["headers"] = {} if token is None else {HEADER: token}
            return self.open(request.path, method=request.method, json=request.sent, **options)
        data = request.sent if token is None else request.sent | {FIELD: token}
        return self.open(request.path, method=request.method, data=data, **options)

    def sign_in(self, resident: Resident) -> Any:
        typed = {"email": resident.email, "password": resident.password}
        return self.press(self.page("/login").sending("/login"), **typed)

    def me(self) -> dict[str, Any] | None:
        """What is stored of who is signed in, None if nobody is."""
        answer = self.get("/api/me")
        if answer.status_code == 401:
            return None
        assert answer.status_code == 200
        return answer.json

    def with_cookies_of(self, other: Browser) -> Browser:
        """The same browser as far as cookies go."""
        for name in sorted(other._cookies):
            cookie = other.client.get_cookie(name)
            if cookie is not None:
                self.client.set_cookie(name, cookie.value)
        self._cookies |= other._cookies
        return self


def is_refused(answer: Any, request: Request) -> bool:
    """As the brief has it, by JSON or by a page."""
    if answer.status_code != 403:
        return False
    if request.is_json:
        return answer.is_json and isinstance(answer.json.get("error"), str)
    return answer.mimetype == "text/html"


def is_done(answer: Any, what: str) -> bool:
    """As the README has it."""
    if what in JSON:
        return answer.status_code == {"book": 201, "end": 204, "change": 200}[what]
    return (answer.status_code, answer.location) == (302, "/" if what == "sign out" else "/permits")


def after(what: str, request: Request, before: dict[str, Any]) -> dict[str, Any]:
    """What is stored of a resident once the request was done; of what is new, without the rest of its row."""
    me = {key: list(value) if isinstance(value, list) else value for key, value in before.items()}
    number = int("".join(filter(str.isdigit, request.path)) or 0)
    if what == "cancel":
        me["permits"] = [each | {"state": "cancelled"} if each.get("id") == number else each for each in me["permits"]]
    elif what == "remind":
        me["reminders"] = request.path.endswith("/on")
    elif what == "end":
        me["visits"] = [each for each in me["visits"] if each.get("id") != number]
    elif what == "change":
        plate = next(each["plate"] for each in me["vehicles"] if each["id"] == request.sent["vehicle"])
        me["permits"] = [each | {"plate": plate} if each.get("id") == number else each for each in me["permits"]]
    elif what == "apply":
        plate = next(each["plate"] for each in me["vehicles"] if str(each["id"]) == request.sent["vehicle"])
        me["permits"].append({"zone": request.sent["zone"], "plate": plate, "state": "valid"})
    elif what == "add a vehicle":
        me["vehicles"].append({"plate": request.sent["plate"]})
    elif what == "book":
        me["visits"].append({"plate": request.sent["plate"]})
    return me


def is_as(found: dict[str, Any] | None, expected: dict[str, Any]) -> bool:
    """Whether all is there, in any order, and nothing else; rows that are new are compared by what is known of them."""
    if found is None:
        return False
    for key, value in expected.items():
        if not isinstance(value, list):
            if found[key] != value:
                return False
            continue
        left = list(found[key])
        for row in sorted(value, key=len, reverse=True):
            match: Callable[[dict[str, Any]], bool] = lambda each, row=row: each | row == each  # noqa: E731
            fitting = next(filter(match, left), None)
            if fitting is None:
                return False
            left.remove(fitting)
        if left:
            return False
    return set(found) == set(expected)

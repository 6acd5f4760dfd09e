"""The pharmacy of this grading, its log, and requests of all kinds."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from mendbox_harness import Patient, Pharmacy, word
from reading import records

HARNESS = "mendbox_harness:"


@pytest.fixture
def pharmacy(seed: int) -> Pharmacy:
    """The pharmacy that the harness stored for this grading."""
    return Pharmacy(seed)


@pytest.fixture
def new_word(rng: random.Random) -> Callable[[], str]:
    """Gives another word at each call."""
    return lambda: word(rng)


@pytest.fixture
def new_id(rng: random.Random) -> Callable[..., str]:
    """Gives another id of a request at each call, of so many characters."""
    return lambda count=32: "".join(rng.choices("0123456789abcdef", k=count))


@pytest.fixture
def stranger(rng: random.Random) -> Patient:
    """Somebody whom the pharmacy does not know."""
    return Patient(0, rng)


@pytest.fixture
def log(app: Any) -> Callable[[], list[dict[str, Any]]]:
    """The records that were written until now."""
    return lambda: records(app.logs())


class Asking:
    """Requests as patients, prescribers and the desk make them. Keywords are those of the client's `open`."""

    def __init__(self, app: Any, pharmacy: Pharmacy, rng: random.Random) -> None:
        self._app = app
        self._pharmacy = pharmacy
        self._rng = rng

    def __call__(self, method: str, path: str, **more: Any) -> Any:
        return self._app.client().open(path, method=method, **more)

    def api(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._pharmacy.token}"} | more.pop("headers", {})
        return self(method, path, headers=headers, **more)

    def prescribe(self, patient: Patient, more: dict[str, Any], **keywords: Any) -> Any:
        body = {
            "nhn": patient.nhn,
            "email": patient.email,
            "medicine": word(self._rng),
            "ean": str(self._rng.randrange(10**12, 10**13)),
            "packs": self._rng.randrange(1, 9),
            "repeats": self._rng.randrange(1, 9),
        }
        return self.api("POST", "/api/prescriptions", json=body | more, **keywords)

    def prescribe_anew(self, **more: Any) -> Any:
        """Prescribe something to somebody new."""
        return self.prescribe(Patient(0, self._rng), {}, **more)

    def order(self, note: str, **more: Any) -> Any:
        """The patient who has a link orders again."""
        body = {"key": self._pharmacy.link_key, "prescription": self._pharmacy.prescriptions[0]["id"], "note": note}
        return self("POST", "/reorder", json=body, **more)

    def fill(self, index: int, told: dict[str, Any] | None = None, **more: Any) -> Any:
        """The desk fills an order; the wholesaler does what it is told."""
        if told:
            self._app.call(f"{HARNESS}tell", self._pharmacy.prescriptions[index]["ean"], **told)
        return self("POST", f"/desk/orders/{self._pharmacy.orders[index]['number']}/fill", **more)

    def kinds(self) -> dict[str, tuple[str, str, int, Callable[..., Any]]]:
        """A request of each kind, at an address of its own: method, path, status, and what makes it."""

        def one(method: str, path: str, status: int, told: int | None = None, **more: Any) -> Any:
            def make(**keywords: Any) -> Any:
                headers = more.get("headers", {}) | keywords.get("headers", {})
                query = {"w": word(self._rng)}
                return self(method, path, query_string=query, **(more | keywords | {"headers": headers}))

            return method, path, status, make

        spoken = {"Authorization": f"Bearer {self._pharmacy.token}"}
        return {
            "seen": one("GET", "/desk/orders/", 200),
            "head": one("HEAD", "/health", 200),
            "elsewhere": one("GET", "/desk/orders", 308),
            "no JSON": one("POST", "/links", 400, data=word(self._rng), content_type="application/json"),
            "stranger": one("GET", "/api/prescriptions", 401),
            "nowhere": one("GET", f"/{word(self._rng)}/{word(self._rng)}", 404),
            "nothing of the API": one("GET", f"/api/{word(self._rng)}", 404, headers=spoken),
            "method": one("DELETE", f"/desk/orders/{self._pharmacy.orders[0]['number']}/fill", 405),
            "type": one("POST", "/reorder", 415, data=word(self._rng)),
            "mistake": one("POST", "/api/prescriptions", 422, headers=spoken, json={"medicine": word(self._rng)}),
        }


@pytest.fixture
def ask(app: Any, pharmacy: Pharmacy, rng: random.Random) -> Asking:
    """`ask("GET", "/health")`, and what is asked more often by name."""
    return Asking(app, pharmacy, rng)


@pytest.fixture
def tell(app: Any) -> Callable[..., None]:
    """`tell(address, raises="OSError", text=…)`: what the mail server does when asked to send to an address."""
    return lambda name, **told: app.call(f"{HARNESS}tell", name, **told)


@pytest.fixture
def lose(app: Any) -> Callable[[str], None]:
    """Have the database lose a table."""
    return lambda table: app.call(f"{HARNESS}lose", table)


@pytest.fixture
def meanwhile(app: Any, pharmacy: Pharmacy, ask: Asking, concurrently: Callable[..., list[Any]]) -> Callable[..., Any]:
    """`meanwhile(0, do, headers=…)`: the answer to who fills an order, whom the wholesaler held while `do` ran."""

    def meanwhile(index: int, do: Callable[[], Any], told: dict[str, Any] | None = None, **more: Any) -> Any:
        ean = pharmacy.prescriptions[index]["ean"]
        app.call(f"{HARNESS}hold", ean)

        def others() -> bool:
            there = app.call(f"{HARNESS}until_held", ean)
            try:
                do()
            finally:
                held = app.call(f"{HARNESS}let_go", ean)
            return there and held

        answer, was_held = concurrently([lambda: ask.fill(index, told, **more), others])
        assert was_held
        return answer

    return meanwhile

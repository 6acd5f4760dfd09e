"""What the README says of carts and of the gate, in the words of the tests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def cart_shown(number: str, florist: str, bunches: Iterable[tuple[Any, int]]) -> dict[str, Any]:
    """What the app answers of a cart with so many bunches of these lots."""
    lines = [lot.line(count) for lot, count in sorted(bunches, key=lambda line: line[0].id)]
    return {"cart": number, "florist": florist, "lines": lines, "cents": sum(line["cents"] for line in lines)}


def put(client: Any, cart: str, lot: Any, bunches: int) -> Any:
    """Put bunches into a cart; gives the answer."""
    path, body = adding(cart, lot, bunches)
    return client.post(path, json=body)


def adding(cart: str, lot: Any, bunches: int) -> tuple[str, Any]:
    """To put bunches into a cart, as a path and a body."""
    return f"/carts/{cart}/lines", {"lot": lot.id, "bunches": bunches}


def new_code(client: Any, order: dict[str, Any]) -> str:
    """Have a code sent."""
    sent = client.post(f"/orders/{order['order']}/code")
    assert sent.status_code == 201
    assert len(sent.json["code"]) == 6
    return sent.json["code"]


def gate(client: Any, order: dict[str, Any], code: str) -> Any:
    """Stand before the gate with a code; gives the answer."""
    return client.post("/gate", json={"order": order["order"], "code": code})


def opened(answer: Any, order: dict[str, Any]) -> bool:
    """Whether the gate opened, and for this order."""
    if answer.status_code == 200:
        assert answer.json == {key: order[key] for key in ("order", "florist", "slip")}
        return True
    assert answer.status_code == 403, answer.status_code
    return False


def wrong(code: str, by: int = 1) -> str:
    """Another code of six digits."""
    return f"{(int(code) + by) % 10**6:06}"

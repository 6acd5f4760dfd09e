"""How requests show tokens, and how the API shows a county's rows."""

from __future__ import annotations

from typing import Any

from mendbox_harness import County, Row


def bearer(token: Row, **more: str) -> dict[str, str]:
    """The headers of a request with a token."""
    return {"Authorization": f"Bearer {token['key']}.{token['secret']}"} | more


def acting(token: Row, role: str) -> dict[str, str]:
    """The headers of a request with a token that names a role."""
    return bearer(token, **{"X-Act-As": role})


def me(county: County, token: Row, role: str | None = None) -> dict[str, Any]:
    library = county.library(token["library_id"])["code"]
    return {"key": token["key"], "label": token["label"], "library": library, "role": role or token["role"]}


def copy(county: County, row: Row) -> dict[str, Any]:
    shown = {name: row[name] for name in ("id", "title", "author", "shelfmark")}
    return shown | {"library": county.library(row["library_id"])["code"]}


def loan(county: County, row: Row, **changes: Any) -> dict[str, Any]:
    book = county.copy(row["copy_id"])
    return {
        "id": row["id"],
        "copy": book["id"],
        "title": book["title"],
        "lender": county.library(book["library_id"])["code"],
        "borrower": county.library(row["borrower_id"])["code"],
        "reader": row["reader"],
        "state": row["state"],
    } | changes


def loans_of(county: County, library: Row) -> list[dict[str, Any]]:
    """As `GET /loans` has them."""
    taking_part = [
        row for row in county.loans if library["id"] in (row["borrower_id"], county.copy(row["copy_id"])["library_id"])
    ]
    return [loan(county, row) for row in sorted(taking_part, key=lambda row: row["id"])]


def export(county: County) -> str:
    """As `GET /loans/export` has them."""
    names = ("id", "title", "lender", "borrower", "reader", "state")
    rows = [loan(county, row) for row in sorted(county.loans, key=lambda row: row["id"])]
    return "".join(",".join(parts) + "\n" for parts in [names, *([str(row[name]) for name in names] for row in rows)])


def token(county: County, row: Row) -> dict[str, Any]:
    """As lists have it."""
    return {
        "key": row["key"],
        "label": row["label"],
        "role": row["role"],
        "library": county.library(row["library_id"])["code"],
        "expires_at": f"{row['expires_at']:%Y-%m-%dT%H:%M:%SZ}" if row["expires_at"] else None,
        "revoked": row["revoked_at"] is not None,
    }


def tokens_of(county: County, *libraries: Row) -> list[dict[str, Any]]:
    """As `GET /tokens` has them."""
    codes = [library["code"] for library in libraries]
    shown = sorted((token(county, row) for row in county.tokens), key=lambda row: row["key"])
    return [row for row in shown if row["library"] in codes]


def closed(county: County, word: Any) -> list[tuple[str, str, str, dict[str, Any] | None]]:
    """Each operation that needs a token: method, path, least role, body. With that role each would succeed for `a`."""
    made = {"label": word(), "role": "reader", "days": 30}
    book = {"title": word(), "author": word(), "shelfmark": word()}
    return [
        ("GET", "/copies", "reader", None),
        ("GET", f"/copies/{county.free['id']}", "reader", None),
        ("GET", "/loans", "reader", None),
        ("GET", f"/loans/{county.asked['id']}", "reader", None),
        ("GET", "/me", "reader", None),
        ("POST", "/copies", "desk", book),
        ("POST", "/loans", "desk", {"copy": county.free["id"], "reader": word()}),
        ("POST", f"/loans/{county.wanted['id']}/send", "desk", None),
        ("POST", f"/loans/{county.asked['id']}/cancel", "desk", None),
        ("GET", f"/loans/{county.asked['id']}/slip", "desk", None),
        ("GET", "/tokens", "desk", None),
        ("POST", "/tokens", "desk", made),
        ("GET", "/loans/export", "office", None),
        ("DELETE", f"/tokens/{county.c_desk['key']}", "office", None),
    ]


def is_untouched(client: Any, county: County) -> None:
    """Loans and tokens are as the harness stored them, which the office's token shows."""
    assert client.get("/loans/export", headers=bearer(county.office)).text == export(county)
    listed = client.get("/tokens", headers=bearer(county.office)).json
    assert listed == {"tokens": tokens_of(county, *county.libraries)}


def is_refused(answer: Any, status: int) -> None:
    """The answer is an error in the API's shape, with the code of 401 or 403."""
    assert answer.status_code == status
    assert answer.mimetype == "application/json"
    assert set(answer.json) == {"error"}
    assert answer.json["error"]["code"] == {401: "unauthorized", 403: "forbidden"}[status]
    assert isinstance(answer.json["error"]["message"], str)

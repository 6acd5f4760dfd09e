"""`/tokens` and `/me`: who may use the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, jsonify

from api.context import caller, services
from api.problems import ApiProblem
from api.routing import ADMINS, EVERYONE, Body, Doc, Policy, Routes
from api.schemas import Me, PageQuery, TokenIssued, TokenList, TokenPath, TokenRequest, TokenView, as_json
from api.variants import checked_variants
from api.views import is_hex_id
from runner.errors import ChallengeNotFound, PackageInvalid
from store.errors import NotFound
from store.records import NewToken, Role, TokenRecord

routes = Routes("tokens", "Tokens")


@routes.get("/me", Policy(EVERYONE), Doc({200: Me}))
def get_me() -> dict[str, Any]:
    """Read who you are to the API, and what you may do."""
    token = caller()
    return as_json(
        Me(
            token_id=token.id if token.session is None else None,
            user_id=token.id if token.session is not None else token.owner,
            name=token.name,
            role=token.role,
            challenges=list(token.challenges),
            candidate=token.candidate,
            expires_at=token.expires_at,
            scope=token.scope,
        )
    )


@routes.post("/tokens", Policy(ADMINS, Body.JSON, deeds=("token.create",)), Doc({201: TokenIssued}, ("conflict",)))
def create_token(body: TokenRequest) -> Response:
    """Make a token. Its text is in the answer and can't be read again."""
    _check_challenges(body)
    variants = checked_variants(body.variants, body.role, body.challenges)
    expires_at = None
    if body.expires_in_days is not None:
        expires_at = datetime.now(UTC) + timedelta(days=body.expires_in_days)
    me = caller()
    if me.owner is not None and me.expires_at is not None:
        # What a person's own token makes does not outlast it.
        expires_at = min(expires_at or me.expires_at, me.expires_at)
    slugs = tuple(dict.fromkeys(body.challenges))
    new = NewToken(body.name, body.role, slugs, body.candidate, expires_at, variants, scope=body.scope)
    issued = services().store.tokens.create(new, actor=me.actor)
    response = jsonify(as_json(TokenIssued(token=_view(issued.record), text=issued.text)))
    response.status_code = 201
    return response


def _check_challenges(body: TokenRequest) -> None:
    if body.role is Role.CANDIDATE and not body.challenges:
        raise ApiProblem(
            "invalid-request", "a candidate's token must name the challenges it may submit to", field="challenges"
        )
    for slug in body.challenges:
        try:
            services().catalogue.get(slug)
        except ChallengeNotFound as error:
            raise ApiProblem("invalid-request", f"there is no challenge {slug}", field="challenges") from error
        except PackageInvalid:
            continue  # it can be mended before the candidate comes


@routes.get("/tokens", Policy(ADMINS), Doc({200: TokenList}, ("invalid-request",)))
def list_tokens(query: PageQuery) -> dict[str, Any]:
    """List tokens, newest first, ended ones too."""
    page = services().store.tokens.page(after=query.after, limit=query.limit)
    return as_json(TokenList(tokens=[_view(record) for record in page.items], next=page.after))


@routes.delete(
    "/tokens/<string:id>",
    Policy(ADMINS, deeds=("token.revoke",)),
    Doc({204: {"description": "It is of no use any more"}}, ("not-found", "conflict")),
)
def revoke_token(path: TokenPath) -> Response:
    """End a token for good. Your own you can't: the last admin would lock everyone out."""
    if not is_hex_id(path.id):
        raise NotFound("token", "with such an id")
    if path.id == caller().id:
        raise ApiProblem("conflict", "this is the token you send", hint="end it with another admin's token")
    services().store.tokens.revoke(path.id, actor=caller().actor)
    return Response(status=204)


def _view(record: TokenRecord) -> TokenView:
    return TokenView(
        id=record.id,
        name=record.name,
        role=record.role,
        prefix=record.prefix,
        challenges=list(record.challenges),
        candidate=record.candidate,
        created_at=record.created_at,
        expires_at=record.expires_at,
        revoked_at=record.revoked_at,
        last_used_at=record.last_used_at,
        owner=record.owner,
        scope=record.scope,
    )

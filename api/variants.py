"""Which variant of a challenge a request is about: a candidate's own, chosen once, or the one that is asked for."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from api.catalogue import Challenge
from api.context import Caller, caller, services
from api.problems import ApiProblem
from runner.errors import ChallengeNotFound, PackageInvalid
from runner.packages.variant import BASE, NoSuchVariant, drawn, variant_named
from store.records import Deed, Role, owner_of


def variant_for(challenge: Challenge, wanted: str | None) -> Challenge:
    """The challenge as the caller has it. A candidate can't choose; for others it is `base` unless they ask.

    Raises ApiProblem `not-found` for one that there is not, `forbidden` for a candidate who asks; PackageInvalid where
    the package has a candidate's variant no more.
    """
    who, package = caller(), challenge.package
    if who.role is Role.CANDIDATE:
        if wanted is not None:
            raise ApiProblem("forbidden", "only assessors may say which variant they mean", field="variant")
        return challenge.variant(_own(who, challenge))
    if wanted is None:
        return challenge.variant(None)
    try:
        return challenge.variant(str(variant_named(wanted, package.manifest)))
    except NoSuchVariant as error:
        raise ApiProblem("not-found", error.message, field="variant", hint=error.hint) from error


def _own(who: Caller, challenge: Challenge) -> str:
    """A candidate's variant. One of a challenge that has none is `base`, also when it is given some later on."""
    manifest, slug = challenge.package.manifest, challenge.package.slug

    def chosen() -> str:
        return str(drawn(manifest, secrets.token_hex(16)) if manifest.varies else BASE)

    deed = Deed(who.id, "variant.draw", "challenge", slug, {}) if manifest.varies else None
    return services().store.variants.of_or_chosen(owner_of(who.id, who.candidate), slug, chosen, deed=deed)


def as_listed(challenge: Challenge) -> Challenge:
    """The challenge for a list: a candidate's own variant if they have one already. Nothing is drawn for a list."""
    who = caller()
    if who.role is not Role.CANDIDATE or not challenge.package.manifest.varies:
        return challenge
    return challenge.variant(services().store.variants.of(owner_of(who.id, who.candidate), challenge.package.slug))


def checked_variants(wanted: Mapping[str, str], role: Role, challenges: list[str]) -> dict[str, str]:
    """The variants that a new token's holder is to have, as they are stored.

    Raises ApiProblem `invalid-request` for a challenge that the token does not name or a variant that there is not.
    """
    checked: dict[str, str] = {}
    for slug, text in wanted.items():
        if role is not Role.CANDIDATE or slug not in challenges:
            raise ApiProblem("invalid-request", f"the token names no challenge {slug}", field="variants")
        try:
            checked[slug] = str(variant_named(text, services().catalogue.get(slug).package.manifest))
        except NoSuchVariant as error:
            raise ApiProblem("invalid-request", error.message, field="variants", hint=error.hint) from error
        except (ChallengeNotFound, PackageInvalid) as error:
            raise ApiProblem("invalid-request", f"{slug} can't be read at present", field="variants") from error
    return checked

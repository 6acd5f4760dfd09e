"""Which variant of a challenge a request is about: a candidate's own, drawn once, or the one that is asked for."""

from __future__ import annotations

import secrets

from api.catalogue import Challenge
from api.context import caller, services
from api.problems import ApiProblem
from runner.packages.variant import NoSuchVariant, drawn, variant_named
from store.records import Role, owner_of


def variant_for(challenge: Challenge, wanted: str | None) -> Challenge:
    """The challenge as the caller has it. A candidate can't choose; for others it is `base` unless they ask.

    Raises ApiProblem `invalid-request` for one that there is not, and for a candidate who asks; PackageInvalid where
    the package has a candidate's variant no more.
    """
    who, package = caller(), challenge.package
    if who.role is Role.CANDIDATE:
        if wanted is not None:
            raise ApiProblem(
                "invalid-request", "a candidate has one variant and can't ask for another", field="variant"
            )
        if not package.manifest.varies:
            return challenge
        mine = services().store.variants.of_or_drawn(
            owner_of(who.id, who.candidate),
            package.slug,
            lambda: str(drawn(package.manifest, secrets.token_hex(16))),
            actor=who.id,
        )
        return challenge.variant(mine)
    if wanted is None:
        return challenge.variant(None)
    try:
        return challenge.variant(str(variant_named(wanted, package.manifest)))
    except NoSuchVariant as error:
        raise ApiProblem("invalid-request", error.message, field="variant", hint=error.hint) from error

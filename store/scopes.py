"""What a token may be used for, and which roles a person may give to a token of their own. Pure."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """How much of what its role may a token may do. `PARTNER`: call the partner API, and nothing else."""

    ALL = "all"
    READ = "read"
    PARTNER = "partner"


#: A personal token is good for so many days at most.
MOST_DAYS = 365
#: Of one person at a time: each is a way in.
MOST_OWNED = 20
#: By role: the roles that tokens of such a person may have. A role that is not here has no tokens of its own.
_COVERED = {
    "admin": ("admin", "recruiter", "engineer"),
    "recruiter": ("recruiter",),
    "engineer": ("engineer",),
}
#: Who invites people may let another system do it.
_INVITERS = ("admin", "recruiter")


def covers(own: str, wanted: str) -> bool:
    """Whether somebody with the role `own` may have a token with the role `wanted`."""
    return wanted in _COVERED.get(own, ())


def roles_for(own: str) -> tuple[str, ...]:
    """The roles that tokens of somebody with this role may have, their own first."""
    return _COVERED.get(own, ())


def may_choose(scope: Scope, own: str) -> bool:
    """Whether a token of somebody with the role `own` may have the scope, with one of the roles they may give it."""
    return any(fits(scope, role) for role in roles_for(own))


def fits(scope: Scope, role: str) -> bool:
    """Whether a token with this role may have this scope. A candidate's has no other than all."""
    if role == "candidate":
        return scope is Scope.ALL
    return scope is not Scope.PARTNER or role in _INVITERS

"""Asking for a code of the second factor, where an account has one."""

from __future__ import annotations

from api.addresses import caller_address
from api.context import services
from api.problems import NO_BEARER, ApiProblem
from store.records import UserRecord

_MISSING = "the code that your authenticator app shows is needed, too"
_WRONG = "this is no code of your second factor, or one that was used"
_HINT = "send it as `second_factor`; a recovery code will do"


def prove_at_sign_in(user: UserRecord, code: str | None) -> None:
    """Ask whoever has shown the account's password for its second factor. Raises ApiProblem, FactorUnreadable."""
    if reason := _lacking(user, code):
        raise ApiProblem("second-factor-needed", reason, headers=NO_BEARER, hint=_HINT)


def prove_again(user: UserRecord, code: str | None) -> None:
    """The same of who is signed in, before something that a stolen session should not do."""
    if reason := _lacking(user, code):
        raise ApiProblem("password-refused", reason, hint=_HINT)


def _lacking(user: UserRecord, code: str | None) -> str:
    """Why the account's second factor is not shown; empty where it is, or where there is none."""
    if user.second_factor_since is None:
        return ""
    reason = _WRONG
    if code is None:
        reason = _MISSING
    elif services().store.factors.check(user, code, services().secret_key.all()):
        return ""
    services().store.sessions.refused(user.id, caller_address(), lacking="second factor")
    return reason

"""The door of every request: who calls, may they, and how often.

What is counted, and what happens while nobody can count (ADR 0016): reading goes on; a candidate's submissions are
counted in the database instead; signing in is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from flask import request

from api import auth
from api.addresses import caller_address
from api.browsers import known_browser
from api.context import Caller, caller, known_caller, services
from api.problems import ApiProblem
from api.quotas import DAY_S, HOUR_S, MINUTE_S, Left, QuotasUnavailable, Rule, too_many
from api.routing import Policy
from store.errors import AllowanceUsed
from store.records import Allowance, Role
from store.settings import Settings

SIGN_IN_S = 15 * MINUTE_S
#: Codes mailed to one account. Each ends the one before it, and the last is good for a day: whoever asks for other
#: people's codes fills their mailbox a little, and keeps nobody from signing in.
CODES_BY_MAIL = (Rule("codes by mail", 8, DAY_S), Rule("codes by mail", 3, HOUR_S))


def doorkeeper(policies: Mapping[str, Policy]) -> Callable[[], None]:
    """A `before_request` function that holds every request to the policy of its route, and to its caller's quota."""

    def let_in() -> None:
        try:
            auth.authenticate(policies)
        except ApiProblem:
            _count(policies)
            raise
        _count(policies)

    return let_in


def _count(policies: Mapping[str, Policy]) -> None:
    found, settings = known_caller(), services().settings
    if found is not None:
        rule, who = Rule("requests", settings.requests_per_minute, MINUTE_S), _counted_as(found)
    elif request.endpoint is None or policies[request.endpoint].counted:
        rule = Rule("requests without a token", settings.anonymous_per_minute, MINUTE_S)
        who = caller_address()
    else:
        return
    try:
        services().quotas.take([rule], who)
    except QuotasUnavailable:
        # Reading goes on: a Redis that is away must not lock everybody out, and tokens can't be guessed.
        return


def _counted_as(found: Caller) -> str:
    """A candidate's pages and their programs are one caller; of a user each session is one."""
    return found.id if found.session is None or found.role is Role.CANDIDATE else found.session


class SubmissionQuota:
    """A candidate's submissions to one challenge: each tells something about its hidden suite.

    Who the candidate is, is the recruiter's reference where there is one: several tokens are one person's then.
    `allowances`: what the database is to hold the submission to, as nobody else could count; else empty.
    """

    def __init__(self, challenge: str) -> None:
        settings, token = services().settings, caller()
        self._rules = submission_rules(settings) if token.role is Role.CANDIDATE else []
        self.allowances: tuple[Allowance, ...] = ()
        self._who = "\0".join([challenge, "person" if token.candidate else "token", token.candidate or token.id])
        self._taken = False

    def take(self) -> None:
        """Count one. Raises ApiProblem when there were too many."""
        try:
            services().quotas.take(self._rules, self._who)
            self._taken = True
        except QuotasUnavailable:
            # Submissions are taken also while Redis is away, so they are counted where they are stored.
            self.allowances = _count_in_database(self._rules, caller().candidate)

    def refused(self, used: AllowanceUsed) -> ApiProblem:
        """The answer to a submission that the database found to be one too many."""
        rule = self._counted()[used.number]
        return too_many(Left(rule, 0, rule.seconds))

    def _counted(self) -> list[Rule]:
        return [rule for rule in self._rules if rule.amount]

    def give_back(self) -> None:
        """It was no new submission, or the platform failed: it costs nothing."""
        if self._taken:
            services().quotas.give_back(self._rules, self._who)

    def headers(self) -> dict[str, str]:
        """What is left, for the answer."""
        try:
            left = services().quotas.left(self._rules, self._who)
        except QuotasUnavailable:
            return {}
        return {} if left is None else left.headers()


def submission_rules(settings: Settings) -> list[Rule]:
    """The longer window first: what it refuses takes nothing from the shorter one."""
    return [
        Rule("submissions", settings.submissions_per_day, DAY_S),
        Rule("submissions", settings.submissions_per_hour, HOUR_S),
    ]


def _count_in_database(rules: list[Rule], candidate: str | None) -> tuple[Allowance, ...]:
    now = datetime.now(UTC)
    return tuple(
        Allowance(rule.amount, now - timedelta(seconds=rule.seconds), candidate) for rule in rules if rule.amount
    )


def count_sign_in(account: str) -> None:
    """Count an attempt to sign in, whatever comes of it. Raises ApiProblem, or QuotasUnavailable: no guessing then.

    A browser that the account's user has signed in with has a count of its own, which strangers can't use up.
    """
    settings = services().settings
    quotas = services().quotas
    browser = known_browser(account)
    who = account.strip().lower() + ("" if browser is None else f"\0{browser}")
    quotas.take([Rule("attempts from an address", settings.sign_ins_per_address, SIGN_IN_S)], caller_address())
    quotas.take([Rule("attempts to sign in", settings.sign_ins_per_account, SIGN_IN_S)], who)


def count_arrival() -> None:
    """Count somebody who comes back from a provider, whoever that will be. Raises as `count_sign_in`."""
    rule = Rule("attempts from an address", services().settings.sign_ins_per_address, SIGN_IN_S)
    services().quotas.take([rule], caller_address())


def is_first_use(of: str, seconds: int) -> bool:
    """Whether what counts once is used for the first time in so many seconds. Raises QuotasUnavailable."""
    try:
        services().quotas.take([Rule("uses", 1, seconds)], of)
    except ApiProblem:
        return False
    return True


def count_code(account: str) -> None:
    """Count somebody who asks for a code by mail, whether there is the account or not. Raises as `count_sign_in`."""
    quotas, settings = services().quotas, services().settings
    quotas.take([Rule("attempts from an address", settings.sign_ins_per_address, SIGN_IN_S)], caller_address())
    quotas.take(CODES_BY_MAIL, account.strip().lower())

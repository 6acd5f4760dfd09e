"""What pages mail to candidates, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import structlog

from api.context import caller, services
from api.mailing.messages import Mail, Occasion
from store.errors import NotFound
from store.invited import InvitationRecord, NewInvitation
from store.records import Deed, TokenRecord

_log = structlog.get_logger("mendbox.mail")


def is_set_up() -> bool:
    """Whether this installation sends mail; where it doesn't pages offer none."""
    return services().mailer is not None


def need_mail() -> None:
    """Raises NotFound where no mail is sent: what only mails is not there."""
    if not is_set_up():
        raise NotFound("page", "as no mail is set up here")


def occasion_of(invitation: InvitationRecord | NewInvitation) -> Occasion:
    """What a mail says of it."""
    minutes = invitation.minutes + invitation.extra_minutes
    return Occasion(invitation.assessment.title, minutes, invitation.opens_at, invitation.closes_at)


def can_be_reminded(record: InvitationRecord, token: TokenRecord) -> bool:
    """Whether there is somebody to mail, and it can still be begun."""
    now = datetime.now(UTC)
    is_late = record.closes_at is not None and now > record.closes_at
    return record.email is not None and record.began_at is None and not is_late and token.usable_at(now)


def mail_each(mails: Mapping[str, Mail], deed: str) -> dict[str, str]:
    """Mail candidates, by the ids of their tokens: for each "" where it was sent, else why not.

    That it was asked for is in the audit trail, as this deed, before anything is sent.
    """
    mailer = services().mailer
    if mailer is None or not mails:
        return dict.fromkeys(mails, "no mail is set up here")
    tokens: Sequence[str] = sorted(mails)
    only = tokens[0] if len(tokens) == 1 else ""
    try:
        services().store.audit.record(Deed(caller().actor, deed, "token", only, {"tokens": tokens}))
        reasons = mailer.send(list(mails.values()))
    except Exception as error:
        # What was to be mailed is kept nowhere else: whoever waits has to be shown it, whatever went wrong.
        _log.error("not mailed", reason=type(error).__name__)
        reasons = ["the platform failed"] * len(mails)
    log_sent(reasons)
    return dict(zip(mails, reasons, strict=True))


def log_sent(reasons: Sequence[str]) -> None:
    """Have it logged how many were sent and why others were not. To whom is nobody's business."""
    # A server's own words often repeat the address.
    failed = sorted({" ".join(word for word in reason.split() if "@" not in word) for reason in reasons if reason})
    write = _log.warning if failed else _log.info
    write("mail", sent=reasons.count(""), failed=len(reasons) - reasons.count(""), reasons=failed[:3])

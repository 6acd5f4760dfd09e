"""What inviting somebody is, whoever asks for it: the invitation, the token that opens it, and the link to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from flask import url_for

from api.assessments import Offered
from api.context import services
from api.csrf import own_origin
from api.invitees import Invitee
from runner.packages.manifest import Manifest
from store.invited import NewInvitation
from store.records import IssuedToken, NewToken, Role

#: Days within which it may be begun, where nobody says another number.
USUAL_DAYS = 14
#: A link outlives the time that it opens, however late that was begun: to give more time, and to read the grade.
_AFTERWARDS = timedelta(days=3)


def invitation_to(found: Offered, known: Mapping[str, Manifest]) -> NewInvitation | None:
    """An invitation to the assessment as it is now; None where nobody can be invited to it at present."""
    if not found.is_open or found.assessment is None:
        return None
    areas = {each.slug: known[each.slug].area for each in found.assessment.challenges}
    return NewInvitation(found.source, found.assessment, areas, found.assessment.minutes_of(known))


def token_for(
    person: Invitee, invitation: NewInvitation, closes_at: datetime, opens_at: datetime | None = None
) -> NewToken:
    """The token that opens the invitation for this person, to be begun between these times."""
    own = replace(
        invitation, extra_minutes=person.extra_minutes, opens_at=opens_at, closes_at=closes_at, email=person.email
    )
    expires_at = closes_at + timedelta(minutes=invitation.minutes + person.extra_minutes) + _AFTERWARDS
    slugs = tuple(each.slug for each in invitation.assessment.challenges)
    return NewToken(person.name, Role.CANDIDATE, slugs, person.reference, expires_at, invitation=own)


def link_of(issued: IssuedToken) -> str:
    """The link that a candidate comes by."""
    return f"{own_origin(services().settings.public_url)}{url_for('pages_candidate.show_start')}#{issued.text}"

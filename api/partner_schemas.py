"""The JSON of the partner API, in the form that Greenhouse documents for assessment partners.

What a request has beside the named fields is left unread: that form says that fields may be added at any time.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints

from api.schemas import ID_PATTERN, Line, Model
from store.mail import MAX_ADDRESS

_Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
_Url = Annotated[str, StringConstraints(max_length=500, pattern=r"^https?://[!-~]+$")]


#: `expired`: it was not begun in time, or its link was ended before.
Stands = Literal["sent", "started", "complete", "expired"]


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PartnerTestItem(Model):
    """A test that may be sent: an assessment."""

    partner_test_id: str
    partner_test_name: str


class PartnerTestList(RootModel[list[PartnerTestItem]]):
    """All of them."""


class PartnerCandidate(_Sent):
    """Whom to send it to. A résumé and a telephone number are not read, and not kept."""

    first_name: _Name
    last_name: _Name = ""
    email: Annotated[str, StringConstraints(min_length=3, max_length=MAX_ADDRESS)]
    greenhouse_profile_url: _Url | None = Field(
        None, description="your page about the application; the same page and address is the same request"
    )


class SendTest(_Sent):
    """Send a candidate a test. `url`, where this form has an answer sent to, is not called: ask for the status."""

    partner_test_id: Annotated[str, StringConstraints(min_length=1, max_length=100)] = Field(
        description="of `list_tests`"
    )
    candidate: PartnerCandidate
    url: _Url | None = Field(None, description="not called")


class TestSent(Model):
    """`partner_interview_id`: of the test that was sent. `candidate_link`: where the candidate was sent no mail."""

    __test__ = False

    partner_interview_id: str
    candidate_link: str | None = None
    not_mailed: str | None = None


class StatusQuery(Model):
    """Which test."""

    partner_interview_id: Annotated[str, StringConstraints(min_length=1, max_length=100)] = Field(
        json_schema_extra={"pattern": ID_PATTERN}, description="of `send_test`"
    )


class PartnerStatus(Model):
    """How a test stands. `metadata`: words and figures to be shown beside it."""

    __test__ = False

    partner_status: Stands
    partner_profile_url: str
    partner_score: int | None
    metadata: dict[str, str | int | float | bool | None]


class ResponseError(_Sent):
    """What the other system could not read in an answer of this one."""

    api_call: Line
    errors: list[Annotated[str, StringConstraints(max_length=1000)]] = Field(max_length=50)
    partner_interview_id: Annotated[str, StringConstraints(max_length=100)] | Annotated[int, Field(ge=0)] | None = None


class Noted(Model):
    """It is written down."""

    status: Literal[200] = 200


def sent_json(model: TestSent) -> dict[str, Any]:
    """Only the id where the mail was sent: the form has this one key."""
    return model.model_dump(mode="json", exclude_none=True)

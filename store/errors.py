"""What the store raises: faults of the platform, and requests that can't be met."""

from __future__ import annotations

from runner.errors import MendboxError, PlatformFault


class StoreFault(PlatformFault):
    """The database, or what is in it, is not as it must be."""


class StoreUnavailable(StoreFault):
    """The database can't be reached, is locked for too long, or ended the connection. Worth another try."""


class SchemaMismatch(StoreFault):
    """The tables are of another version than this code."""


class ContentDamaged(StoreFault):
    """Stored content is not what its digest says."""


class IllegalTransition(StoreFault):
    """A grading was to go from one state to another that does not follow it."""


class BadStoreUrl(MendboxError):
    """The database URL is not one that the store can use."""


class BadCursor(MendboxError):
    """`after` is not a cursor that this listing gave out."""


class BadToken(MendboxError):
    """The description of a token to create contradicts itself."""


class BadUser(MendboxError):
    """The description of an account to make contradicts itself."""


class NotFound(MendboxError):
    """There is no such record."""

    def __init__(self, kind: str, id: str) -> None:  # noqa: A002 -- the field is called `id` everywhere
        super().__init__(f"there is no {kind} {id}")
        self.kind = kind
        self.id = id


class KeyUsed(MendboxError):
    """An idempotency key has made a submission already."""


class AllowanceUsed(MendboxError):
    """A submission would be one too many. `number`: which of the allowances it was held to, from 0."""

    def __init__(self, number: int) -> None:
        super().__init__("there were too many submissions for now", hint="try again later")
        self.number = number


class Conflict(MendboxError):
    """The record is in a state that does not allow this now."""


class DraftMoved(Conflict):
    """A file of a draft was saved since by somebody else. `revision`: the one that it has now."""

    def __init__(self, path: str, revision: int) -> None:
        super().__init__(f"{path} was saved in another window since", hint="look at it before you save over it")
        self.revision = revision

"""The store as one value, handed to whoever needs records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import TracebackType

from sqlalchemy import Engine

from store import schema
from store.assessments import Assessments
from store.audit import Audit
from store.backlog import Backlog
from store.claims import Claims
from store.codes import Codes
from store.comments import Comments
from store.comparison import Comparison
from store.drafts import Drafts
from store.engine import Database, make_engine, utc_now
from store.erasure import Erasure
from store.events import Events
from store.exchanges import Exchanges
from store.explanations import Explanations
from store.factors import Factors
from store.gradings import Gradings
from store.identities import Identities
from store.invitations import Invitations
from store.partner import PartnerTests
from store.passwords import PasswordRules, Passwords
from store.regrades import Regrades
from store.reviews import Reviews
from store.sessions import Sessions
from store.shares import Shares
from store.statistics import Statistics
from store.submissions import Submissions
from store.tokens import Tokens
from store.users import Users
from store.variants import Variants
from store.webhooks import Webhooks


class Store:
    """All records of one database, in groups. Threads may share one; close it, or use it in a `with` statement."""

    def __init__(self, database: Database, rules: PasswordRules = PasswordRules()) -> None:  # noqa: B008  frozen
        self._database = database
        self.tokens = Tokens(database)
        passwords = Passwords(rules)
        self.users = Users(database, passwords)
        self.codes = Codes(database, self.users, passwords)
        self.factors = Factors(database, self.users)
        self.identities = Identities(database, self.users)
        self.sessions = Sessions(database)
        self.submissions = Submissions(database)
        self.gradings = Gradings(database)
        self.regrades = Regrades(database)
        self.claims = Claims(database)
        self.backlog = Backlog(database)
        self.events = Events(database)
        self.exchanges = Exchanges(database)
        self.audit = Audit(database)
        self.comments = Comments(database)
        self.comparison = Comparison(database)
        self.variants = Variants(database)
        self.assessments = Assessments(database)
        self.invitations = Invitations(database)
        self.partner = PartnerTests(database, self.tokens)
        self.explanations = Explanations(database)
        self.reviews = Reviews(database)
        self.shares = Shares(database)
        self.drafts = Drafts(database)
        self.erasure = Erasure(database)
        self.statistics = Statistics(database)
        self.webhooks = Webhooks(database)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        rules: PasswordRules = PasswordRules(),  # noqa: B008  frozen
    ) -> Store:
        """A store on the database of this URL. Connects at first use; `check` says whether its tables fit.

        Raises BadStoreUrl, or StoreUnavailable when a SQLite file can't be made.
        """
        return cls(Database(make_engine(url), clock), rules)

    @property
    def engine(self) -> Engine:
        """For `store.schema`."""
        return self._database.engine

    def upgrade(self) -> None:
        """Bring the tables to this version: see `store.schema.upgrade`."""
        schema.upgrade(self.engine)

    def check(self) -> None:
        """Raise StoreFault unless the database answers and has this version's tables."""
        schema.check(self.engine)

    def close(self) -> None:
        """Close every idle connection."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

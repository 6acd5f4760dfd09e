"""The shop at work: orders, what goes wrong with them, what came of it outside and inside; requests that meet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from mendbox_harness import Shop

#: Whoever waits longer waits for what the database knows nothing of.
_WAIT_S = 4.0
#: By the lock manager's own tables: who was let go a moment ago doesn't wait any more.
_WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'app' AND cardinality(pg_blocking_pids(pid)) > 0
"""
_KEYS = {"jobs": "id", "orders": "id", "gates": "name"}


@dataclass
class Sale:
    """An order that a test placed."""

    id: int
    number: str
    email: str
    total: int
    lines: list[dict[str, Any]]
    cards: list[str] = field(default_factory=list)

    @property
    def card(self) -> str:
        return self.cards[-1]


class Trade:
    """What customers, workers and staff do; and the books of the provider, the mailer and the shop."""

    def __init__(self, client: Any, database: Any, clock: Any, shop: Shop, rng: Any) -> None:
        self.client = client
        self.database = database
        self._clock = clock
        self._shop = shop
        self._rng = rng
        self.now = clock.freeze(at=1_800_000_000.0 + 60 * rng.randrange(50_000))

    def later(self, seconds: float) -> None:
        """Move the app's clock."""
        self.now = self._clock.advance(seconds=seconds)

    def card(self) -> str:
        return f"tok_{self._rng.randrange(10**10):010}"

    def words(self) -> str:
        """What a bank, a server or a database says when something is wrong."""
        return f"out of order, code {self._rng.randrange(10**9)}"

    def order(self) -> Sale:
        """Place an order by a new customer with a card of its own."""
        lines = [
            {"sku": product["sku"], "quantity": self._rng.randrange(1, 5), "price_cents": product["price_cents"]}
            for product in self._rng.sample(self._shop.products, 2)
        ]
        card, email = self.card(), f"customer{self._rng.randrange(10**9)}@example.org"
        sent = [{"sku": line["sku"], "quantity": line["quantity"]} for line in lines]
        answer = self.client.post("/orders", json={"email": email, "card": card, "lines": sent})
        assert answer.status_code == 201
        number = answer.json["number"]
        found = self.database.value("SELECT id FROM orders WHERE number = %s", number)
        total = sum(line["quantity"] * line["price_cents"] for line in lines)
        return Sale(found, number, email, total, lines, [card])

    def ask(self, sale: Sale, what: str, client: Any = None, **body: Any) -> Any:
        """`POST /orders/<number>/<what>`."""
        return (client or self.client).post(f"/orders/{sale.number}/{what}", json=body or None)

    def pay(self, sale: Sale, card: str, client: Any = None) -> Any:
        if card not in sale.cards:
            sale.cards.append(card)
        return self.ask(sale, "pay", client, card=card)

    def run(self, client: Any = None) -> int:
        """One call of `run-jobs`."""
        answer = (client or self.client).post("/internal/run-jobs")
        assert answer.status_code == 200
        return answer.json["ran"]

    def finish(self) -> None:
        """Run what is due, and what that made due."""
        for _ in range(3):
            self.run()

    def retry(self, job: dict[str, Any]) -> Any:
        return self.client.post(f"/internal/jobs/{job['id']}/retry")

    # What goes wrong.

    def plan(self, target: str, *outcomes: str) -> list[str]:
        """Let the provider's next calls for a card or a charge end so; gives what it will say."""
        said = [self.words() for _ in outcomes]
        for outcome, words in zip(outcomes, said, strict=True):
            sql = "INSERT INTO provider_plan (target, outcome, said) VALUES (%s, %s, %s)"
            self.database.execute(sql, target, outcome, words)
        return said

    def plan_mail(self, sale: Sale, times: int) -> list[str]:
        """Let the next mails to the customer fail; gives what the mailer will say."""
        said = [self.words() for _ in range(times)]
        for words in said:
            self.database.execute("INSERT INTO mailer_plan (recipient, said) VALUES (%s, %s)", sale.email, words)
        return said

    def refuse_payments(self, sale: Sale, moment: str) -> str:
        """Let the database refuse the order's row in `payments`, when it comes or at the commit; gives its words."""
        words = self.words()
        self.database.execute(
            f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''{words}''; END'"
        )
        kind, when, timing = {
            "row": ("TRIGGER", "BEFORE", ""),
            "commit": ("CONSTRAINT TRIGGER", "AFTER", "DEFERRABLE INITIALLY DEFERRED"),
        }[moment]
        self.database.execute(
            f"CREATE {kind} refused {when} INSERT ON payments {timing} FOR EACH ROW"
            f" WHEN (NEW.order_id = {sale.id}) EXECUTE FUNCTION refuse()"
        )
        return words

    def accept_payments(self) -> None:
        self.database.execute("DROP TRIGGER refused ON payments")

    def leave_running(self, sale: Sale, *, seconds: int, attempts: int = 1) -> None:
        """The order's job as a worker left it that died so many seconds after it had begun."""
        self.database.execute(
            "UPDATE jobs SET state = 'running', attempts = %s, started_at = %s::timestamp WHERE order_id = %s",
            attempts,
            self.moment(self.now - seconds),
            sale.id,
        )

    @staticmethod
    def moment(seconds: float) -> str:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")

    # What came of it.

    def calls(self, target: str) -> int:
        """How many times the provider was called about a card or a charge."""
        return self.database.value("SELECT count(*) FROM provider_calls WHERE target = %s", target)

    def moved(self, kind: str, *targets: str) -> list[tuple[str, int]]:
        """What the provider really moved: ids and amounts."""
        sql = (
            "SELECT left(kind, 2) || '_' || id AS id, amount FROM provider_moves"
            " WHERE kind = %s AND target = %s AND NOT declined ORDER BY provider_moves.id"
        )
        rows = [row for target in targets for row in self.database.execute(sql, kind, target)]
        return [(row["id"], row["amount"]) for row in rows]

    def shown(self, sale: Sale) -> dict[str, Any]:
        return self.client.get(f"/orders/{sale.number}").json

    def state(self, sale: Sale) -> tuple[str, str | None]:
        """The order's status and problem."""
        shown = self.shown(sale)
        return shown["status"], shown["problem"]

    def jobs(self, sale: Sale, kind: str | None = None) -> list[dict[str, Any]]:
        """The order's jobs as staff see them."""
        jobs = self.client.get("/internal/jobs").json["jobs"]
        return [job for job in jobs if job["order"] == sale.number and kind in (None, job["kind"])]

    def charge_job(self, sale: Sale) -> dict[str, Any]:
        return self.jobs(sale, "charge_order")[-1]

    def books(self, sale: Sale) -> dict[str, Any]:
        """All that is known of an order, inside and outside."""
        shown = self.shown(sale)
        rows = self.database.execute("SELECT charge, amount_cents FROM payments WHERE order_id = %s", sale.id)
        return {
            "state": (shown["status"], shown["problem"]),
            "shown": shown["payment"],
            "rows": [(row["charge"], row["amount_cents"]) for row in rows],
            "taken": self.moved("charge", *sale.cards),
            "mails": self.database.value("SELECT count(*) FROM mailer_sent WHERE recipient = %s", sale.email),
        }

    def paid(self, sale: Sale, **changes: Any) -> dict[str, Any]:
        """The books of an order that was charged once, and confirmed."""
        taken = self.moved("charge", *sale.cards)[:1]
        charge = taken[0][0] if taken else "no charge at all"
        return {
            "state": ("paid", None),
            "shown": {"charge": charge, "amount_cents": sale.total},
            "rows": [(charge, sale.total)],
            "taken": [(charge, sale.total)],
            "mails": 1,
        } | changes

    def unpaid(self, status: str, problem: str | None) -> dict[str, Any]:
        """The books of an order that was not charged."""
        return {"state": (status, problem), "shown": None, "rows": [], "taken": [], "mails": 0}


@pytest.fixture
def shop(seed: int) -> Shop:
    """The shop that the harness stored for this grading."""
    return Shop(seed)


@pytest.fixture
def trade(client: Any, database: Any, clock: Any, shop: Shop, rng: Any) -> Trade:
    return Trade(client, database, clock, shop, rng)


@pytest.fixture
def workers(app: Any, trade: Trade) -> tuple[Any, Any]:
    """Clients of the two machines."""
    return trade.client, app.instance().client()


class Meeting:
    """Requests that meet: what they wait for is held, they are sent one by one until each waits or is done.

    `gate` holds the provider for one card, or the mailer for one recipient: who calls it waits.
    """

    def __init__(self, database: Any) -> None:
        self._database = database
        self._threads = ThreadPoolExecutor(8)
        self._sent: list[Future[Any]] = []
        self._held: list[Any] = []
        self._elsewhere = 0

    def gate(self, name: str) -> None:
        self._database.execute("INSERT INTO gates (name) VALUES (%s) ON CONFLICT DO NOTHING", name)
        self.hold("gates", name)

    def hold(self, table: str, key: Any, *, to_the_last: bool = False) -> None:
        """Hold a row; what was held first is let go last. One `to_the_last` is not, if a request holds it already."""
        session = self._database.session()
        lock = "FOR NO KEY UPDATE SKIP LOCKED" if to_the_last else "FOR NO KEY UPDATE"
        session.execute(f"SELECT 1 FROM {table} WHERE {_KEYS[table]} = %s {lock}", key)
        self._held.insert(0 if to_the_last else len(self._held), session)

    def send(self, call: Callable[[], Any]) -> Future[Any]:
        """Begin a request; comes back when it waits for what is held, or is done."""
        sent = self._threads.submit(call)
        self._sent.append(sent)
        self._settle()
        return sent

    def answers(self) -> list[Any]:
        """Let go what is held, one by one, each once all wait; gives what came of the requests, as sent."""
        while self._held:
            self._held.pop().rollback()
            self._settle()
        sent, self._sent, self._elsewhere = self._sent, [], 0
        return [request.result() for request in sent]

    def _settle(self) -> None:
        deadline = time.monotonic() + _WAIT_S
        while time.monotonic() < deadline:
            done = sum(sent.done() for sent in self._sent)
            waiting = self._database.value(_WAITING)
            if done + waiting + self._elsewhere >= len(self._sent):
                return
            time.sleep(0.005)
        self._elsewhere = len(self._sent) - done - waiting

    def end(self) -> None:
        while self._held:
            self._held.pop().rollback()
        self._threads.shutdown()


@pytest.fixture
def meeting(database: Any) -> Iterator[Meeting]:
    arranged = Meeting(database)
    yield arranged
    arranged.end()


def told(answer: Any) -> tuple[int, str | None]:
    """Status and error code of an answer; None where it is no error."""
    body = answer.json if answer.is_json else {}
    return answer.status_code, body.get("error", {}).get("code")


@pytest.fixture(name="told")
def _told() -> Callable[[Any], tuple[int, str | None]]:
    return told

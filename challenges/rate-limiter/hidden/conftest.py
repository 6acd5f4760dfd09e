from collections import Counter

import pytest

KEYS = {
    "alder": "alder-main-5d1c",
    "alder, new key": "alder-next-77b0",
    "alder, revoked key": "alder-old-0e42",
    "birch": "birch-main-a94f",
    "cedar": "cedar-main-c3e8",
    "dogwood": "dogwood-main-12aa",
}
RECIPIENTS = ("Ilse", "Jonas", "Katya", "Luis", "Mei", "Noor", "Otto", "Petra")


class Caller:
    """One caller of the API: who it is, where it calls from, which process answers."""

    def __init__(self, process, *, key=None, address="192.0.2.10", headers=None):
        self.client = process.client()
        self.address = address
        self.headers = dict(headers or {})
        if key is not None:
            self.headers["X-Api-Key"] = key

    def _send(self, method, path, **options):
        headers = self.headers | options.pop("headers", {})
        return self.client.open(
            path,
            method=method,
            headers=headers,
            environ_overrides={"REMOTE_ADDR": self.address},
            **options,
        )

    def get(self, path, **options):
        return self._send("GET", path, **options)

    def post(self, path, **options):
        return self._send("POST", path, **options)

    def book(self, recipient="Ilse", postcode="20095"):
        return self.post("/api/v1/parcels", json={"recipient": recipient, "postcode": postcode})

    def parcels(self):
        return self.get("/api/v1/parcels")

    def show(self, number):
        return self.get(f"/api/v1/parcels/{number}")

    def track(self, number):
        return self.get(f"/track/{number}")

    def quota(self):
        answer = self.get("/api/v1/quota")
        assert answer.status_code == 200
        return answer.json


@pytest.fixture(autouse=True)
def _full_minute(clock, rng):
    """The app's clock stands still at a full minute; tests move it."""
    clock.freeze(at=1_800_000_000.0 + 60 * rng.randrange(50_000))


@pytest.fixture
def account(app):
    """`account("alder")` is a caller with that account's key."""

    def make(name, *, process=app, **options):
        return Caller(process, key=KEYS[name], **options)

    return make


@pytest.fixture
def visitor(app):
    """`visitor("192.0.2.7")` is a caller without a key."""

    def make(address="192.0.2.10", *, process=app, **options):
        return Caller(process, address=address, **options)

    return make


@pytest.fixture
def recipient(rng):
    return f"{rng.choice(RECIPIENTS)} {rng.randrange(1000, 9999)}"


@pytest.fixture
def addresses(rng):
    """`addresses(12)` gives so many addresses, no two alike."""

    def draw(count):
        numbers = rng.sample(range(1 << 16), count)
        return [f"198.{18 + n % 2}.{n >> 8}.{n & 255}" for n in numbers]

    return draw


@pytest.fixture
def together(app, concurrently):
    """`together([f, g, …])` runs calls, of one request each, that the app's processes begin at the same moment."""

    def run(calls):
        app.call("mendbox_harness:expect", len(calls))
        return concurrently(calls)

    return run


@pytest.fixture
def let_through():
    """Of some answers, how many were let through (by the status expected) and refused; nothing else may occur."""

    def split(answers, status=200):
        counts = Counter(answer.status_code for answer in answers)
        assert set(counts) <= {status, 429}
        return counts[status]

    return split

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from mendbox_harness import Site

RECIPIENTS = ("Ilse", "Jonas", "Katya", "Luis", "Mei", "Noor", "Otto", "Petra")


class Caller:
    """One caller of the API: who it is, where it calls from, which process answers, how much it may ask for."""

    def __init__(self, process, site, account=None, *, key=None, address, headers=None):
        self.client = process.client()
        self.address = address
        self.headers = dict(headers or {})
        self.account = account
        if account is None:
            self.limits = {"public": site.limits["public"]["address"]}
        else:
            self.limits = {group: site.limits[group][account.plan] for group in ("lookup", "booking")}
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

    def used(self, group, used):
        """What the quota says of a group of which so much is used."""
        return {"limit": self.limits[group], "used": used, "remaining": self.limits[group] - used}

    def lists_its_own(self, answer):
        """Whether an answer lists the parcels that the site has stored for this account."""
        listed = [(parcel["number"], parcel["recipient"]) for parcel in answer.json["parcels"]]
        return listed == sorted((parcel.number, parcel.recipient) for parcel in self.account.parcels)


@pytest.fixture(autouse=True)
def _full_minute(clock, rng):
    """The app's clock stands still at a full minute; tests move it."""
    clock.freeze(at=1_800_000_000.0 + 60 * rng.randrange(50_000))


@pytest.fixture
def site(seed):
    """What the harness stored for this grading."""
    return Site(seed)


@pytest.fixture
def address(rng):
    """Where callers call from unless a test says otherwise."""
    return f"203.0.113.{rng.randrange(1, 255)}"


@pytest.fixture
def account(app, site, address):
    """`account("alder")` is a caller with that account's key; `key` 1 is its second one."""

    def make(name, *, process=app, key=0, address=address):
        own = getattr(site, name)
        return Caller(process, site, own, key=own.keys[key], address=address)

    return make


@pytest.fixture
def visitor(app, site, address):
    """`visitor("192.0.2.7")` is a caller without a key."""

    def make(address=address, *, process=app, headers=None):
        return Caller(process, site, address=address, headers=headers)

    return make


@pytest.fixture
def parcel(site, rng):
    """One of alder's parcels."""
    return rng.choice(site.alder.parcels)


@pytest.fixture
def tracked(parcel):
    """What the public page says of that parcel."""
    place = parcel.scans[-1][0] if parcel.scans else None
    return {"number": parcel.number, "status": parcel.status, "last_place": place}


@pytest.fixture
def unknown(rng):
    """`unknown(2)` gives so many numbers that no parcel has."""
    return lambda count: [f"PX{number}" for number in rng.sample(range(10**9, 10**10), count)]


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
def together(app, redis_server):
    """`together([f, g, …])` runs calls, of one request each: none writes to the Redis before all are about to.

    Whoever reads there first and writes then has read what was there before any of them.
    """

    def run(calls):
        app.call("mendbox_harness:expect", len(calls))
        with ThreadPoolExecutor(len(calls)) as threads:
            with redis_server.writes_held():
                answers = [threads.submit(call) for call in calls]
                redis_server.until_waiting(len(calls), within_s=1.0)
            return [answer.result() for answer in answers]

    return run


@pytest.fixture
def let_through():
    """Of some answers, how many were let through (by the status expected) and refused; nothing else may occur."""

    def split(answers, status=200):
        counts = Counter(answer.status_code for answer in answers)
        assert set(counts) <= {status, 429}
        return counts[status]

    return split

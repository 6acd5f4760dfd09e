"""All attacks on the API, for the tests and for the table of what was tried."""

from __future__ import annotations

from tests.adversarial.api import bodies, callers, sessions
from tests.adversarial.api.arena import Attack

ATTACKS: list[Attack] = [*callers.ATTACKS, *bodies.ATTACKS, *sessions.ATTACKS]

#: The same without what only a test can use: name, tries, threat, precedent, stopped_by. Two more are tried on a
#: server of its own, in `test_slow_clients.py`.
SLOW = [
    {
        "name": "slow-head",
        "tries": "hold a thread by a request whose head never ends",
        "threat": bodies.FLOOD,
        "precedent": "Slowloris, 2009; CVE-2007-6750",
        "stopped_by": "api.gunicorn_worker.ReadDeadlines",
    },
    {
        "name": "slow-body",
        "tries": "hold a thread by a body that never comes",
        "threat": bodies.FLOOD,
        "precedent": "R-U-Dead-Yet, 2010",
        "stopped_by": "api.gunicorn_worker.ReadDeadlines",
    },
]
TABLE: list[dict[str, str]] = [
    {
        "name": attack.name,
        "tries": attack.tries,
        "threat": attack.threat,
        "precedent": attack.precedent,
        "stopped_by": attack.stopped_by,
    }
    for attack in ATTACKS
] + SLOW

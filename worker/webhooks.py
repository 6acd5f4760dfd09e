"""Tells others what happens: a process that looks through the audit trail and delivers what is new.

    python -m worker.webhooks [--watch-stdin]

Beside the slots, so that a target that is slow or away keeps nothing from being graded; a process of its own, so that
what speaks to the outside is not what holds the container engine, and neither may connect where the other does. The
supervisor starts it where MENDBOX_WEBHOOK_URL is set; `mendbox webhooks` is the same alone, as for Compose. Any
number may run at once. What one does not end, as when it is killed, is tried by another: delivered at least once.
"""

from __future__ import annotations

import argparse
import logging
import os
import select
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from runner.errors import MendboxError
from store.engine import utc_now
from store.outbound import Outbound, database_places, hold_to, webhook_places
from store.secret_files import SettingsInvalid
from store.settings import Settings
from store.store import Store
from store.webhook_rules import DeliveryState, key_of
from worker import logs
from worker.housekeeper import Chore, Housekeeper
from worker.signals import SignalInbox
from worker.webhook_sending import Target

_log = logging.getLogger(__name__)
#: How often it is looked for what is new.
EVERY_S = 2.0
#: How often what was told long ago is forgotten.
FORGET_S = 3600.0


def target_of(settings: Settings) -> Target:
    """The target that the settings name. Raises SettingsInvalid without one, or without a secret to sign with."""
    if not settings.webhook_url:
        raise SettingsInvalid("MENDBOX_WEBHOOK_URL is not set", hint="set it to where webhooks are to be sent")
    if not settings.webhook_secret:
        raise SettingsInvalid(
            "MENDBOX_WEBHOOK_URL needs MENDBOX_WEBHOOK_SECRET, which signs what is sent there",
            hint="make one: docs/webhooks.md says how",
        )
    secrets = [secret for secret in (settings.webhook_secret, settings.webhook_secret_before) if secret]
    return Target(settings.webhook_url, tuple(map(key_of, secrets)))


def tell(store: Store, target: Target, now: Callable[[], datetime] = utc_now) -> int:
    """Deliver what is new and what is due; how many were tried. Raises PlatformFault."""
    while store.webhooks.collect():
        pass
    tried = 0
    for id in store.webhooks.due():  # noqa: A001 -- the field is called `id` everywhere
        attempt = store.webhooks.take(id)
        if attempt is None:
            continue
        tried += 1
        follows = store.webhooks.record(attempt, target.send(attempt, now()))
        if follows is None or follows.state is DeliveryState.DELIVERED:
            continue
        last = follows.state is DeliveryState.GIVEN_UP
        level = logging.ERROR if last else logging.WARNING
        _log.log(level, "webhook %s, attempt %d%s: %s", id, attempt.number, ", given up" if last else "", follows.fault)
    return tried


def run(settings: Settings, *, watch_stdin: bool) -> None:
    """Deliver until SIGTERM, SIGINT or, with `watch_stdin`, the end of the parent. Raises SettingsInvalid."""
    target = target_of(settings)
    inbox = SignalInbox(signal.SIGTERM, signal.SIGINT)
    with Store.open(settings.effective_database_url) as store, inbox:
        chores = [
            Chore("webhooks", EVERY_S, lambda: tell(store, target)),
            Chore("forget webhooks", FORGET_S, store.webhooks.forget_old),
        ]
        parent = [sys.stdin.fileno()] if watch_stdin else []
        with Housekeeper(chores):
            _log.info("webhooks are delivered")
            select.select([inbox.fileno(), *parent], [], [])
        _log.info("webhooks have stopped")


def webhooks_places(settings: Settings, environ: Mapping[str, str]) -> Outbound:
    """Where the process may connect to: the database and the target."""
    database = database_places(settings.effective_database_url, environ.get("PGHOST", ""))
    return Outbound([*database, *webhook_places(settings.webhook_url)])


def main(argv: Sequence[str] | None = None) -> int:
    """The process' entry point; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m worker.webhooks", description="Tell others what happens.")
    parser.add_argument("--watch-stdin", action="store_true", help="stop when standard input closes")
    options = parser.parse_args(argv)
    try:
        settings = Settings.from_env(os.environ)
        logs.configure(settings.log_level, "webhooks")
        hold_to(webhooks_places(settings, os.environ))
        run(settings, watch_stdin=options.watch_stdin)
    except MendboxError as error:
        _log.error("%s%s", error, f" ({error.hint})" if error.hint else "")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())

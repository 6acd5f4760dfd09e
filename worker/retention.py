"""Deletes all that is kept of candidates whose link ended long ago, where whoever runs the platform says how long."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from store.errors import Conflict, NotFound, StoreFault
from store.records import SYSTEM
from store.store import Store

_log = logging.getLogger(__name__)
#: How often it is looked for whom to erase, in seconds.
EVERY_S = 3600.0


def erase_old(store: Store, days: int, now: datetime) -> int:
    """Erase those whose link ended more than `days` days ago; how many. 0 days: nobody. Raises PlatformFault.

    Any number of supervisors may do this at once: whom another has erased is not there any more.
    """
    if not days:
        return 0
    erased = 0
    for token_id in store.erasure.due(now - timedelta(days=days)):
        try:
            store.erasure.erase(token_id, f"their link ended more than {days} days ago", actor=SYSTEM)
            erased += 1
        except (NotFound, Conflict):
            continue
        except StoreFault as fault:
            # One that can't be erased keeps nobody else from it.
            _log.warning("candidate %s is not erased: %s", token_id, fault)
    if erased:
        _log.info("%d candidates erased whose links ended more than %d days ago", erased, days)
    return erased

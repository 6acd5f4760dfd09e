"""How PID 1 of the app container begins."""

from __future__ import annotations

import gc
import importlib
import os
from collections.abc import Sequence
from typing import NoReturn

from runner.inside import processes
from runner.inside.app_host import AppHost
from runner.inside.channel import Channel, ChannelClosed
from runner.inside.clocks import Clocks
from runner.inside.services import CLIENTS
from runner.inside.sharing import share_for_good
from runner.inside.statements import StatementLog


def run(services: Sequence[str] = ()) -> NoReturn:
    """Import what candidates' apps import, with what speaks to those services, say ready, serve."""
    import encodings.idna  # noqa: F401  werkzeug's routing asks for it at the first request

    from runner.inside.warmup import warm_up

    warm_up()
    for service in services:
        for module in CLIENTS[service]:
            importlib.import_module(module)
    share_for_good()
    processes.hide_from_siblings()
    clocks, log = Clocks(), StatementLog()
    clocks.install()
    log.install()
    read_fd, write_fd = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    host = Channel(read_fd, write_fd, most_bytes=64 * 1024 * 1024)
    gc.freeze()
    gc.enable()
    try:
        AppHost(host, clocks, log).serve()
    except ChannelClosed:
        pass
    os._exit(0)
